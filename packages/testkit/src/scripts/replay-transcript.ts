// Playing one side of a transcript, and checking that the other side says what it has said then.
import { type Clock, sleep, systemClock } from "@satwire/actor";
import { equalBytes, toHex } from "@satwire/lnwire";
import { AssertionError } from "../assertion-error.ts";
import type { WaitOptions } from "../conditions.ts";
import type { PlainMessage } from "../connection/raw-connection.ts";
import type { Transcript, TranscriptEntry } from "./transcript.ts";

/** What a replay needs of a connection: the raw connections have it. */
export interface ReplayConnection {
  sendPlain(message: PlainMessage): unknown;
  /** The oldest message that nobody has taken, undefined if the connection has ended instead. */
  nextPlain(options?: WaitOptions): Promise<PlainMessage | undefined>;
}

/** What `replayTranscript` can be told. `timeoutMs` is for each message that is waited for. */
export interface ReplayOptions extends WaitOptions {
  readonly connection: ReplayConnection;
  /**
   * Who is played: the side that recorded, or the one that it talked to.
   * @default "recorder"
   */
  readonly side?: "recorder" | "peer" | undefined;
  /**
   * - `asap`: each message is sent as soon as all that comes before it in the transcript has come.
   * - `strict`: it is sent no sooner after the start than then, besides.
   *
   * @default "asap"
   */
  readonly timing?: "asap" | "strict" | undefined;
  /**
   * Types that are not waited for, and passed over when they come.
   * @default none
   */
  readonly ignore?: readonly string[] | undefined;
  /**
   * Whether what came is what is in the transcript.
   * @default the same type and the same bytes
   */
  readonly compare?: ((actual: PlainMessage, expected: PlainMessage) => boolean) | undefined;
  /**
   * What time is measured with.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
}

/** What a replay did. */
export interface Replayed {
  readonly sent: number;
  readonly received: number;
}

/** Entries that the text of a failure shows, before and behind the one that it is about. */
const shownBefore = 4;
const shownBehind = 2;

/**
 * Plays one side of a transcript. It checks what the other side says in the order of the transcript; what that says
 * behind the last entry is left in the connection.
 *
 * @throws AssertionError with the entry, what came instead and what is around it; the signal's reason; RangeError for a
 * `timeoutMs` that is negative or no number
 * @example
 * ```ts
 * const transcript = loadTranscript(await readFile("conversation.ndjson", "utf8"));
 * await replayTranscript(transcript, { connection: raw, ignore: ["ping", "pong"] });
 * ```
 */
export async function replayTranscript(
  { entries }: Transcript,
  {
    connection,
    side = "recorder",
    timing = "asap",
    ignore = [],
    compare = isSame,
    clock = systemClock,
    signal,
    timeoutMs = 5000,
  }: ReplayOptions,
): Promise<Replayed> {
  if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`);
  const ours = side === "recorder" ? "sent" : "received";
  const start = clock.now();
  const counts = { sent: 0, received: 0 };
  for (const [index, entry] of entries.entries()) {
    signal?.throwIfAborted();
    if (entry.dir === ours) {
      const leftMs = start + entry.t - clock.now();
      if (timing === "strict" && leftMs > 0) await sleep(clock, leftMs, { signal });
      await connection.sendPlain(entry);
      counts.sent++;
    } else if (!ignore.includes(entry.type)) {
      const since = clock.now();
      const fail = (text: string, actual?: PlainMessage, cause?: unknown): AssertionError =>
        failure(entries, index, text, actual, cause);
      let came: PlainMessage | undefined;
      do {
        const leftMs = Math.max(0, timeoutMs - (clock.now() - since));
        try {
          came = await connection.nextPlain({ signal, timeoutMs: leftMs });
        } catch (error) {
          if (!(error instanceof AssertionError)) throw error;
          throw fail(`nothing came in ${timeoutMs} ms`, undefined, error);
        }
      } while (came !== undefined && ignore.includes(came.type));
      if (came === undefined) throw fail("the connection ended instead");
      if (!compare(came, entry)) throw fail(`${shown(came)} came instead`, came);
      counts.received++;
    }
  }
  return counts;
}

function isSame(actual: PlainMessage, expected: PlainMessage): boolean {
  return actual.type === expected.type && equalBytes(actual.bytes, expected.bytes);
}

function failure(
  entries: readonly TranscriptEntry[],
  index: number,
  text: string,
  actual: PlainMessage | undefined,
  cause: unknown,
): AssertionError {
  const from = Math.max(0, index - shownBefore);
  const around = entries
    .slice(from, index + shownBehind + 1)
    .map(
      (entry, i) =>
        `${from + i === index ? ">" : " "} ${from + i + 1}. ${entry.dir} ${shown(entry)}`,
    );
  const expected = entries[index] as TranscriptEntry;
  return new AssertionError(`${text}\n\ntranscript:\n${around.join("\n")}`, {
    actual: actual && { type: actual.type, hex: toHex(actual.bytes) },
    expected: { type: expected.type, hex: toHex(expected.bytes) },
    operator: "transcript",
    ...(cause === undefined ? {} : { cause }),
  });
}

function shown({ type, bytes }: PlainMessage): string {
  const hex = toHex(bytes.subarray(0, 32));
  return `${type} of ${bytes.length} bytes${hex === "" ? "" : ` ${hex}`}${bytes.length > 32 ? "…" : ""}`;
}
