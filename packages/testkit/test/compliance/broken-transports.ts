// Transports of Bitcoin that are wrong in one thing each, and the test of the suite that must find it.
import {
  type BitcoinMessage,
  type BitcoinTransport,
  EncodeError,
  type KnownMessage,
  type TransportError,
  type TransportResult,
} from "@satwire/btcwire";

type Result = TransportResult<KnownMessage>;

/** A transport around another one that changes nothing. */
export class WrappedTransport implements BitcoinTransport<KnownMessage> {
  protected readonly inner: BitcoinTransport<KnownMessage>;

  constructor(inner: BitcoinTransport<KnownMessage>) {
    this.inner = inner;
  }

  get protocol(): "detecting" | "v1" | "v2" {
    return this.inner.protocol;
  }

  get established(): boolean {
    return this.inner.established;
  }

  get sessionId(): Uint8Array | undefined {
    return this.inner.sessionId;
  }

  get failure(): TransportError | undefined {
    return this.inner.failure;
  }

  get shouldRetryV1(): boolean {
    return this.inner.shouldRetryV1;
  }

  get bytesBuffered(): number {
    return this.inner.bytesBuffered;
  }

  open(): Uint8Array | undefined {
    return this.inner.open();
  }

  push(chunk: Uint8Array): Result {
    return this.inner.push(chunk);
  }

  encode(message: BitcoinMessage): Uint8Array {
    return this.inner.encode(message);
  }

  end(): TransportError | undefined {
    return this.inner.end();
  }

  destroy(): void {
    this.inner.destroy();
  }
}

class ReadyTwice extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    const [ready] = result.events;
    if (ready?.type !== "ready") return result;
    return { ...result, events: [ready, ...result.events] };
  }
}

class AnotherSession extends WrappedTransport {
  static #count = 0;

  override get sessionId(): Uint8Array {
    return new Uint8Array(32).fill(AnotherSession.#count++);
  }
}

class ReadingWholeChunks extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    return chunk.length === 1 ? { events: [] } : this.inner.push(chunk);
  }
}

class EncodingTooEarly extends WrappedTransport {
  override encode(message: BitcoinMessage): Uint8Array {
    return this.inner.established ? this.inner.encode(message) : new Uint8Array(0);
  }
}

class OpeningAnew extends WrappedTransport {
  #isSecond = false;

  override open(): Uint8Array | undefined {
    const opening = this.inner.open();
    if (this.#isSecond) return opening?.map((byte) => byte ^ 1) ?? new Uint8Array(1);
    this.#isSecond = true;
    return opening;
  }
}

class Throwing extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    if (result.failure !== undefined) throw result.failure;
    return result;
  }
}

class Hoarding extends WrappedTransport {
  override get bytesBuffered(): number {
    return this.inner.bytesBuffered + 10_000;
  }
}

class Reordering extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    return result.events.length < 3 ? result : { ...result, events: result.events.toReversed() };
  }
}

class DeafWhileSending extends WrappedTransport {
  #skips = false;

  override encode(message: BitcoinMessage): Uint8Array {
    this.#skips = message.type === "mempool";
    return this.inner.encode(message);
  }

  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    return this.#skips ? { ...result, events: [] } : result;
  }
}

class MiscountingBytes extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    const events = result.events.map((event) =>
      event.type === "message" ? { ...event, wireLength: event.wireLength - 1 } : event,
    );
    return { ...result, events };
  }
}

class HandingOutViews extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    const events = result.events.map((event) =>
      event.type === "message" && event.message.type === "unknown"
        ? { ...event, message: { ...event.message, payload: chunk.subarray(-300) } }
        : event,
    );
    return { ...result, events };
  }
}

class CuttingLongPayloads extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    const events = result.events.map((event) =>
      event.type === "message" && event.message.type === "unknown"
        ? {
            ...event,
            message: { ...event.message, payload: event.message.payload.slice(0, 65_535) },
          }
        : event,
    );
    return { ...result, events };
  }
}

class BrokenByBadMessages extends WrappedTransport {
  #isBroken = false;

  override encode(message: BitcoinMessage): Uint8Array {
    if (this.#isBroken) return new Uint8Array(0);
    try {
      return this.inner.encode(message);
    } catch (error) {
      this.#isBroken = error instanceof EncodeError;
      throw error;
    }
  }
}

class IgnoringMalformed extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const { events } = this.inner.push(chunk);
    return { events: events.filter(({ type }) => type !== "malformed") };
  }
}

class TakingEveryEnd extends WrappedTransport {
  override end(): undefined {
    return undefined;
  }
}

class ForgettingFailures extends WrappedTransport {
  #hasFailed = false;

  override push(chunk: Uint8Array): Result {
    if (this.#hasFailed) return { events: [] };
    const result = this.inner.push(chunk);
    this.#hasFailed = result.failure !== undefined;
    return result;
  }
}

class TrustingPayloads extends WrappedTransport {
  override push(chunk: Uint8Array): Result {
    const result = this.inner.push(chunk);
    const message: BitcoinMessage = {
      type: "unknown",
      command: "big",
      payload: new Uint8Array(40),
    };
    return result.failure === undefined && result.events[0]?.type !== "ignored"
      ? result
      : { events: [{ type: "message", message, wireLength: chunk.length }] };
  }
}

class Indestructible extends WrappedTransport {
  override destroy(): void {}
}

class ForgettingAtDestroy extends WrappedTransport {
  #isDestroyed = false;

  override get failure(): TransportError | undefined {
    return this.#isDestroyed ? undefined : this.inner.failure;
  }

  override destroy(): void {
    this.#isDestroyed = true;
    this.inner.destroy();
  }
}

/** The transport, what is wrong with it, and a test that must fail. */
export const brokenTransports: readonly (readonly [
  transport: typeof WrappedTransport,
  what: string,
  test: string,
])[] = [
  [ReadyTwice, "is ready twice", "both sides know how they talk"],
  [AnotherSession, "has another session id each time", "both sides have the same session id"],
  [ReadingWholeChunks, "reads no single bytes", "byte by byte goes as well as at once"],
  [EncodingTooEarly, "encodes too early", "nothing can be encoded before it is established"],
  [OpeningAnew, "opens anew", "opening twice gives the same bytes"],
  [Throwing, "throws", "no bytes of a stranger make it throw"],
  [Hoarding, "holds too much", "no bytes of a stranger make it throw"],
  [Reordering, "reorders", "arrive in order, however the bytes are cut"],
  [DeafWhileSending, "does not hear while it sends", "go both ways at once"],
  [MiscountingBytes, "counts wrongly", "come with their length on the wire"],
  [HandingOutViews, "hands out views", "belong to who gets them"],
  [CuttingLongPayloads, "cuts long payloads", "of 100,000 bytes arrive"],
  [BrokenByBadMessages, "breaks at bad messages", "that cannot be written are refused"],
  [IgnoringMalformed, "ignores malformed messages", "that are malformed end it"],
  [IgnoringMalformed, "ignores malformed messages", "that are malformed become events"],
  [TakingEveryEnd, "takes every end", "in the middle of a message is `truncated`"],
  [ForgettingFailures, "forgets failures", "comes with the first wrong bytes"],
  [TrustingPayloads, "trusts payloads", "by a changed bit anywhere in a message"],
  [Indestructible, "cannot be destroyed", "by destroy refuses every later use"],
  [ForgettingAtDestroy, "forgets why it failed", "by destroy after a failure"],
];
