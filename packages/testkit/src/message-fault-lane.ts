// One direction of one connection with the faults of its messages carried out: delays included, order kept.
import type { Clock, Timer } from "@satwire/actor";
import type { MessageDirection, MessageFaults, MessageVerdict } from "./message-faults.ts";

/** What a {@link MessageFaultLane} works with. */
export interface MessageFaultLaneOptions<M extends { readonly type: string }> {
  readonly faults: MessageFaults<M>;
  readonly direction: MessageDirection;
  /** Whose messages these are, see `MessageFaults.decide`. */
  readonly connection: object;
  readonly clock: Clock;
  /** Sends or handles what is left of a message. Not called any more once `end` was. */
  readonly pass: (message: M | Uint8Array) => void;
  /** A fault ends the connection: in order, so that the other side gets what was sent before. */
  readonly end: () => void;
  /** What was held is out: there is room for more. */
  readonly onReleased?: (() => void) | undefined;
}

/** Messages that may wait behind a delayed one; one more ends the connection. */
const maxHeld = 10_000;

/** Takes messages in and passes on, in order and in time, what the faults leave of them. */
export class MessageFaultLane<M extends { readonly type: string }> {
  readonly #options: MessageFaultLaneOptions<M>;
  readonly #held: { readonly dueAt: number; readonly verdict: MessageVerdict<M> }[] = [];
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: MessageFaultLaneOptions<M>) {
    this.#options = options;
  }

  /** Messages that wait behind a delay, the delayed one included. */
  get heldCount(): number {
    return this.#held.length;
  }

  /** Whether the next message would pass untouched and at once. */
  get isIdle(): boolean {
    return !this.#isOver && this.#held.length === 0 && this.#options.faults.isEmpty;
  }

  /** Passes the message on, now if nothing delays it or those before it. */
  take(message: M): void {
    if (this.#isOver) return;
    const { faults, direction, connection, clock } = this.#options;
    const verdict = faults.decide(direction, message, connection);
    const last = this.#held.at(-1);
    if (last === undefined && verdict.delayMs === 0) {
      this.#carryOut(verdict);
    } else if (this.#held.length >= maxHeld) {
      this.#end();
    } else {
      this.#held.push({ dueAt: clock.now() + verdict.delayMs, verdict }); // or later, with those before it
      if (last === undefined) this.#wait();
    }
  }

  /** Forgets what is held and passes nothing on any more. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#held.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #carryOut({ messages, close }: MessageVerdict<M>): void {
    if (close !== "before") {
      for (const message of messages) if (!this.#isOver) this.#options.pass(message);
    }
    if (close !== undefined) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.close();
    this.#options.end();
  }

  #wait(): void {
    const [first] = this.#held;
    if (first === undefined) return;
    const leftMs = Math.max(first.dueAt - this.#options.clock.now(), 0);
    this.#timer = this.#options.clock.setTimer(() => this.#release(), leftMs);
  }

  #release(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    for (;;) {
      const [first] = this.#held;
      if (first === undefined || first.dueAt > now) break;
      this.#held.shift();
      this.#carryOut(first.verdict);
    }
    this.#wait();
    if (!this.#isOver) this.#options.onReleased?.();
  }
}
