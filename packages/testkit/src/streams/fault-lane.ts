// One direction of a stream with faults: what it is given, and what of it passes when. No stream and no IO is here.
//
// Who owns the bytes: arrays that pass in one piece are handed on as they are, others are copied.
import type { Clock } from "@satwire/actor";
import type { Rng } from "../determinism/rng.ts";
import type {
  BlackholeAfterFault,
  CoalesceFault,
  CorruptFault,
  FinAfterFault,
  ResetAfterFault,
  StallAfterFault,
  StreamFault,
} from "./fault-plan.ts";

/** What passes next. */
export type LaneStep =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "reset" }
  /** Nothing, for so many milliseconds. */
  | { readonly kind: "wait"; readonly ms: number };

/** What a lane needs besides its faults. */
export interface LaneOptions {
  readonly capacityBytes: number;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Told of faults that come at a certain byte when they come. */
  readonly onFired: (fired: StreamFault) => void;
}

type Trigger = StallAfterFault | ResetAfterFault | FinAfterFault | BlackholeAfterFault;

/** Slow bytes come one at a time, or as many as come in this time. */
const slowStepMs = 5;

/** Bytes on their way through the faults of one direction. */
export class FaultLane {
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #onFired: (fired: StreamFault) => void;
  /** What comes at a certain byte, soonest first. */
  readonly #triggers: Trigger[] = [];
  readonly #corruptions: CorruptFault[] = [];
  /** Largest piece, infinite if nothing cuts. */
  #pieceBytes = Number.POSITIVE_INFINITY;
  #hasRandomPieces = false;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  /** Bytes that must be there before any pass, and how long they wait for that. */
  readonly #batchBytes: number;
  readonly #batchMs: number;
  #chunks: Uint8Array[] = [];
  #first = 0;
  #offset = 0;
  #buffered = 0;
  /** Bytes that went into a black hole. */
  #lost = 0;
  /** Bytes that have passed. */
  #position = 0;
  /** When the oldest byte in the buffer came. */
  #heldSince = 0;
  #isFlushing = false;
  #piece: { readonly length: number; readonly readyAt: number } | undefined;
  #isHeld = false;
  #stalledUntil = Number.NEGATIVE_INFINITY;
  #isEndQueued = false;
  #state: "open" | "ended" | "reset" | "blackholed" = "open";

