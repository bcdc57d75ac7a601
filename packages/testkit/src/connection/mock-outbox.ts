// Messages that a mock was given to send: at once while there are tokens, in order when there are again.
import type { Gate } from "./gate.ts";
import type { ConnectionError, ConnectionWaitOptions } from "./peer-connection.ts";
import type { MakeError } from "./mock-pings.ts";

interface Waiting<T> {
  readonly message: T;
  readonly sent: () => void;
  readonly refused: (error: ConnectionError) => void;
}

/** What a {@link MockOutbox} works with. */
export interface MockOutboxOptions<T> {
  /** Calls of `send` that may wait. */
  readonly capacity: number;
  readonly gate: Gate | undefined;
  readonly write: (message: T) => void;
  readonly makeError: MakeError;
}

/** Takes the place of a socket that may be full. */
export class MockOutbox<T> {
  readonly #options: MockOutboxOptions<T>;
  readonly #waiting = new Set<Waiting<T>>();
  /** Pongs that wait: they go first. */
  readonly #replies: T[] = [];
  readonly #listening: Disposable | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: MockOutboxOptions<T>) {
    this.#options = options;
    this.#listening = options.gate?.onRelease(() => this.#drained());
  }

  /** Resolves when the message was handed on. @throws ConnectionError `send_queue_full`, `aborted` */
  send(message: T, { signal }: ConnectionWaitOptions): Promise<void> {
    const { capacity, write, makeError } = this.#options;
    return new Promise((resolve, reject) => {
      const onAbort = (): void =>
        waiting.refused(makeError("aborted", "sending was aborted", signal?.reason));
      const forget = (): void => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiting: Waiting<T> = {
        message,
        sent: () => (forget(), resolve()),
        refused: (error) => (forget(), reject(error)),
      };
      if (signal?.aborted === true) {
        onAbort();
      } else if (this.#waiting.size === 0 && this.#hasRoom()) {
        write(message);
        resolve();
      } else if (this.#waiting.size >= capacity) {
        reject(makeError("send_queue_full", `${capacity} messages wait to be sent already`));
      } else {
        signal?.addEventListener("abort", onAbort, { once: true });
        this.#waiting.add(waiting);
      }
    });
  }

  /** Sends a pong ahead of those who wait; the 65th that waits is dropped. */
  reply(message: T): void {
    if (this.#hasRoom()) this.#options.write(message);
    else if (this.#replies.length < 64) this.#replies.push(message);
  }

  /** Calls `then` once nobody waits any more. */
  finish(then: () => void): void {
    if (this.#waiting.size === 0) then();
    else this.#onEmpty = then;
  }

  /** Refuses all who wait. */
  close(error: ConnectionError): void {
    this.#onEmpty = undefined;
    this.#replies.length = 0;
    this.#listening?.[Symbol.dispose]();
    for (const waiting of this.#waiting) waiting.refused(error);
  }

  #hasRoom(): boolean {
    return this.#options.gate?.tryTake() ?? true;
  }

  #drained(): void {
    while (this.#replies.length > 0 && this.#hasRoom()) {
      this.#options.write(this.#replies.shift() as T);
    }
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom()) break;
      this.#options.write(waiting.message);
      waiting.sent();
    }
    if (this.#waiting.size > 0) return;
    const then = this.#onEmpty;
    this.#onEmpty = undefined;
    then?.();
  }
}
