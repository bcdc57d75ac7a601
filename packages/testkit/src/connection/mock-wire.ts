// One direction between a mock and the peer that is not there: latency, faults by message, gates, and an end, in order.
import type { Clock, Timer } from "@satwire/actor";
import type { MessageVerdict } from "../message-faults.ts";
import type { Gate } from "./gate.ts";

/** Messages that may be on their way in one direction. */
const capacity = 10_000;

interface Entry {
  readonly dueAt: number;
  /** Whether it takes a token of the gate and waits for room: the end does neither. */
  readonly isMessage: boolean;
  readonly deliver: () => void;
}

/** What a {@link MockWire} works with. */
export interface MockWireOptions<T> {
  readonly clock: Clock;
  readonly gate?: Gate | undefined;
  /** What becomes of a message. */
  readonly decide: (message: T) => MessageVerdict<T>;
  /** Whether the other end takes messages now; `pump` is called when that changes. */
  readonly hasRoom: () => boolean;
  readonly deliver: (message: T | Uint8Array) => void;
  /** A fault ends the connection. */
  readonly onFaultEnd: () => void;
}

/** Carries messages in order; nothing overtakes. */
export class MockWire<T> {
  readonly #options: MockWireOptions<T>;
  readonly #entries: Entry[] = [];
  readonly #listening: Disposable | undefined;
  #timer: Timer | undefined;
  #isPumping = false;
  #isOver = false;

  constructor(options: MockWireOptions<T>) {
    this.#options = options;
    this.#listening = options.gate?.onRelease(() => this.pump());
  }

  /** Messages on their way, and the end. */
  get size(): number {
    return this.#entries.length;
  }

  /** Sends a message that arrives after `delayMs`, or what the faults make of it. @throws RangeError beyond 10,000 */
  put(message: T, delayMs: number): void {
    if (this.#isOver) return;
    const { decide, deliver, onFaultEnd } = this.#options;
    const verdict = decide(message);
    this.#requireRoom(verdict.messages.length);
    const lateMs = delayMs + verdict.delayMs;
    if (verdict.close === "before") return this.end(onFaultEnd, lateMs);
    for (const passed of verdict.messages) this.#add(() => deliver(passed), lateMs, true);
    if (verdict.close === "after") this.end(onFaultEnd, lateMs);
    this.pump();
  }

  /** Sends bytes, which no fault is about. @throws RangeError beyond 10,000 */
  putFrame(frame: Uint8Array, delayMs: number): void {
    if (this.#isOver) return;
    this.#requireRoom(1);
    this.#add(() => this.#options.deliver(frame), delayMs, true);
    this.pump();
  }

  /** Calls `then` after what is on its way has arrived. */
  end(then: () => void, delayMs: number): void {
    if (this.#isOver) return;
    this.#add(then, delayMs, false);
    this.pump();
  }

  /** Delivers what can be delivered now. */
  pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#deliverNext());
    } finally {
      this.#isPumping = false;
    }
  }

  /** Drops what is on its way, and whatever comes. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#entries.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#listening?.[Symbol.dispose]();
  }

  #requireRoom(count: number): void {
    if (this.#entries.length + count <= capacity) return;
    throw new RangeError(`more than ${capacity} messages wait on the wire of a mock`);
  }

  #add(deliver: () => void, delayMs: number, isMessage: boolean): void {
    const dueAt = this.#options.clock.now() + delayMs;
    this.#entries.push({ dueAt, isMessage, deliver });
  }

  #deliverNext(): boolean {
    const [next] = this.#entries;
    if (next === undefined) return false;
    const { clock, gate, hasRoom } = this.#options;
    const leftMs = next.dueAt - clock.now();
    if (leftMs > 0) {
      this.#timer ??= clock.setTimer(() => {
        this.#timer = undefined;
        this.pump();
      }, leftMs);
      return false;
    }
    if (next.isMessage && !(hasRoom() && (gate?.tryTake() ?? true))) return false;
    this.#entries.shift();
    next.deliver();
    return true;
  }
}
