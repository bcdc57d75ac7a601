// Byte streams that are wrong in one thing each, and the test of the suite that must find it.
import { type ByteStreamHandler, NetError } from "@satwire/net";
import { WrappedStream } from "../support/wrapped-stream.ts";

type BrokenStream = typeof WrappedStream;

class Reordering extends WrappedStream {
  #held: Uint8Array | undefined;

  override write(bytes: Uint8Array): boolean {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined && bytes.length > 1) {
      this.#held = bytes.slice(1);
      return super.write(bytes.slice(0, 1));
    }
    const hasRoom = super.write(bytes);
    return held === undefined ? hasRoom : super.write(held);
  }
}

class LosingTheEnd extends WrappedStream {
  override onEnd(): void {}
}

class CallingInsideWrite extends WrappedStream {
  override write(bytes: Uint8Array): boolean {
    const hasRoom = super.write(bytes);
    if (!hasRoom) this.onDrain();
    return hasRoom;
  }
}

class ClosingTwice extends WrappedStream {
  override onClose(error?: NetError): void {
    super.onClose(error);
    super.onClose(error);
  }
}

class DroppingDrains extends WrappedStream {
  override onDrain(): void {}
}

class DrainingTooOften extends WrappedStream {
  override onDrain(): void {
    super.onDrain();
    super.onDrain();
  }
}

class IgnoringPause extends WrappedStream {
  override pause(): void {}
}

class UnpausingAtStart extends WrappedStream {
  override start(handler: ByteStreamHandler): void {
    super.start(handler);
    this.resume();
  }
}

class WithoutBackpressure extends WrappedStream {
  override write(bytes: Uint8Array): boolean {
    super.write(bytes);
    return true;
  }
}

class EndingBothSides extends WrappedStream {
  override onEnd(): void {
    super.onEnd();
    this.end();
  }
}

class HidingResets extends WrappedStream {
  override onClose(error?: NetError): void {
    super.onClose(error?.code === "reset" ? undefined : error);
  }
}

class ReadingEagerly extends WrappedStream {
  constructor(...[inner]: ConstructorParameters<BrokenStream>) {
    super(inner);
    inner.start(this);
  }

  override start(handler: ByteStreamHandler): void {
    this.handler = handler;
  }
}

class ForgettingAtEnd extends WrappedStream {
  #isFull = false;

  override write(bytes: Uint8Array): boolean {
    if (!this.#isFull) this.#isFull = !super.write(bytes);
    return !this.#isFull;
  }

  override onDrain(): void {
    this.#isFull = false;
    super.onDrain();
  }
}

class SwallowingErrors extends WrappedStream {
  override onData(chunk: Uint8Array): void {
    try {
      super.onData(chunk);
    } catch {}
  }
}

class WritableAfterEnd extends WrappedStream {
  override write(bytes: Uint8Array): boolean {
    try {
      return super.write(bytes);
    } catch {
      return false;
    }
  }
}

class SharingItsArrays extends WrappedStream {
  static #last: Uint8Array | undefined;

  override write(bytes: Uint8Array): boolean {
    if (bytes.length > 0) SharingItsArrays.#last = bytes;
    return super.write(bytes);
  }

  override onData(chunk: Uint8Array): void {
    const shared = SharingItsArrays.#last;
    super.onData(shared?.length === chunk.length ? shared : chunk);
  }
}

class HandingOutEmptyChunks extends WrappedStream {
  override onData(chunk: Uint8Array): void {
    super.onData(new Uint8Array(0));
    super.onData(chunk);
  }
}

class DestroyingLater extends WrappedStream {
  override destroy(error?: Error): void {
    queueMicrotask(() => queueMicrotask(() => super.destroy(error)));
  }
}

class LosingTheReason extends WrappedStream {
  override destroy(): void {
    super.destroy();
  }
}

class WrappingItsReason extends WrappedStream {
  override destroy(error?: Error): void {
    super.destroy(error && new NetError("closed", "destroyed", { cause: error }));
  }
}

class TakingTwoConsumers extends WrappedStream {
  override start(handler: ByteStreamHandler): void {
    if (this.handler === undefined) super.start(handler);
  }
}

/** The stream, what is wrong with it, and a test that must fail. */
export const brokenStreams: readonly (readonly [
  stream: BrokenStream,
  what: string,
  test: string,
])[] = [
  [Reordering, "reorders", "delivers megabytes in order"],
  [HandingOutEmptyChunks, "hands out empty chunks", "and no empty ones"],
  [SharingItsArrays, "shares what it was given", "that the consumer may change"],
  [ReadingEagerly, "reads before start", "loses nothing that came before"],
  [LosingTheEnd, "loses the end", "remembers an end that came before the first stream"],
  [TakingTwoConsumers, "takes two consumers", "refuses a second consumer"],
  [CallingInsideWrite, "calls back inside write", "never calls the consumer inside a call"],
  [WithoutBackpressure, "never says that it is full", "holds the writer while the reader is slow"],
  [DroppingDrains, "drops drains", "calls onDrain once"],
  [DrainingTooOften, "tells of drains twice", "calls onDrain once"],
  [DroppingDrains, "drops drains", "remembers a drain that happened before start"],
  [IgnoringPause, "ignores pause", "delivers no chunk between pause and resume"],
  [UnpausingAtStart, "resumes at start", "stays paused over start"],
  [EndingBothSides, "ends both sides", "lets the other side go on writing after the first"],
  [ForgettingAtEnd, "drops what it has no room for", "sends all that is queued before the end"],
  [LosingTheEnd, "loses the end", "closes in order when both sides end at once"],
  [HidingResets, "hides resets", "resets the other side"],
  [HidingResets, "hides resets", "does not wait for what is queued"],
  [ClosingTwice, "closes twice", "closes right after end"],
  [LosingTheReason, "loses the reason", "passes its error on"],
  [WrappingItsReason, "wraps every reason", "passes a NetError on as it is"],
  [DestroyingLater, "destroys later", "delivers nothing but onClose afterwards"],
  [DestroyingLater, "destroys later", "delivers nothing that had been read before"],
  [HidingResets, "hides resets", "is remembered for a side that starts later"],
  [WritableAfterEnd, "takes writes after the end", "throws a NetError for writes after end"],
  [WritableAfterEnd, "takes writes after the end", "throws for a write inside onClose"],
  [SwallowingErrors, "swallows errors", "what data threw"],
];
