// A byte stream around another one, with faults in both directions.
//
// Each direction has a lane with a buffer: bytes written wait in the outgoing one while faults hold them back and
// while the stream beneath is full; of what arrives the incoming one holds a chunk at a time (more only to coalesce),
// and meanwhile the stream beneath is paused.
import { type Clock, systemClock, type Timer } from "@satwire/actor";
import {
  afterEventLoop,
  type ByteStream,
  type ByteStreamHandler,
  callOwner,
  destroyError,
  type HostPort,
  type NetError,
  startError,
  StreamTurns,
  writeError,
} from "@satwire/net";
import { createRng, type Rng } from "../determinism/rng.ts";
import { netFailure } from "../network/net-failure.ts";
import { FaultLane } from "./fault-lane.ts";
import {
  checkFaultPlan,
  type FaultDirection,
  type FaultPlan,
  isStreamFault,
  type StreamFault,
} from "./fault-plan.ts";
import type { SimStream } from "./sim-stream.ts";

/** Options of {@link withFaults}. */
export interface FaultyStreamOptions {
  /** What stalls, delays and speeds are measured with. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Where random sizes come from. @default createRng(1) */
  readonly rng?: Rng | undefined;
  /**
   * Bytes held back in one direction from which on `write` returns false, or the peer is not read; `onDrain` follows
   * at half of it. What the stream beneath buffers is not counted.
   * @default 65_536
   */
  readonly capacityBytes?: number | undefined;
}

/**
 * The stream with faults. It takes the stream over, which must not have been started, and keeps the contract of
 * {@link ByteStream}. Faults of dialing belong to `faultyDialer`.
 *
 * `resetAfter` waits until the peer's consumer has got the bytes before it, where the stream can tell (those in
 * memory can; what faults of the peer's own hold back counts as got). Elsewhere they are lost if they are still on
 * their way, as with every reset. After a black hole
 * `destroy` is not told to the peer, and the stream beneath lives until the peer gives up, or until `reset`.
 *
 * @throws RangeError for a fault or a size that makes no sense
 * @example
 * ```ts
 * const stream = withFaults(await dialer(target), [fault.byteAtATime("both"), fault.resetAfter(50)]);
 * ```
 */
export function withFaults(
  stream: ByteStream,
  plan: FaultPlan,
  options: FaultyStreamOptions = {},
): SimStream {
  return new FaultyStream(stream, plan, options);
}

/** Throws a RangeError unless {@link withFaults} takes these. */
export function checkFaultyStream(plan: FaultPlan, { capacityBytes }: FaultyStreamOptions): void {
  checkFaultPlan(plan);
  const dialing = plan.find((each) => !isStreamFault(each));
  if (dialing !== undefined) {
    throw new RangeError(`${dialing.kind} is a fault of dialing, not of a stream`);
  }
  if (capacityBytes === undefined || (Number.isSafeInteger(capacityBytes) && capacityBytes > 0)) {
    return;
  }
  throw new RangeError(`capacityBytes is ${capacityBytes}, not a positive integer`);
}

class FaultyStream implements SimStream {
  readonly localAddress: HostPort | undefined;
  readonly remoteAddress: HostPort | undefined;
  readonly fired: StreamFault[] = [];
  bytesWritten = 0;
  bytesRead = 0;
  closes = 0;
  readonly #inner: ByteStream;
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #outgoing: FaultLane;
  readonly #incoming: FaultLane;
  readonly #turns = new StreamTurns();
  readonly #timers: { outgoing?: Timer | undefined; incoming?: Timer | undefined } = {};
  #handler: ByteStreamHandler | undefined;
  #turnQueued = false;
  #paused = false;
  #ended = false;
  #destroyed = false;
  #drainOwed = false;
  #endTold = false;
  /** Nothing but `onClose` follows, once it is due. */
  #over = false;
  #closeDue = false;
  #failure: NetError | undefined;
  #isInnerFull = false;
  #isInnerPaused = true;
  #isInnerEnded = false;
  #isInnerClosed = false;
  /** Who waits until the stream beneath has all that was written. */
  #waiting: (() => void)[] = [];

