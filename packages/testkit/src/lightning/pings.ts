// The pings of a loopback node, and what their pongs say: that the peer has handled everything before.
import type { Clock, Timer } from "@satwire/actor";
import { noPongFrom, type Ping } from "@satwire/lnwire";
import type { Conditions, WaitOptions } from "../conditions.ts";

/** What {@link Pings} work with. */
export interface PingsOptions {
  readonly clock: Clock;
  readonly conditions: Conditions;
  /** Sends one of ours; not to be told to `add`. */
  readonly send: (ping: Ping) => void;
  /** Milliseconds from a pong to the next ping that nobody asked for; undefined for none. */
  readonly everyMs: number | undefined;
  /** Milliseconds that such a ping may wait for its pong. */
  readonly timeoutMs: number;
  readonly onTimeout: () => void;
}

interface Pending {
  readonly numPongBytes: number;
  isAnswered: boolean;
}

/** Pings whose pong is waited for; above it the oldest are given up. */
const maxPending = 1000;

/** The pings of one connection, those included that a test sends by hand. */
export class Pings {
  readonly #options: PingsOptions;
  #pending: Pending[] = [];
  #count = 0;
  /** The last one that nobody asked for, until it is answered. */
  #regular: Pending | undefined;
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: PingsOptions) {
    this.#options = options;
  }

  /** Begins to ping, if it was asked for. */
  start(): void {
    const { everyMs, timeoutMs, clock, onTimeout } = this.#options;
    if (everyMs === undefined || this.#isOver) return;
    this.#timer = clock.setTimer(() => {
      this.#regular = this.#send();
      this.#timer = clock.setTimer(onTimeout, timeoutMs);
    }, everyMs);
  }

  /** Sends a ping and resolves when its pong, or that of a later ping, is there. */
  async sync(options?: WaitOptions): Promise<void> {
    const ping = this.#send();
    await this.#options.conditions.until(() => ping.isAnswered, "the pong", options);
  }

  /** Somebody else sends a ping. */
  add({ numPongBytes }: Ping): void {
    if (numPongBytes < noPongFrom) this.#add({ numPongBytes, isAnswered: false });
  }

  /** A pong of so many bytes has come. Those of earlier pings do not come any more: they are in order. */
  received(length: number): void {
    const at = this.#pending.findIndex(({ numPongBytes }) => numPongBytes === length);
    for (const ping of this.#pending.splice(0, at + 1)) ping.isAnswered = true;
    if (this.#regular?.isAnswered === true) {
      this.#regular = undefined;
      this.#timer?.cancel();
      this.start();
    }
    this.#options.conditions.recheck();
  }

  /** Sends no more of them. */
  close(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #send(): Pending {
    // Of lengths that a test would hardly choose, so that pongs can be told apart.
    const ping = { numPongBytes: 101 + (this.#count++ % 100), isAnswered: false };
    this.#add(ping);
    const { numPongBytes } = ping;
    this.#options.send({ type: "ping", numPongBytes, ignored: new Uint8Array(0) });
    return ping;
  }

  #add(ping: Pending): void {
    this.#pending.push(ping);
    if (this.#pending.length > maxPending) this.#pending.shift();
  }
}
