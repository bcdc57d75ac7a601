/**
 * Messages over a byte stream: drives a framing with what a stream receives, and shares one write among the
 * messages of one turn.
 *
 * Who owns the bytes: a message given to `send` belongs to the framed stream until it is written, one given
 * to `onMessage` belongs to the consumer.
 */
import type { ByteStream } from "./byte-stream.ts";
import { NetError } from "./errors.ts";
import type { Framing } from "./framing.ts";
import { callOwner } from "./stream-rules.ts";

/**
 * What the one consumer of a {@link FramedStream} is told. No callback runs inside a call to it. One that
 * throws destroys the stream, as with {@link ByteStream}.
 */
export interface FramedStreamHandler<In = Uint8Array> {
  /** The framing's handshake is done, or it has none: messages go out from here on. */
  onEstablished(): void;
  onMessage(message: In): void;
  /** There is room again after `hasRoom` became false; not called before `onEstablished`. */
  onDrain(): void;
  /**
   * The peer ended in order. What is queued is still sent, then this side ends too and `onClose` follows:
   * never, if the peer does not read. Nothing more can be sent.
   */
  onPeerEnd?(): void;
  /**
   * The last call, made exactly once: `reason` says how it came, `undelivered` are the messages that had
   * arrived while the stream was paused, oldest first.
   */
  onClose(reason: FramedStreamEnd, undelivered: readonly In[]): void;
}

/** How a framed stream ended. */
export type FramedStreamEnd =
  /** The peer ended in order. */
  | { readonly by: "peer" }
  /** This side called `end` or `destroy`. */
  | { readonly by: "us" }
  /** The framing refused what came, or what did not come any more. */
  | { readonly by: "framing"; readonly error: Error }
  /** The connection broke. */
  | { readonly by: "network"; readonly error: NetError };

/** Queued bytes of the wire above which a turn's messages are written at once. */
const flushBytes = 65_536;

/** Carries whole messages over a {@link ByteStream} with the stream's backpressure. */
export class FramedStream<Out = Uint8Array, In = Uint8Array> {
  readonly #stream: ByteStream;
  readonly #framing: Framing<Out, In>;
  readonly #handler: FramedStreamHandler<In>;
  /** Messages that wait for the handshake. */
  #waiting: Out[] = [];
  /** What is to be written in this turn. */
  #outgoing: Uint8Array[] = [];
  #outgoingBytes = 0;
  #hasRoom = true;
  #incoming: In[] = [];
  #paused = false;
  #ending = false;
  #end: FramedStreamEnd | undefined;

  constructor(stream: ByteStream, framing: Framing<Out, In>, handler: FramedStreamHandler<In>) {
    this.#stream = stream;
    this.#framing = framing;
    this.#handler = handler;
  }