  constructor(inner: ByteStream, plan: FaultPlan, options: FaultyStreamOptions) {
    checkFaultyStream(plan, options);
    const { clock = systemClock, rng = createRng(1), capacityBytes = 65_536 } = options;
    this.#inner = inner;
    this.#clock = clock;
    this.#capacity = capacityBytes;
    const lane = (direction: FaultDirection): FaultLane => {
      const faults = plan
        .filter(isStreamFault)
        .filter((each) => [direction, "both"].includes(each.direction ?? "outgoing"));
      const onFired = (fired: StreamFault): void => void this.fired.push(fired);
      return new FaultLane(faults, { capacityBytes, clock, rng: rng.fork(direction), onFired });
    };
    this.#outgoing = lane("outgoing");
    this.#incoming = lane("incoming");
    this.localAddress = inner.localAddress;
    this.remoteAddress = inner.remoteAddress;
    // Started at once, since a stream tells only its consumer that there is room again.
    inner.pause();
    inner.start({
      onData: (chunk) => this.#arrive(() => this.#incoming.push(chunk)),
      onEnd: () => {
        this.#isInnerEnded = true;
        this.#arrive(() => this.#incoming.end());
      },
      onDrain: () => {
        this.#isInnerFull = false;
        this.#send();
        this.#turnNow();
      },
      onClose: (error) => this.#innerClose(error),
    });
    this.#send(); // faults that come at once
  }

  get bytesHeld(): number {
    return this.#outgoing.held;
  }

  get isOpen(): boolean {
    return !this.#over;
  }

  get isStalled(): boolean {
    return this.#outgoing.isStalled || this.#incoming.isStalled;
  }

