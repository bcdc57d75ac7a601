// From actors to loops: a ref whose messages are taken out by hand. The address of a test, too.
import { abortedBy, ignore, rejected } from "./rejections.ts";
import { BoundedQueue } from "./bounded-queue.ts";
import type { WaitOptions } from "./deferred.ts";
import { ActorError } from "./errors.ts";
import type { AnyMessage } from "./message.ts";
import { atLeast } from "./option-checks.ts";
import type { TellOptions, TellRef } from "./ref.ts";

/** Options of a {@link QueueRef}. */
export interface QueueRefOptions {
  /** Its name in errors; not empty. */
  readonly id: string;
  /** How many messages may wait to be taken, at least 1. */
  readonly capacity: number;
  /** How many senders may wait for room; the next one is refused with `mailbox_full`. @default 1000 */
  readonly waitingLimit?: number | undefined;
}

/**
 * A ref that keeps what it is told until someone takes it. It belongs to no system: a `tell` that fails and that
 * nobody awaits leaves no event. Several loops share the messages, each goes to one of them.
 *
 * @example
 * ```ts
 * const blocks = new QueueRef<BlockConnected>({ id: "blocks", capacity: 100 });
 * void chain.tell({ type: "subscribe", subscriber: blocks });
 * for await (const { hash } of blocks) await rescan(hash);
 * ```
 */
export class QueueRef<M extends AnyMessage> implements TellRef<M>, AsyncIterable<M, undefined> {
  readonly id: string;
  readonly #queue: BoundedQueue<M>;
  readonly #waitingLimit: number;

  /** @throws ActorError `empty_actor_id`, `invalid_option` */
  constructor({ id, capacity, waitingLimit = 1000 }: QueueRefOptions) {
    if (id === "") throw new ActorError("empty_actor_id", "the id of a queue ref is empty");
    this.id = id;
    this.#queue = new BoundedQueue({ capacity: atLeast(1, capacity, "queueRef.capacity") });
    this.#waitingLimit = atLeast(0, waitingLimit, "queueRef.waitingLimit");
  }

  /** Messages that wait to be taken, without those whose senders wait. */
  get size(): number {
    return this.#queue.size;
  }

  get isClosed(): boolean {
    return this.#queue.isClosed;
  }

  /**
   * Resolves once there is room for the message; those that wait keep their order. Need not be awaited.
   *
   * @throws ActorError `actor_terminated` if it is or becomes closed, `aborted`, `mailbox_full`
   */
  tell(message: M, { signal }: TellOptions = {}): Promise<void> {
    if (this.#queue.isClosed) return rejected(this.#closed(message));
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    if (this.#queue.push(message)) return Promise.resolve();
    if (this.#queue.pushersWaiting >= this.#waitingLimit) {
      const text = `"${this.id}" is full, and ${this.#waitingLimit} senders wait for room`;
      const details = { actorId: this.id, messageType: message.type };
      return rejected(new ActorError("mailbox_full", text, details));
    }
    const accepted = this.#queue.pushAsync(message, { signal }).catch((error: unknown) => {
      const isAbort = signal?.aborted === true && error === signal.reason;
      throw isAbort ? abortedBy(signal) : this.#closed(message);
    });
    accepted.catch(ignore);
    return accepted;
  }

  /** False if it is full or closed. */
  tryTell(message: M): boolean {
    return this.#queue.push(message);
  }

  /**
   * The next message, once there is one. A wait that was given up swallows none; with a signal that is aborted
   * already, none is taken. Need not be awaited.
   *
   * @throws ActorError `actor_terminated` once it is closed and empty, `aborted`
   */
  take({ signal }: WaitOptions = {}): Promise<M> {
    if (signal?.aborted === true) return rejected(abortedBy(signal));
    // No shortcut for a message that is there: it would overtake one on its way to a take that waited.
    const taken = this.#next(signal);
    taken.catch(ignore);
    return taken;
  }

  async #next(signal: AbortSignal | undefined): Promise<M> {
    // An iterator's own wait can be given up: a message that has been handed over by then still comes.
    const messages = this.#queue[Symbol.asyncIterator]();
    let gaveUp = false;
    const onAbort = (): void => {
      gaveUp = true;
      void messages.return?.();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    const result = await messages.next();
    signal?.removeEventListener("abort", onAbort);
    if (result.done !== true) return result.value;
    throw gaveUp ? abortedBy(signal) : this.#closed(undefined);
  }

  /** Takes out all that waits, what senders wait to add included, oldest first. */
  drain(): M[] {
    return this.#queue.drain();
  }

  /** Refuses whatever comes from now on, and the senders that wait. What is in can still be taken. Idempotent. */
  close(): void {
    this.#queue.close();
  }

  /** Messages until it is closed and empty. Leaving the loop closes nothing. */
  [Symbol.asyncIterator](): AsyncIterator<M, undefined> {
    return this.#queue[Symbol.asyncIterator]();
  }

  #closed(message: M | undefined): ActorError {
    const details = { actorId: this.id, messageType: message?.type };
    return new ActorError("actor_terminated", `"${this.id}" is closed`, details);
  }
}