  /** Sends what the framing opens with and starts to receive. Call it once. */
  start(): void {
    if (this.#end === undefined && !this.#ending) this.#open();
    this.#stream.start({
      onData: (chunk) => this.#run(() => this.#receive(chunk)),
      onEnd: () => this.#run(() => this.#receiveEnd()),
      onDrain: () => this.#run(() => this.#drain()),
      onClose: (error) => this.#close(error),
    });
  }

  /** Whether messages given now would be written without delay. */
  get hasRoom(): boolean {
    return this.#hasRoom && !this.#ending && this.#end === undefined && this.#framing.established;
  }

  /**
   * Queues a message; it is written with the others of this turn. Returns false when the stream is full:
   * wait for `onDrain` before sending more. Before `onEstablished` messages wait for it, and the result is
   * false. On a stream that has ended the message is dropped and the result is false.
   *
   * A message is encoded now, or when the handshake is done: do not change it afterwards.
   *
   * Throws what the framing throws for a message that it can never send.
   */
  send(message: Out): boolean {
    if (this.#ending || this.#end !== undefined) return false;
    if (this.#framing.established) this.#queue([message]);
    else {
      this.#framing.check(message);
      this.#waiting.push(message);
    }
    return this.hasRoom;
  }

  /** Stops `onMessage` before the next message, also when called inside it. */
  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  /** Undoes `pause`; messages that wait are delivered in a later microtask. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#incoming.length === 0) this.#stream.resume();
    else queueMicrotask(() => callOwner(this.#stream, () => this.#run(() => this.#deliver())));
  }

  /**
   * Sends what is queued, then ends this side; what waits for `onEstablished` is dropped. `onClose` follows
   * when the peer has ended too.
   */
  end(): void {
    if (this.#ending || this.#end !== undefined) return;
    this.#flush();
    this.#ending = true;
    this.#stream.end();
  }

  /** Drops everything and resets the connection. `onClose` follows. */
  destroy(): void {
    this.#finish({ by: "us" });
  }

  /** Runs what may call the consumer: when that throws, the stream is destroyed and takes no more writes. */
  #run(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      const error = new NetError("failed", "the owner of the stream threw", { cause: thrown });
      this.#end ??= this.#ending ? { by: "us" } : { by: "network", error };
      throw thrown;
    }
  }

  #open(): void {
    const opening = this.#framing.open();
    if (opening !== undefined) this.#hasRoom = this.#stream.write(opening);
    // Queued before the stream starts, so it comes before the first message.
    if (this.#framing.established) {
      queueMicrotask(() => callOwner(this.#stream, () => this.#run(() => this.#establish())));
    }
  }

  #establish(): void {
    if (this.#end !== undefined) return;
    const waiting = this.#waiting.splice(0);
    if (waiting.length > 0 && !this.#ending) this.#queue(waiting);
    this.#flush();
    if (!this.#isAlive()) return; // it could not encode what waited
    this.#handler.onEstablished();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    const wasEstablished = this.#framing.established;
    const { reply, messages, failure } = this.#framing.push(chunk);
    if (reply !== undefined && !this.#ending) this.#hasRoom = this.#stream.write(reply);
    for (const message of messages) this.#incoming.push(message);
    if (!wasEstablished && this.#framing.established) this.#establish();
    this.#deliver();
    if (failure !== undefined) this.#finish({ by: "framing", error: failure });
  }

  #deliver(): void {
    let next = 0;
    try {
      while (next < this.#incoming.length && !this.#paused && this.#end === undefined) {
        this.#handler.onMessage(this.#incoming[next++] as In);
      }
    } finally {
      this.#incoming.splice(0, next);
    }
    if (!this.#paused && this.#end === undefined) this.#stream.resume();
  }

  #receiveEnd(): void {
    if (this.#end !== undefined) return;
    const failure = this.#framing.end();
    if (failure !== undefined) this.#finish({ by: "framing", error: failure });
    else if (this.#ending) this.#end = { by: "us" };
    else {
      // A peer that sends nothing more is of no use to a protocol of questions and answers.
      this.#flush();
      this.#end = { by: "peer" };
      this.#stream.end();
      this.#handler.onPeerEnd?.();
    }
  }

  #drain(): void {
    this.#hasRoom = true;
    if (this.hasRoom) this.#handler.onDrain();
  }

  #isAlive(): boolean {
    return this.#end === undefined;
  }

  #queue(messages: readonly Out[]): void {
    let bytes: Uint8Array;
    try {
      bytes = this.#framing.encode(messages);
    } catch (error) {
      for (const message of messages) this.#framing.check(message);
      this.#finish({ by: "framing", error: error as Error });
      return;
    }
    if (this.#outgoing.push(bytes) === 1) queueMicrotask(() => this.#flush());
    this.#outgoingBytes += bytes.length;
    if (this.#outgoingBytes >= flushBytes) this.#flush();
  }

  #flush(): void {
    if (this.#outgoing.length === 0 || this.#ending || this.#end !== undefined) return;
    const bytes = joined(this.#outgoing, this.#outgoingBytes);
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    this.#hasRoom = this.#stream.write(bytes);
  }

  #finish(end: FramedStreamEnd): void {
    // Also when the end is known: what was sent last may wait for a peer that does not read.
    this.#end ??= end;
    this.#framing.destroy();
    this.#stream.destroy();
  }

  #close(error: NetError | undefined): void {
    this.#end ??= error === undefined || this.#ending ? { by: "us" } : { by: "network", error };
    this.#framing.destroy();
    const undelivered = this.#incoming.splice(0);
    this.#handler.onClose(this.#end, undelivered);
  }
}

/** All parts in one piece: itself, if there is one only. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return first;
  const all = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
