// The default scheduler: turns in the order they came, on microtasks, for 2 ms at a time. Then timers and
// sockets get the thread. A limit per actor would not do: two actors that volley one message never reach it.
import { duration } from "./option-checks.ts";
import { Ring } from "./ring.ts";
import type { Scheduler, Turn } from "./scheduler.ts";

/** The most messages in one turn, and between two looks at the clock; slow handlers bring it down to 1. */
const longestStride = 64;

/** Options of a {@link FairScheduler}. */
export interface FairSchedulerOptions {
  /** How long turns may keep the event loop from everything else, in milliseconds. @default 2 */
  readonly sliceMs?: number | undefined;
}

// Taken at import, so that a test runner's fake timers cannot stop actors: time is for the clock, not for this.
const nativeImmediate = (globalThis as { setImmediate?: (run: () => void) => unknown })
  .setImmediate;
const NativeChannel = globalThis.MessageChannel;
const nativeNow = /* @__PURE__ */ globalThis.performance.now.bind(globalThis.performance);

/** The cheapest way to a microtask: Node's `queueMicrotask` makes an AsyncResource for each. */
const resolved: Promise<void> = /* @__PURE__ */ Promise.resolve();

/** Gives each actor its turn, and the event loop its own. One for each system. */
export class FairScheduler implements Scheduler {
  readonly #sliceMs: number;
  readonly #turns = new Ring<Turn>();
  /** The queue is being worked on, or will be. */
  #armed = false;
  /** A macrotask is on its way, which proves that the event loop turns. */
  #sliceOpen = false;
  #sliceStart = 0;
  #overdue = false;
  #lastLook = 0;
  #stride = 1;
  #untilLook = 1;
  #channel: MessageChannel | undefined;

  /** @throws ActorError `invalid_option` */
  constructor({ sliceMs = 2 }: FairSchedulerOptions = {}) {
    this.#sliceMs = duration(sliceMs, "sliceMs");
  }

  schedule(turn: Turn): void {
    this.#turns.push(turn);
    if (!this.#armed) this.#arm();
  }

  resume(turn: Turn): void {
    // Alone, and in a slice: it need not wait for another microtask.
    const isFree = this.#sliceOpen && !this.#armed && !this.#overdue;
    if (!isFree) return this.schedule(turn);
    this.#turns.push(turn);
    this.#armed = true;
    this.#pump();
  }

  #arm(): void {
    this.#armed = true;
    if (!this.#sliceOpen) {
      this.#sliceOpen = true;
      this.#sliceStart = this.#lastLook = nativeNow();
      this.#macrotask();
    }
    // When the slice is over, the macrotask that is on its way goes on with the queue.
    if (!this.#overdue) void resolved.then(this.#onMicrotask);
  }

  readonly #onMicrotask = (): void => {
    if (this.#armed && !this.#overdue) this.#pump();
  };

  readonly #onMacrotask = (): void => {
    this.#sliceOpen = false;
    this.#overdue = false;
    if (!this.#armed) return;
    this.#sliceOpen = true;
    this.#sliceStart = this.#lastLook = nativeNow();
    this.#macrotask();
    this.#pump();
  };

  #pump(): void {
    try {
      while (!this.#overdue) {
        const turn = this.#turns.shift();
        if (turn === undefined) break;
        this.#untilLook -= turn.run(this.#stride);
        if (this.#untilLook <= 0) this.#look();
      }
    } finally {
      this.#armed = this.#turns.size > 0; // the macrotask that is on its way goes on
    }
  }

  /** Looks at the clock: is the slice over, and how often is a look worth its price? */
  #look(): void {
    const now = nativeNow();
    const tookMs = now - this.#lastLook;
    this.#lastLook = now;
    if (tookMs > this.#sliceMs / 4) this.#stride = 1;
    else if (tookMs < this.#sliceMs / 16) this.#stride = Math.min(this.#stride * 2, longestStride);
    this.#untilLook = this.#stride;
    if (now - this.#sliceStart >= this.#sliceMs) this.#overdue = true;
  }

  #macrotask(): void {
    if (nativeImmediate !== undefined) {
      nativeImmediate(this.#onMacrotask);
      return;
    }
    if (this.#channel === undefined) {
      this.#channel = new NativeChannel();
      this.#channel.port1.onmessage = this.#onMacrotask;
    }
    this.#channel.port2.postMessage(undefined);
  }
}
