/**
 * The two ends of an in-memory connection. Each end holds the bytes that are on their way to it.
 *
 * A turn calls the consumer at most once, so delivery is never re-entrant and `pause` or `destroy` inside a
 * callback holds from the next one on. A turn is one microtask; after every 256 turns of a connection, both ends
 * counted, the event loop gets its own, so that two ends that answer each other starve no timer.
 *
 * Who owns the bytes: arrays written stay as they are in the queue and are copied when delivered. A writer
 * that changes an array after `write` therefore corrupts its data, as it may over TCP.
 */
import type { HostPort } from "./address.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteStream, ByteStreamHandler } from "./byte-stream.ts";
import type { NetError } from "./errors.ts";
import { directPath, type Path, type Segment } from "./path.ts";
import { checkPositiveInteger } from "./positive-integer.ts";
import { callOwner, destroyError, startError, writeError } from "./stream-rules.ts";
import { simulatedCause, systemError } from "./system-error.ts";
import { StreamTurns } from "./turns.ts";

/** Sizes of an in-memory pair. */
export interface MemoryPairSizes {
  /**
   * Bytes under way in one direction from which on `write` returns false; `onDrain` follows at half of it.
   * @default 65_536
   */
  readonly capacityBytes?: number | undefined;
  /**
   * Largest chunk handed to `onData`; a longer write arrives in pieces.
   * @default 65_536
   */
  readonly chunkBytes?: number | undefined;
}

/** One end of a connection in memory. */
export interface MemoryStream extends ByteStream {
  /** Bytes that this end has written and that the other one's consumer has not got. */
  readonly bytesUnderWay: number;
  /**
   * Calls back once, when the other one's consumer has got all that this end has written so far. Never, if that
   * does not happen. The callback may destroy the stream, which takes nothing back that was got.
   */
  whenTaken(run: () => void): void;
  /**
   * Breaks the connection for this end only, as a network does: `onClose` gets the error, and the peer is told
   * nothing until it sends something; a peer whose bytes do not all fit in the pipe is sending. Does nothing on a
   * closed stream.
   */
  fail(error: NetError): void;
}

/** Options of `memoryPair`. */
export interface MemoryPairOptions extends MemoryPairSizes {
  /** Addresses of the first and the second stream. */
  readonly addresses?: readonly [first: HostPort, second: HostPort] | undefined;
  /** What lies between the ends: from the first to the second, and back. */
  readonly paths?: readonly [there: Path, back: Path] | undefined;
}

/** Makes two connected ends; `onSecondOver` is called once, when the second one has no life left. */
export function connectedStreams(
  { capacityBytes = 65_536, chunkBytes = 65_536, addresses, paths }: MemoryPairOptions,
  onSecondOver?: () => void,
): [first: MemoryStream, second: MemoryStream] {
  checkPositiveInteger("capacityBytes", capacityBytes);
  checkPositiveInteger("chunkBytes", chunkBytes);
  const sizes = { capacityBytes, chunkBytes };
  const turns = new StreamTurns();
  const [address, peerAddress] = addresses ?? [];
  const [there, back] = paths ?? [directPath, directPath];
  const first = new ConnectedStream(sizes, turns, there, address, peerAddress);
  const second = new ConnectedStream(sizes, turns, back, peerAddress, address, onSecondOver);
  first.connect(second);
  second.connect(first);
  return [first, second];
}

class ConnectedStream implements MemoryStream {
  readonly localAddress: HostPort | undefined;
  readonly remoteAddress: HostPort | undefined;
  readonly #capacity: number;
  readonly #chunkBytes: number;
  readonly #turns: StreamTurns;
  readonly #path: Path;
  readonly #onOver: (() => void) | undefined;
  /** What has arrived and was not delivered. */
  readonly #incoming = new ByteQueue();
  /** Bytes on the path to the peer. */
  #onPath = 0;
  /** Bytes written, those of them that the peer's consumer got, and who waits for more of that. */
  #written = 0;
  #taken = 0;
  readonly #waiting: { readonly until: number; readonly run: () => void }[] = [];
  #peerEnded = false;
  #peer: ConnectedStream = this; // until `connect`
  #handler: ByteStreamHandler | undefined;
  #failure: NetError | undefined;
  #turnQueued = false;
  #paused = false;
  #ended = false;
  #destroyed = false;
  #drainOwed = false;
  #endTold = false;
  #over = false;
  #closeTold = false;

  constructor(
    { capacityBytes, chunkBytes }: { capacityBytes: number; chunkBytes: number },
    turns: StreamTurns,
    path: Path,
    localAddress: HostPort | undefined,
    remoteAddress: HostPort | undefined,
    onOver?: () => void,
  ) {
    this.#capacity = capacityBytes;
    this.#chunkBytes = chunkBytes;
    this.#turns = turns;
    this.#path = path;
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
    this.#onOver = onOver;
  }

