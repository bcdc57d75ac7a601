/** Why a queue refused. */
export type QueueErrorCode = "closed" | "invalid_capacity";

/** Thrown by queues. */
export class QueueError extends Error {
  override readonly name = "QueueError";
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, text: string) {
    super(text);
    this.code = code;
  }
}
