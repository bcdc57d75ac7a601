// Whether a transport can still be used: what ended it, and what later calls are told.
import { TransportError } from "../errors.ts";

/** How a transport has ended, if it has. */
export class TransportState {
  /** What made the transport unusable. */
  failure: TransportError | undefined;
  /** Whether `destroy()` was called. */
  destroyed = false;

  /** Whether nothing has ended the transport. */
  get isUsable(): boolean {
    return this.failure === undefined && !this.destroyed;
  }

  /** What a `push` that can do nothing returns; undefined while the transport is usable. */
  refusal(): TransportError | undefined {
    return this.destroyed
      ? new TransportError("destroyed", "the transport is destroyed")
      : this.failure;
  }

  /** @throws TransportError `destroyed`, `failed` */
  assertUsable(): void {
    const refusal = this.refusal();
    if (refusal === undefined) return;
    if (this.destroyed) throw refusal;
    throw new TransportError("failed", `the transport failed before: ${refusal.message}`, {
      cause: refusal,
    });
  }

  /** Ends the transport, with `cause` if that is an error of transports. */
  fail(cause: unknown): TransportError {
    this.failure =
      cause instanceof TransportError
        ? cause
        : new TransportError("crypto", "a crypto backend threw", { cause });
    return this.failure;
  }
}
