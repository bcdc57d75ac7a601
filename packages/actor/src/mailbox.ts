// Where messages wait for their actor: a ring with a limit, and the senders that wait for room in it.
import type { Letter, PendingAsk } from "./ask.ts";
import { ActorError } from "./errors.ts";
import { atLeast } from "./option-checks.ts";
import { Ring } from "./ring.ts";

/**
 * What happens to a message that comes when the mailbox is full:
 * - `wait`: `tell` and `ask` wait for room, `tryTell` is false.
 * - `reject`: all are refused with `mailbox_full`.
 * - `dropNewest`: it is dropped; its sender gets `message_dropped`.
 * - `dropOldest`: the one that has waited longest is dropped for it; an asker of that one gets `message_dropped`.
 */
export type Overflow = "wait" | "reject" | "dropNewest" | "dropOldest";

/** Options of a mailbox. */
export interface MailboxOptions {
  /** How many messages may wait, at least 1. @default 100 */
  readonly capacity?: number | undefined;
  /** @default wait */
  readonly overflow?: Overflow | undefined;
  /** How many senders may wait for room under `wait`; the next one is refused. @default 1000 */
  readonly waitingLimit?: number | undefined;
  /**
   * Asked for each message, with the number of those that wait: true drops it, before the mailbox is full. See
   * `randomEarlyDrop`.
   */
  readonly dropWhen?: ((waiting: number) => boolean) | undefined;
}

/** A sender that waits for room; for an ask, the letter is the wait. */
export interface Waiting {
  readonly letter: Letter;
  readonly wait: PendingAsk;
}

/** Whom a mailbox tells what it did later than at the offer. */
export interface MailboxOwner {
  /** There was room for a sender that had waited. */
  admitted(waiting: Waiting): void;
  /** A newer letter took the place of this one. */
  evicted(letter: Letter): void;
}

/** What became of an offer. */
export type Offer = "accepted" | "full" | "dropped";

const overflows: readonly unknown[] = ["wait", "reject", "dropNewest", "dropOldest"];

/** Mailbox options with their defaults. */
export interface MailboxSettings {
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly waitingLimit: number;
  readonly dropWhen: ((waiting: number) => boolean) | undefined;
}

/** @throws ActorError `invalid_option` */
export function mailboxSettings({
  capacity = 100,
  overflow = "wait",
  waitingLimit = 1000,
  dropWhen,
}: MailboxOptions): MailboxSettings {
  if (!overflows.includes(overflow)) {
    const text = `mailbox.overflow is ${overflow}, not ${overflows.join(" | ")}`;
    throw new ActorError("invalid_option", text);
  }
  atLeast(1, capacity, "mailbox.capacity");
  atLeast(0, waitingLimit, "mailbox.waitingLimit");
  return { capacity, overflow, waitingLimit, dropWhen };
}

/** The messages of one actor, in order. Knows nothing of turns. */
export class Mailbox {
  readonly #settings: MailboxSettings;
  readonly #owner: MailboxOwner;
  readonly #letters = new Ring<Letter>();
  #waiting: Set<Waiting> | undefined;

  constructor(settings: MailboxSettings, owner: MailboxOwner) {
    this.#settings = settings;
    this.#owner = owner;
  }

  /** Messages that wait, without those whose senders wait. */
  get size(): number {
    return this.#letters.size;
  }

  /** May a sender wait for room? */
  get admitsWaiting(): boolean {
    const { overflow, waitingLimit } = this.#settings;
    return overflow === "wait" && (this.#waiting?.size ?? 0) < waitingLimit;
  }

  /** @throws what `dropWhen` throws */
  offer(letter: Letter): Offer {
    const { capacity, dropWhen, overflow } = this.#settings;
    const letters = this.#letters;
    if (dropWhen !== undefined && dropWhen(letters.size)) return "dropped";
    if (letters.size < capacity) {
      letters.push(letter);
      return "accepted";
    }
    if (overflow === "dropNewest") return "dropped";
    if (overflow !== "dropOldest") return "full";
    const oldest = letters.shift();
    letters.push(letter); // first, as who hears of the loss may send something
    if (oldest !== undefined) this.#owner.evicted(oldest);
    return "accepted";
  }

  wait(letter: Letter, wait: PendingAsk): void {
    const waiting = { letter, wait };
    const all = (this.#waiting ??= new Set());
    all.add(waiting);
    wait.leave = () => void all.delete(waiting);
  }

  /** Takes the oldest letter out, which makes room for a sender that waits. */
  take(): Letter | undefined {
    const letter = this.#letters.shift();
    if (letter !== undefined && this.#waiting !== undefined) this.#admit(this.#waiting);
    return letter;
  }

  /** Takes out the senders that wait, longest first. */
  drainWaiting(): Waiting[] {
    const waiting = [...(this.#waiting ?? [])];
    this.#waiting = undefined;
    return waiting;
  }

  #admit(waiting: Set<Waiting>): void {
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    this.#letters.push(first.letter);
    this.#owner.admitted(first);
  }
}
