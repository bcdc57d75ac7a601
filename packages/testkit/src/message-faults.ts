// Faults by kind of message: which messages of a connection go wrong, and how. Decisions only, no IO; the lane in
// `message-fault-lane.ts` carries them out. The vocabulary is that of Core Lightning's `dev_disconnect`.

/** Which way a message goes, seen from the object that has the faults. */
export type MessageDirection = "sent" | "received";

/**
 * What happens to a message.
 *
 * - `closeBefore`: the connection ends instead of sending it, or instead of handling it.
 * - `closeAfter`: it is sent or handled, then the connection ends.
 * - `drop`: it vanishes.
 * - `blackhole`: it vanishes and so does everything after it in this direction, until the fault is taken back.
 * - `delayMs`: it comes that many milliseconds later. Order is kept, as in TCP: what follows waits behind it.
 * - `duplicate`: that many copies follow it.
 * - `replace`: something else goes in its place; bytes are a whole message, well-formed or not.
 */
export type MessageFaultAction<M> =
  | "closeBefore"
  | "closeAfter"
  | "drop"
  | "blackhole"
  | { readonly delayMs: number }
  | { readonly duplicate: number }
  | { readonly replace: M | Uint8Array | ((message: M) => M | Uint8Array) };

/** One thing that goes wrong. */
export interface MessageFault<M extends { readonly type: string }> {
  /** The type of the messages that it is about, or which ones. */
  readonly on: M["type"] | ((message: M) => boolean);
  /** @default "sent" */
  readonly direction?: MessageDirection | undefined;
  readonly do: MessageFaultAction<M>;
  /**
   * Such messages that pass untouched before the first one that does not.
   * @default 0
   */
  readonly skip?: number | undefined;
  /**
   * How often it happens.
   * @default Infinity
   */
  readonly times?: number | undefined;
}

/** What is to be done about one message: wait, then close or not, then send or handle, then close or not. */
export interface MessageVerdict<M> {
  /** What goes on in the place of the message, in order: nothing if it is lost. */
  readonly messages: readonly (M | Uint8Array)[];
  /** Milliseconds that it, and all that follows, is held; 0 for none. */
  readonly delayMs: number;
  /** Whether the connection ends, and when. */
  readonly close: "before" | "after" | undefined;
}

/** A fault in its place. Disposing it takes it back: a blackhole that it began is over then. */
export interface PlacedMessageFault<M extends { readonly type: string }> extends Disposable {
  readonly fault: MessageFault<M>;
  /** How often it has happened. */
  readonly hits: number;
}

/** Options of {@link MessageFaults}. */
export interface MessageFaultsOptions<M extends { readonly type: string }> {
  /**
   * Faults that are asked about a message when none of these happens to it: those of a node, for a connection.
   * @default none
   */
  readonly parent?: MessageFaults<M> | undefined;
}

/** Copies that one fault may make of a message. */
const maxCopies = 1000;

/**
 * The faults of a connection, or those that all connections of a node share.
 *
 * Each fault counts the messages that it is about, also those that another one happens to. When several are due, the
 * one that was added first happens, and the others do not.
 *
 * @example
 * ```ts
 * const faults = new MessageFaults<LightningMessage>([{ on: "pong", do: "drop", skip: 2, times: 1 }]);
 * faults.decide("sent", pong).messages; // [pong], [pong], [], [pong], …
 * ```
 */
export class MessageFaults<M extends { readonly type: string }> {
  readonly #placed = new Set<Placed<M>>();
  readonly #parent: MessageFaults<M> | undefined;
  /** What swallows everything, by connection. */
  readonly #holes = new WeakMap<object, Map<MessageDirection, Set<Placed<M>>>>();

  /** @throws RangeError as {@link MessageFaults.add} */
  constructor(faults: readonly MessageFault<M>[] = [], { parent }: MessageFaultsOptions<M> = {}) {
    this.#parent = parent;
    for (const fault of faults) this.add(fault);
  }

  /** Whether there is nothing that could happen, the parent's faults included. */
  get isEmpty(): boolean {
    return this.#placed.size === 0 && (this.#parent?.isEmpty ?? true);
  }

  /** Each fault that is in place, in the order of adding, and how often it has happened. Without the parent's. */
  get hits(): ReadonlyMap<MessageFault<M>, number> {
    const hits = new Map<MessageFault<M>, number>();
    for (const { fault, hits: count } of this.#placed) {
      hits.set(fault, (hits.get(fault) ?? 0) + count);
    }
    return hits;
  }