  connect(peer: ConnectedStream): void {
    this.#peer = peer;
  }

  get bytesUnderWay(): number {
    return this.#onPath + this.#peer.#incoming.length;
  }

  start(handler: ByteStreamHandler): void {
    if (this.#handler !== undefined) throw startError();
    this.#handler = handler;
    this.#queueTurn();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#queueTurn();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#destroyed || this.#closeTold) throw writeError();
    if (this.#over) return false;
    if (bytes.length > 0) {
      this.#onPath += bytes.length;
      this.#written += bytes.length;
      this.#send({ kind: "data", bytes });
    }
    if (this.bytesUnderWay >= this.#capacity) this.#drainOwed = true;
    return !this.#drainOwed && !this.#over; // a dead end may have answered at once
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#drainOwed = false;
    if (!this.#over) this.#send({ kind: "end" });
    this.#settle();
  }

  destroy(error?: Error): void {
    this.#destroyed = true;
    if (this.#over) return;
    this.#break(destroyError(error));
    this.#send({ kind: "reset" });
  }

  whenTaken(run: () => void): void {
    if (this.#taken === this.#written) queueMicrotask(run);
    else this.#waiting.push({ until: this.#written, run });
  }

  fail(failure: NetError): void {
    if (this.#over) return;
    const peer = this.#peer;
    // A peer with a full pipe goes on trying, and has its answer when nobody takes what it sends.
    const isPeerSending = peer.bytesUnderWay > this.#capacity;
    this.#break(failure);
    if (isPeerSending) this.#send({ kind: "reset" });
    else peer.#roomMade();
  }

  /** Like a TCP reset: what has not been delivered in either direction is gone. */
  #break(failure: NetError): void {
    if (this.#over) return;
    this.#incoming.clear();
    this.#failure = failure;
    this.#finish();
  }

  #send(segment: Segment): void {
    const peer = this.#peer;
    this.#path.carry(segment, (arrived) => {
      if (arrived.kind === "data") this.#onPath -= arrived.bytes.length;
      peer.#arrive(arrived);
    });
  }

  #arrive(segment: Segment): void {
    if (segment.kind === "reset") {
      this.#break(systemError(simulatedCause("ECONNRESET", "read"), "the connection"));
    } else if (this.#over) {
      // Nobody is here any more, which a peer learns when it sends something.
      if (this.#failure !== undefined) this.#send({ kind: "reset" });
    } else if (segment.kind === "end") {
      this.#peerEnded = true;
      this.#queueTurn();
    } else {
      this.#incoming.push(segment.bytes);
      this.#queueTurn();
    }
  }

  /** Over in order: the peer's end was delivered, and no more than a full pipe of ours is under way. */
  #settle(): void {
    const sent = this.bytesUnderWay <= this.#capacity;
    if (!this.#over && this.#ended && this.#endTold && sent) this.#finish();
  }

  #finish(): void {
    this.#over = true;
    this.#onOver?.();
    this.#queueTurn();
  }

  #queueTurn(): void {
    if (this.#turnQueued || this.#handler === undefined || this.#closeTold) return;
    this.#turnQueued = true;
    this.#turns.queue(() => {
      this.#turnQueued = false;
      if (this.#handler !== undefined) this.#turn(this.#handler);
    });
  }

  /** Does the first thing that is due, and queues the next turn. */
  #turn(handler: ByteStreamHandler): void {
    const peer = this.#peer;
    if (this.#over) {
      this.#closeTold = true;
      callOwner(this, () => handler.onClose(this.#failure));
    } else if (this.#drainOwed && this.bytesUnderWay <= this.#capacity / 2) {
      this.#drainOwed = false;
      callOwner(this, () => handler.onDrain());
      this.#queueTurn();
    } else if (this.#incoming.length > 0) {
      if (this.#paused) return;
      const chunk = this.#incoming.take(this.#chunkBytes);
      peer.#onTaken(chunk.length);
      callOwner(this, () => handler.onData(chunk));
      this.#queueTurn();
    } else if (this.#peerEnded && !this.#endTold) {
      this.#endTold = true;
      callOwner(this, () => handler.onEnd());
      this.#settle();
    }
  }

  /** The peer took bytes: there may be room again, or the last of them are out. */
  #onTaken(bytes: number): void {
    this.#taken += bytes;
    this.#settle();
    this.#roomMade();
    while (this.#waiting[0] !== undefined && this.#waiting[0].until <= this.#taken) {
      this.#waiting.shift()?.run();
    }
  }

  #roomMade(): void {
    if (this.#drainOwed) this.#queueTurn();
  }
}