  constructor(faults: readonly StreamFault[], options: LaneOptions) {
    this.#clock = options.clock;
    this.#rng = options.rng;
    this.#onFired = options.onFired;
    const coalesced: CoalesceFault[] = [];
    for (const each of faults) {
      switch (each.kind) {
        case "fragment":
          if (each.size === "random") this.#hasRandomPieces = true;
          else this.#pieceBytes = Math.min(this.#pieceBytes, each.size);
          break;
        case "coalesce":
          coalesced.push(each);
          break;
        case "slowloris":
          this.#bytesPerSecond = Math.min(this.#bytesPerSecond, each.bytesPerSecond);
          break;
        case "corrupt":
          this.#corruptions.push(each);
          break;
        default:
          this.#triggers.push(each);
      }
    }
    this.#triggers.sort((a, b) => a.bytes - b.bytes);
    this.#fireBlackhole();
    // More than fits would never be there.
    const batch = Math.min(options.capacityBytes, ...coalesced.map(({ bytes }) => bytes));
    this.#batchBytes = coalesced.length === 0 ? 1 : batch;
    this.#batchMs = Math.min(...coalesced.map(({ forMs }) => forMs ?? Number.POSITIVE_INFINITY));
    const bytesPerStep = Math.floor((this.#bytesPerSecond * slowStepMs) / 1000);
    this.#pieceBytes = Math.min(this.#pieceBytes, Math.max(bytesPerStep, 1));
  }

  /** Bytes taken that have not passed. */
  get held(): number {
    return this.#buffered + this.#lost;
  }

  /** The end has passed: what comes now is swallowed. */
  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** A reset is on its way. */
  get isReset(): boolean {
    return this.#state === "reset";
  }

  /** Nothing passes any more. */
  get isBlackholed(): boolean {
    return this.#state === "blackholed";
  }

  get isStalled(): boolean {
    return this.#isHeld || this.#stalledUntil > this.#clock.now();
  }

  /** Whether more bytes could make something pass. */
  get wantsMore(): boolean {
    if (this.#state !== "open" || this.isStalled) return false;
    return this.#buffered === 0 || (!this.#isFlushing && this.#buffered < this.#batchBytes);
  }

  push(bytes: Uint8Array): void {
    if (this.#state === "blackholed") this.#lost += bytes.length;
    if (this.#state !== "open" || bytes.length === 0) return;
    if (this.#buffered === 0) this.#heldSince = this.#clock.now();
    this.#chunks.push(bytes);
    this.#buffered += bytes.length;
  }

  end(): void {
    this.#isEndQueued = true;
  }

  stall(): void {
    this.#isHeld = true;
  }

  /** Also ends a stall of the plan that has begun. */
  unstall(): void {
    this.#isHeld = false;
    this.#stalledUntil = Number.NEGATIVE_INFINITY;
  }

  /** From here on nothing passes. */
  blackhole(): void {
    this.#state = "blackholed";
    this.#lost += this.#buffered;
    this.#drop();
  }

  /** Takes out what passes next; undefined if nothing does before more comes. Without `takesData` bytes stay. */
  next(takesData: boolean): LaneStep | undefined {
    while (this.#state === "open") {
      const now = this.#clock.now();
      if (this.#isHeld || this.#stalledUntil === Number.POSITIVE_INFINITY) return undefined;
      if (this.#stalledUntil > now) return { kind: "wait", ms: this.#stalledUntil - now };
      const [trigger] = this.#triggers;
      if (trigger?.bytes !== this.#position) return this.#nextBytes(now, takesData);
      this.#triggers.shift();
      const step = this.#fire(trigger, now);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  /** At once, since a reset that comes before anyone asks what is next must not pass. */
  #fireBlackhole(): void {
    const [trigger] = this.#triggers;
    if (trigger?.kind !== "blackholeAfter" || trigger.bytes !== this.#position) return;
    this.#onFired(trigger);
    this.blackhole();
  }

  #fire(trigger: Trigger, now: number): LaneStep | undefined {
    this.#onFired(trigger);
    switch (trigger.kind) {
      case "stallAfter":
        this.#stalledUntil = now + (trigger.ms ?? Number.POSITIVE_INFINITY);
        return undefined;
      case "blackholeAfter":
        this.blackhole();
        return undefined;
      case "finAfter":
        return this.#end();
      case "resetAfter":
        this.#state = "reset";
        this.#drop();
        return { kind: "reset" };
    }
  }

  #end(): LaneStep {
    this.#state = "ended";
    this.#drop();
    return { kind: "end" };
  }

  #drop(): void {
    this.#chunks = [];
    this.#first = this.#offset = this.#buffered = 0;
  }

  #nextBytes(now: number, takesData: boolean): LaneStep | undefined {
    if (this.#buffered === 0) return this.#isEndQueued ? this.#end() : undefined;
    if (!takesData) return undefined;
    if (!this.#isFlushing && this.#buffered < this.#batchBytes && !this.#isEndQueued) {
      const ms = this.#heldSince + this.#batchMs - now;
      if (ms === Number.POSITIVE_INFINITY) return undefined;
      if (ms > 0) return { kind: "wait", ms };
    }
    this.#isFlushing = true;
    this.#piece ??= this.#cut(now);
    const { length, readyAt } = this.#piece;
    if (readyAt > now) return { kind: "wait", ms: readyAt - now };
    this.#piece = undefined;
    return { kind: "data", bytes: this.#pass(length) };
  }

  /** How many bytes pass next, and when. */
  #cut(now: number): { readonly length: number; readonly readyAt: number } {
    const oldest = (this.#chunks[this.#first] as Uint8Array).length - this.#offset;
    const untilTrigger = (this.#triggers[0]?.bytes ?? Number.POSITIVE_INFINITY) - this.#position;
    const available = this.#batchBytes > 1 ? this.#buffered : oldest;
    const most = Math.min(available, this.#pieceBytes, untilTrigger);
    const length = this.#hasRandomPieces ? this.#rng.int(1, most) : most;
    return { length, readyAt: now + (length / this.#bytesPerSecond) * 1000 };
  }

  #pass(length: number): Uint8Array {
    const bytes = this.#take(length);
    const start = this.#position;
    this.#position += length;
    this.#buffered -= length;
    if (this.#buffered === 0) this.#isFlushing = false;
    this.#fireBlackhole();
    let changed: Uint8Array | undefined;
    for (const corruption of this.#corruptions) {
      const index = corruption.offset - start;
      if (index < 0 || index >= length) continue;
      changed ??= new Uint8Array(bytes); // the writer may still look at its own
      changed[index] = (changed[index] as number) ^ corruption.mask;
      this.#onFired(corruption);
    }
    return changed ?? bytes;
  }

  #take(length: number): Uint8Array {
    const oldest = this.#chunks[this.#first] as Uint8Array;
    if (this.#offset === 0 && oldest.length === length) {
      this.#dropFirst();
      return oldest;
    }
    const taken = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const chunk = this.#chunks[this.#first] as Uint8Array;
      const part = chunk.subarray(this.#offset, this.#offset + length - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) this.#dropFirst();
    }
    return taken;
  }

  #dropFirst(): void {
    this.#offset = 0;
    this.#first += 1;
    if (this.#first * 2 < this.#chunks.length) return; // moving the rest pays off once half is spent
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