  start(handler: ByteStreamHandler): void {
    if (this.#handler !== undefined) throw startError();
    this.#handler = handler;
    this.#steer();
    this.#queueTurn();
  }

  pause(): void {
    this.#paused = true;
    this.#steer();
  }

  resume(): void {
    this.#paused = false;
    this.#steer();
    this.#queueTurn();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#destroyed || this.closes > 0) throw writeError();
    if (this.#over) return false;
    this.bytesWritten += bytes.length;
    this.#outgoing.push(bytes);
    this.#send();
    if (this.#isFull(this.#outgoing.held >= this.#capacity)) this.#drainOwed = true;
    return !this.#drainOwed;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#drainOwed = false;
    this.#outgoing.end();
    this.#send();
    this.#settle();
  }

  destroy(error?: Error): void {
    this.#destroyed = true;
    if (this.#over) return;
    this.#break(destroyError(error));
  }

  reset(): void {
    const failure = netFailure("ECONNRESET", "the connection");
    if (!this.#over) this.#break(failure);
    if (!this.#isInnerClosed) this.#inner.destroy(failure);
  }

  stall(direction: FaultDirection = "both"): void {
    if (direction !== "incoming") this.#outgoing.stall();
    if (direction !== "outgoing") this.#incoming.stall();
    this.#steer();
  }

  unstall(direction: FaultDirection = "both"): void {
    if (direction !== "incoming") this.#outgoing.unstall();
    if (direction !== "outgoing") this.#incoming.unstall();
    this.#send();
    this.#queueTurn();
  }

  whenTaken(run: () => void): void {
    this.#waiting.push(run);
    this.#tellTaken();
  }

  /** Hands on what may pass. No callback comes of it: a stream makes none inside a call. */
  #send(): void {
    const lane = this.#outgoing;
    while (!this.#over && !this.#isInnerClosed && !(this.#isInnerFull && lane.held > 0)) {
      const step = lane.next(true);
      if (step === undefined) break;
      if (step.kind === "wait") {
        this.#wait("outgoing", step.ms, () => this.#send());
        break;
      }
      if (step.kind === "end") this.#inner.end();
      else if (step.kind === "reset") this.whenTaken(() => this.reset());
      else if (!this.#inner.write(step.bytes)) this.#isInnerFull = true;
    }
    this.#tellTaken();
    if (this.#drainOwed) this.#queueTurn();
    this.#settle();
  }

  #isFull(isLaneFull: boolean): boolean {
    // After an end of the plan all is swallowed, and the stream beneath says no more that it has room.
    const isInnerFull = this.#isInnerFull && !this.#outgoing.isEnded;
    return isLaneFull || isInnerFull || this.#outgoing.isReset;
  }

  #tellTaken(): void {
    if (this.#outgoing.held > 0) return;
    const inner: ByteStream & Partial<Pick<SimStream, "whenTaken">> = this.#inner;
    // A socket says when it has no room, and not when its bytes have arrived: a turn later most of them have.
    if (this.#isInnerFull && inner.whenTaken === undefined) return;
    for (const run of this.#waiting.splice(0)) {
      if (inner.whenTaken === undefined) afterEventLoop(run);
      else inner.whenTaken(run);
    }
  }

  /** Something came from the stream beneath, which calls nobody inside a call: the consumer may have it now. */
  #arrive(take: () => void): void {
    if (this.#over) return;
    take();
    this.#turnNow();
  }

  #innerClose(error: NetError | undefined): void {
    this.#isInnerClosed = true;
    if (this.#over) {
      this.#failure = error ?? this.#failure;
      this.#closeDue = true;
    } else if (error !== undefined && this.#incoming.isBlackholed) {
      this.#outgoing.blackhole(); // nobody takes it, and nobody says so
    } else if (error !== undefined) {
      this.#break(error);
    } else {
      this.#settle();
    }
    this.#turnNow();
  }

  /** Over with an error: what has not been delivered in either direction is gone. */
  #break(failure: NetError): void {
    this.#finish();
    this.#failure = failure;
    if (this.#isInnerClosed || this.#outgoing.isBlackholed) this.#closeDue = true;
    else this.#inner.destroy(failure); // its `onClose` is ours
    this.#queueTurn();
  }

  /** Over in order: the end came, ours was sent, and the stream beneath agrees or was cut off from us. */
  #settle(): void {
    if (this.#over || !this.#ended || !this.#endTold || !this.#outgoing.isEnded) return;
    if (!this.#isInnerClosed && this.#isInnerEnded) return; // it is about to
    this.#finish();
    this.#closeDue = true;
    this.#queueTurn();
  }

  #finish(): void {
    this.#over = true;
    this.#timers.outgoing?.cancel();
    this.#timers.incoming?.cancel();
    this.#steer();
  }

  #wait(lane: "outgoing" | "incoming", ms: number, run: () => void): void {
    this.#timers[lane]?.cancel();
    this.#timers[lane] = this.#clock.setTimer(run, ms);
  }

  /** Reads the stream beneath while what it has can pass, or is to be thrown away. */
  #steer(): void {
    if (this.#isInnerClosed) return;
    const consumes = this.#handler !== undefined && !this.#paused && this.#incoming.wantsMore;
    const reads = this.#over || this.#incoming.isEnded || consumes;
    if (reads === !this.#isInnerPaused) return;
    this.#isInnerPaused = !reads;
    if (reads) this.#inner.resume();
    else this.#inner.pause();
  }

  #queueTurn(): void {
    if (this.#turnQueued || this.#handler === undefined || this.closes > 0) return;
    this.#turnQueued = true;
    this.#turns.queue(() => {
      this.#turnQueued = false;
      this.#turnNow();
    });
  }

  #turnNow(): void {
    if (this.#turnQueued || this.#handler === undefined || this.closes > 0) return;
    if (this.#over) this.#tellClose(this.#handler);
    else if (this.#drainOwed && !this.#isFull(this.#outgoing.held > this.#capacity / 2)) {
      this.#drainOwed = false;
      this.#tell((handler) => handler.onDrain());
    } else this.#deliver();
    this.#steer();
  }

  #tellClose(handler: ByteStreamHandler): void {
    if (!this.#closeDue) return;
    this.closes += 1;
    callOwner(this, () => handler.onClose(this.#failure));
  }

  #deliver(): void {
    const step = this.#incoming.next(!this.#paused);
    switch (step?.kind) {
      case "data":
        this.bytesRead += step.bytes.length;
        this.#tell((handler) => handler.onData(step.bytes));
        break;
      case "end":
        this.#endTold = true;
        this.#tell((handler) => handler.onEnd());
        this.#settle();
        break;
      case "reset":
        this.reset();
        break;
      case "wait":
        this.#wait("incoming", step.ms, () => this.#queueTurn());
        break;
      case undefined:
    }
  }

  /** One callback in each turn; what is due besides has the next one. */
  #tell(callback: (handler: ByteStreamHandler) => void): void {
    const handler = this.#handler;
    if (handler !== undefined) callOwner(this, () => callback(handler));
    this.#queueTurn();
  }
}
