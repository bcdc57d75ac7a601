// Frames on their way to the socket: in order, with room for answers that must not wait behind bulk.
import { PeerError } from "./errors.ts";
import type { WaitOptions } from "./p2p-connection.ts";

/** Answers kept while the socket is full; a peer that pings and does not read gets no more of them. */
const replyCapacity = 64;

interface Waiting {
  readonly frame: Uint8Array;
  readonly sent: () => void;
  readonly refused: (error: PeerError) => void;
}

/** What an {@link Outbox} needs. */
export interface OutboxOptions {
  /** Calls of `send` that may wait. */
  readonly capacity: number;
  /** Hands a frame on; false if that was the last one for which there is room. */
  readonly write: (frame: Uint8Array) => boolean;
}

/** Sends at once while there is room, keeps the order of those who wait otherwise. */
export class Outbox {
  readonly #capacity: number;
  readonly #write: (frame: Uint8Array) => boolean;
  readonly #waiting = new Set<Waiting>();
  readonly #replies: Uint8Array[] = [];
  #hasRoom = true;
  #onEmpty: (() => void) | undefined;

  constructor({ capacity, write }: OutboxOptions) {
    this.#capacity = capacity;
    this.#write = write;
  }

  /**
   * Resolves when the frame was handed on.
   *
   * @throws PeerError `send_queue_full`, `aborted`, and what `close` is given
   */
  send(frame: Uint8Array, { signal }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(aborted(signal));
      } else if (this.#hasRoom) {
        this.#hasRoom = this.#write(frame);
        resolve();
      } else if (this.#waiting.size >= this.#capacity) {
        const text = `${this.#capacity} messages wait to be sent already`;
        reject(new PeerError("send_queue_full", text, { phase: "connected" }));
      } else {
        const forget = (): void => {
          this.#waiting.delete(waiting);
          signal?.removeEventListener("abort", onAbort);
        };
        const waiting: Waiting = {
          frame,
          sent: () => (forget(), resolve()),
          refused: (error) => (forget(), reject(error)),
        };
        const onAbort = (): void => {
          if (signal !== undefined) waiting.refused(aborted(signal));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        this.#waiting.add(waiting);
      }
    });
  }

  /** Sends an answer ahead of those who wait; drops it if too many answers wait already. */
  reply(frame: Uint8Array): void {
    if (this.#hasRoom) this.#hasRoom = this.#write(frame);
    else if (this.#replies.length < replyCapacity) this.#replies.push(frame);
  }

  /** There is room again. */
  drained(): void {
    this.#hasRoom = true;
    while (this.#hasRoom) {
      const reply = this.#replies.shift();
      if (reply === undefined) break;
      this.#hasRoom = this.#write(reply);
    }
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom) break;
      this.#hasRoom = this.#write(waiting.frame);
      waiting.sent();
    }
    if (this.#waiting.size === 0) this.#onEmpty?.();
  }

  /** Calls `then` when nobody waits any more: at once, or after what waits was handed on. */
  finish(then: () => void): void {
    this.#onEmpty = then;
    if (this.#waiting.size === 0) then();
  }

  /** Refuses all who wait. */
  close(error: PeerError): void {
    this.#onEmpty = undefined;
    this.#replies.length = 0;
    for (const waiting of this.#waiting) waiting.refused(error);
  }
}

function aborted(signal: AbortSignal): PeerError {
  return new PeerError("aborted", "sending was aborted", {
    phase: "connected",
    cause: signal.reason,
  });
}
