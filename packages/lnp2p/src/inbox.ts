// Received messages on their way to the user.
import { BoundedQueue } from "@satwire/actor";
import { PeerError } from "./errors.ts";

/** What an {@link Inbox} needs. */
export interface InboxOptions {
  /** Messages that may wait before the connection should stop reading. */
  readonly capacity: number;
  /** Called when a full inbox has been read down to half. */
  readonly onSpace: () => void;
}

/** Holds messages for one reader at a time; what came before the end comes out before the end. */
export class Inbox<T> {
  readonly #queue: BoundedQueue<T>;
  /** Messages that had arrived, but not fitted the queue, when the connection ended. */
  #leftover: T[] = [];
  #failure: PeerError | undefined;
  #isReading = false;

  constructor(options: InboxOptions) {
    this.#queue = new BoundedQueue(options);
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  /** Adds a message; the connection pauses before the inbox is more than full. */
  push(message: T): void {
    if (!this.#queue.push(message)) throw new RangeError("the inbox is full");
  }

  /** Nothing more will come: the reader gets what waits, then `leftover`, then the end or `failure`. */
  close(leftover: T[], failure: PeerError | undefined): void {
    this.#leftover = leftover;
    this.#failure = failure;
    this.#queue.close();
  }

  /** @throws PeerError `already_receiving` while another loop reads */
  read(): AsyncIterableIterator<T, undefined> {
    if (this.#isReading) {
      throw new PeerError("already_receiving", "another loop is reading the messages");
    }
    this.#isReading = true;
    let left = false;
    const queued = this.#queue[Symbol.asyncIterator]();
    const leave = async (): Promise<IteratorResult<T, undefined>> => {
      if (!left) this.#isReading = false;
      left = true;
      await queued.return?.();
      return { done: true, value: undefined };
    };
    return {
      next: async () => {
        const result = await queued.next();
        if (result.done !== true) return result;
        if (!left) {
          const [value] = this.#leftover.splice(0, 1);
          if (value !== undefined) return { done: false, value };
          if (this.#failure !== undefined) {
            await leave();
            throw this.#failure;
          }
        }
        return leave();
      },
      return: leave,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
