/**
 * Transcripts: what was said on a connection, as lines of text.
 *
 * They hold the messages as they are, without encryption, and never keys of the transport. Messages may say what is
 * secret all the same: record connections of tests, with keys of tests.
 */
import { fromHex, toHex } from "@satwire/lnwire";
import { FormatError } from "./format-error.ts";

/** One message of a transcript. */
export interface TranscriptEntry {
  /** Milliseconds since the recording began. */
  readonly t: number;
  /** As the side saw it that recorded. */
  readonly dir: "sent" | "received";
  /** The name of the message, or its command; `unknown` for a Lightning message that has none. */
  readonly type: string;
  /** Of Lightning the whole message, of Bitcoin its payload; of a stream the bytes. */
  readonly bytes: Uint8Array;
}

/** What was said on a connection, in order. */
export interface Transcript {
  readonly entries: readonly TranscriptEntry[];
}

/** Limits of a transcript that is read. */
export interface LoadTranscriptOptions {
  /**
   * Characters of the whole text.
   * @default 268_435_456
   */
  readonly maxLength?: number | undefined;
}

const fieldNames = ["t", "dir", "type", "hex"] as const;

/** One line of JSON for each message: `{"t":12,"dir":"sent","type":"init","hex":"0010…"}`. */
export function saveTranscript({ entries }: Transcript): string {
  return entries
    .map(({ t, dir, type, bytes }) => `${JSON.stringify({ t, dir, type, hex: toHex(bytes) })}\n`)
    .join("");
}

/**
 * Reads what `saveTranscript` wrote. Empty lines are passed over; anything else has to be as it was written.
 *
 * @throws FormatError with the number of the line
 */
export function loadTranscript(
  text: string,
  { maxLength = 268_435_456 }: LoadTranscriptOptions = {},
): Transcript {
  if (text.length > maxLength) {
    throw new FormatError("too_long", `a transcript of ${text.length} characters`);
  }
  const entries: TranscriptEntry[] = [];
  let last = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const entry = entryOf(line, index + 1);
    if (entry.t < last) {
      const problem = `t of ${entry.t} is before the line above`;
      throw new FormatError("invalid_field", problem, { line: index + 1 });
    }
    last = entry.t;
    entries.push(entry);
  }
  return { entries };
}

function entryOf(text: string, line: number): TranscriptEntry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("invalid_json", "no JSON", { line, cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new FormatError("invalid_json", "no object", { line });
  }
  const fields = json as Partial<Record<string, unknown>>;
  const wrong = (problem: string, cause?: unknown): FormatError =>
    new FormatError("invalid_field", problem, { line, cause });
  const surplus = Object.keys(fields).find((key) => !fieldNames.some((name) => name === key));
  if (surplus !== undefined) throw wrong(`a field ${JSON.stringify(surplus)}`);
  const { t, dir, type, hex } = fields;
  if (typeof t !== "number" || !Number.isFinite(t) || t < 0) throw wrong("t is no time");
  if (dir !== "sent" && dir !== "received") throw wrong("dir is neither sent nor received");
  if (typeof type !== "string" || type === "") throw wrong("type is no name");
  if (typeof hex !== "string") throw wrong("hex is no text");
  try {
    return { t, dir, type, bytes: fromHex(hex) };
  } catch (cause) {
    throw wrong("hex is not in hex", cause);
  }
}