  /**
   * Puts a fault behind those that are there. An object that is added twice is two faults.
   *
   * @throws RangeError for a fault that could never be meant: no such action, a count that is none
   */
  add(fault: MessageFault<M>): PlacedMessageFault<M> {
    checkFault(fault);
    const placed = new Placed(fault, () => this.#placed.delete(placed));
    this.#placed.add(placed);
    return placed;
  }

  /**
   * What happens to a message. Counts it, so ask once for each, in the order of the messages.
   *
   * @param connection whose message it is, if several connections share these faults: a blackhole swallows what
   *   belongs to one of them
   * @throws what a function of a fault throws
   */
  decide(direction: MessageDirection, message: M, connection: object = this): MessageVerdict<M> {
    if (this.#isInHole(direction, connection)) return lost;
    let due: Placed<M> | undefined;
    for (const placed of this.#placed) {
      if (placed.count(direction, message)) due ??= placed;
    }
    if (due === undefined) {
      return this.#parent?.decide(direction, message, connection) ?? untouched(message);
    }
    due.hits++;
    if (due.fault.do === "blackhole") this.#openHole(direction, connection, due);
    return verdictOf(due.fault.do, message);
  }

  #isInHole(direction: MessageDirection, connection: object): boolean {
    const holes = this.#holes.get(connection)?.get(direction);
    if (holes === undefined) return false;
    for (const hole of holes) if (hole.isRemoved) holes.delete(hole);
    return holes.size > 0;
  }

  #openHole(direction: MessageDirection, connection: object, hole: Placed<M>): void {
    const holes = this.#holes.get(connection) ?? new Map<MessageDirection, Set<Placed<M>>>();
    this.#holes.set(connection, holes);
    holes.set(direction, (holes.get(direction) ?? new Set()).add(hole));
  }
}

class Placed<M extends { readonly type: string }> implements PlacedMessageFault<M> {
  readonly fault: MessageFault<M>;
  hits = 0;
  isRemoved = false;
  #seen = 0;
  readonly #remove: () => void;

  constructor(fault: MessageFault<M>, remove: () => void) {
    this.fault = fault;
    this.#remove = remove;
  }

  /** Counts the message if the fault is about it, and says whether the fault is due. */
  count(direction: MessageDirection, message: M): boolean {
    const { on, direction: its = "sent", skip = 0, times = Infinity } = this.fault;
    if (direction !== its) return false;
    if (!(typeof on === "function" ? on(message) : on === message.type)) return false;
    this.#seen++;
    return this.#seen > skip && this.hits < times;
  }

  [Symbol.dispose](): void {
    this.isRemoved = true;
    this.#remove();
  }
}

const lost: MessageVerdict<never> = { messages: [], delayMs: 0, close: undefined };

function untouched<M>(message: M): MessageVerdict<M> {
  return { messages: [message], delayMs: 0, close: undefined };
}

function verdictOf<M>(action: MessageFaultAction<M>, message: M): MessageVerdict<M> {
  if (action === "drop" || action === "blackhole") return lost;
  if (action === "closeBefore") return { ...lost, close: "before" };
  if (action === "closeAfter") return { ...untouched(message), close: "after" };
  if ("delayMs" in action) return { ...untouched(message), delayMs: action.delayMs };
  if ("duplicate" in action) {
    const messages = Array.from({ length: action.duplicate + 1 }, () => message);
    return { ...lost, messages };
  }
  const { replace } = action;
  // No message is a function, so one that is given makes the replacement.
  const replacement =
    typeof replace === "function"
      ? (replace as (message: M) => M | Uint8Array)(message)
      : (replace as M | Uint8Array);
  return { ...lost, messages: [replacement] };
}

function checkFault<M extends { readonly type: string }>(fault: MessageFault<M>): void {
  const { on, direction = "sent", skip = 0, times = Infinity, do: action } = fault;
  // Typed as always right, but those who write JavaScript find a typo here.
  if (typeof on !== "function" && (typeof on !== "string" || on === "")) {
    throw new RangeError(`a fault on ${String(on)} is about no message`);
  }
  if (direction !== "sent" && direction !== "received") {
    throw new RangeError(`the direction is ${String(direction)}, expected sent or received`);
  }
  if (!Number.isInteger(skip) || skip < 0) {
    throw new RangeError(`skip is ${skip}, expected a whole number from 0 on`);
  }
  if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
    throw new RangeError(`times is ${times}, expected a whole number from 1 on`);
  }
  checkAction(action);
}

function checkAction<M>(action: MessageFaultAction<M>): void {
  if (typeof action === "object" && action !== null) {
    if ("delayMs" in action) {
      if (Number.isFinite(action.delayMs) && action.delayMs >= 0) return;
      throw new RangeError(`delayMs is ${action.delayMs}, expected a time from 0 on`);
    }
    if ("duplicate" in action) {
      const { duplicate } = action;
      if (Number.isInteger(duplicate) && duplicate >= 1 && duplicate <= maxCopies) return;
      throw new RangeError(`duplicate is ${duplicate}, expected 1 to ${maxCopies}`);
    }
    if ("replace" in action && action.replace !== undefined) return;
  } else if (["closeBefore", "closeAfter", "drop", "blackhole"].includes(action)) return;
  throw new RangeError(`${JSON.stringify(action)} is nothing that a fault can do`);
}
