// What a mock has received, for one reader at a time: lnp2p's inbox over again.
import { BoundedQueue } from "@satwire/actor";

/** What a {@link MockInbox} works with. */
export interface MockInboxOptions {
  readonly capacity: number;
  /** Called when a full inbox has been read down to half. */
  readonly onSpace: () => void;
  /** The error of a second reader. */
  readonly alreadyReceiving: () => Error;
}

/** Holds messages; what came before the end comes out before the end. */
export class MockInbox<T> {
  readonly #queue: BoundedQueue<T>;
  readonly #alreadyReceiving: () => Error;
  #failure: Error | undefined;
  #isReading = false;

  constructor({ capacity, onSpace, alreadyReceiving }: MockInboxOptions) {
    this.#queue = new BoundedQueue({ capacity, onSpace });
    this.#alreadyReceiving = alreadyReceiving;
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  /** Adds a message; the caller has seen that there is room. */
  push(message: T): void {
    this.#queue.push(message);
  }

  /** Nothing more comes: the reader gets what waits, then the end or `failure`. */
  close(failure: Error | undefined): void {
    this.#failure = failure;
    this.#queue.close();
  }

  /** @throws what `alreadyReceiving` makes, while another loop reads */
  read(): AsyncIterableIterator<T, undefined> {
    if (this.#isReading) throw this.#alreadyReceiving();
    this.#isReading = true;
    let hasLeft = false;
    const queued = this.#queue[Symbol.asyncIterator]();
    const leave = async (): Promise<IteratorResult<T, undefined>> => {
      if (!hasLeft) this.#isReading = false;
      hasLeft = true;
      await queued.return?.();
      return { done: true, value: undefined };
    };
    return {
      next: async () => {
        const result = await queued.next();
        if (result.done !== true) return result;
        const failure = hasLeft ? undefined : this.#failure;
        const end = await leave();
        if (failure !== undefined) throw failure;
        return end;
      },
      return: leave,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
