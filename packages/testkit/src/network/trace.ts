// What happened in a network, in order: the last events, and a hash of all of them.
import { TraceHash } from "./trace-hash.ts";

/** What happened; `send` to `held` are about one packet, the others about hosts. */
export type TraceKind =
  /** A packet left its host for the first time. */
  | "send"
  /** A packet left its host again. */
  | "resend"
  /** A packet came to its host. */
  | "arrive"
  /** A packet is gone: a partition, a rule, bad luck, or a host that is down. */
  | "lose"
  /** A packet waits where a hold or a clog stopped it. */
  | "held"
  /** A sender has given up; `from` is where it was. */
  | "give-up"
  | "listen"
  | "unlisten"
  | "partition"
  | "heal"
  | "hold"
  | "release"
  | "clog"
  | "unclog"
  | "crash"
  | "restart"
  /** A text of the test's own. */
  | "note";

/** Something that happened in a network. */
export interface TraceEvent {
  /** Position among all events, from 0. */
  readonly index: number;
  /** Milliseconds since the network was made. */
  readonly atMs: number;
  readonly kind: TraceKind;
  /** Name of a host, names with commas between them, or nothing. */
  readonly from: string;
  /** As `from`. */
  readonly to: string;
  /** Number of the connection, from 1; 0 for what is about none. */
  readonly connection: number;
  /** What the packet is, such as "data", the text of a note, or the port of a listener. */
  readonly what: string;
  /** How many bytes the packet carries. */
  readonly bytes: number;
  /** Hash of those bytes; empty if there are none. */
  readonly hash: string;
}

/** A line that says what an event was. */
export function formatTraceEvent(event: TraceEvent): string {
  const { index, atMs, kind, from, to, connection, what, bytes, hash } = event;
  const hosts = to === "" ? from : `${from} > ${to}`;
  const size = bytes === 0 ? "" : `${bytes} bytes ${hash}`.trimEnd();
  const number = connection === 0 ? "" : `connection ${connection}`;
  const parts = [`#${index} at ${atMs} ms:`, kind, what, hosts, number, size];
  return parts.filter((part) => part !== "").join(" ");
}

/** What the recorder of a {@link Trace} does not fill in itself. */
export type NewTraceEvent = Pick<TraceEvent, "atMs" | "kind"> &
  Partial<Omit<TraceEvent, "index" | "atMs" | "kind">>;

/** Keeps the last events and hashes all of them. */
export class Trace {
  readonly #most: number;
  readonly #hash: TraceHash = new TraceHash();
  readonly #onEvent: ((event: TraceEvent) => void) | undefined;
  /** A ring: the event with index i is at i modulo its length. */
  readonly #events: TraceEvent[] = [];
  #count = 0;

  constructor(most: number, onEvent?: (event: TraceEvent) => void) {
    this.#most = most;
    this.#onEvent = onEvent;
  }

  add(given: NewTraceEvent): void {
    const {
      atMs,
      kind,
      from = "",
      to = "",
      connection = 0,
      what = "",
      bytes = 0,
      hash = "",
    } = given;
    const index = this.#count++;
    const event = { index, atMs, kind, from, to, connection, what, bytes, hash };
    if (this.#most > 0) this.#events[index % this.#most] = event;
    this.#hash.number(atMs).text(`${kind} ${from} ${to} ${what} ${hash}`);
    this.#hash.number(connection).number(bytes);
    this.#onEvent?.(event);
  }

  /** The last ones, oldest first. */
  get events(): TraceEvent[] {
    const start = this.#count % Math.max(this.#events.length, 1);
    return [...this.#events.slice(start), ...this.#events.slice(0, start)];
  }

  get count(): number {
    return this.#count;
  }

  get digest(): string {
    return this.#hash.digest;
  }
}
