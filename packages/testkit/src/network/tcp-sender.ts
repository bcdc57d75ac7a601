// One direction of a connection: what TCP does so that everything arrives once and in order.
import type { Timer } from "@satwire/actor";
import type { Packet, PacketKind } from "./packet.ts";
import type { Wire } from "./wire.ts";

/** First time after which a lost packet is sent again, and the longest (RFC 6298 §2.4, §5.5; values of Linux). */
const firstRetryMs = 200;
const longestRetryMs = 120_000;

/** What a {@link TcpSender} is made from. */
export interface TcpSenderOptions {
  readonly wire: Wire;
  /** What all packets of this direction have in common. */
  readonly route: Pick<Packet, "from" | "to" | "fromAddress" | "toAddress" | "connection">;
  /** Bytes that may be under way without an acknowledgement. */
  readonly windowBytes: number;
  /** Milliseconds without an acknowledgement after which `onGiveUp` is called. */
  readonly retransmitMs: number;
  readonly onGiveUp: () => void;
}

type ReliableKind = Exclude<PacketKind, "rst">;

interface Queued {
  readonly kind: ReliableKind;
  bytes: Uint8Array;
  readonly deliver: (bytes: Uint8Array) => void;
}

interface Outstanding extends Readonly<Queued> {
  attempt: number;
  isLost: boolean;
  hasArrived: boolean;
}

const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Sends reliably over a {@link Wire} that loses and delays packets.
 *
 * The oldest packet that is lost is sent again after 200 ms, then after twice as long each time up to two minutes;
 * until it is acknowledged nothing new is sent, and then all that is lost is. What arrives early waits for what is
 * missing. An acknowledgement takes no time of its own, but has to get through: when it does not, the packet counts
 * as unanswered.
 */
export class TcpSender {
  readonly #options: TcpSenderOptions;
  #queue: Queued[] = [];
  /** Sent and not acknowledged, in order; the first `#delivered` of them have been handed over. */
  #outstanding: Outstanding[] = [];
  #delivered = 0;
  #outstandingBytes = 0;
  #retryMs = firstRetryMs;
  #timer: Timer | undefined;
  /** When something was acknowledged last, or sent after nothing was outstanding. */
  #progressAt = 0;
  #isRecovering = false;
  #isPumping = false;
  #isStopped = false;

  constructor(options: TcpSenderOptions) {
    this.#options = options;
  }

  /** Sends in order; `deliver` is called for each piece that comes to the other end. */
  send(kind: ReliableKind, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (this.#isStopped) return;
    this.#queue.push({ kind, bytes, deliver });
    this.#pump();
  }

  /** Gives up what is not on its way, and sends a packet that may get lost and overtakes what waits. */
  reset(deliver: () => void): void {
    this.stop();
    const packet = { ...this.#options.route, kind: "rst", bytes: noBytes, attempt: 1 } as const;
    this.#options.wire.transmit(packet, { arrive: deliver, lose() {}, wait() {} });
  }

  /** Sends nothing more; what is under way may still arrive. */
  stop(): void {
    this.#isStopped = true;
    this.#queue = [];
    this.#cancelTimer();
  }

  #pump(): void {
    if (this.#isPumping) return; // a packet came at once, and the loop below goes on
    this.#isPumping = true;
    try {
      while (!this.#isRecovering) {
        const next = this.#next();
        if (next === undefined) break;
        if (this.#outstanding.length === 0) this.#progressAt = this.#options.wire.clock.now();
        this.#outstanding.push(next);
        this.#outstandingBytes += next.bytes.length;
        this.#transmit(next);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** Takes the next packet out of the queue if the window has room for it. */
  #next(): Outstanding | undefined {
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    const { wire, route, windowBytes } = this.#options;
    const room = windowBytes - this.#outstandingBytes;
    const length = Math.min(
      first.bytes.length,
      wire.segmentBytes(route.from, route.to),
      windowBytes,
    );
    if (length > room) return undefined;
    const { kind, deliver } = first;
    const bytes = first.bytes.subarray(0, length);
    if (length === first.bytes.length) this.#queue.shift();
    else first.bytes = first.bytes.subarray(length);
    return { kind, bytes, deliver, attempt: 0, isLost: false, hasArrived: false };
  }

  #transmit(sent: Outstanding): void {
    const { wire, route } = this.#options;
    sent.attempt += 1;
    sent.isLost = false;
    const { kind, bytes, attempt } = sent;
    wire.transmit(
      { ...route, kind, bytes, attempt },
      {
        arrive: () => this.#arrived(sent),
        lose: () => {
          sent.isLost = true;
          this.#setTimer();
        },
        wait: () => this.#setTimer(),
      },
    );
  }

  #arrived(sent: Outstanding): void {
    sent.hasArrived = true;
    for (;;) {
      const next = this.#outstanding[this.#delivered];
      if (next?.hasArrived !== true) break;
      this.#delivered += 1;
      next.deliver(next.bytes);
    }
    const { wire, route } = this.#options;
    const { from, to, fromAddress, toAddress, connection } = route;
    const back = { from: to, to: from, fromAddress: toAddress, toAddress: fromAddress, connection };
    const answer: Packet = { ...back, kind: "ack", bytes: noBytes, attempt: sent.attempt };
    if (wire.acknowledges(answer)) this.#acknowledged();
    else this.#setTimer();
  }

  /** All that was delivered is acknowledged. */
  #acknowledged(): void {
    if (this.#delivered === 0) return;
    const hadTrouble = this.#timer !== undefined;
    for (const { bytes } of this.#outstanding.splice(0, this.#delivered)) {
      this.#outstandingBytes -= bytes.length;
    }
    this.#delivered = 0;
    this.#progressAt = this.#options.wire.clock.now();
    this.#retryMs = firstRetryMs;
    this.#isRecovering = false;
    this.#cancelTimer();
    if (this.#isStopped) return;
    if (hadTrouble && this.#outstanding.length > 0) {
      this.#setTimer();
      for (const sent of this.#outstanding.filter(({ isLost }) => isLost)) this.#transmit(sent);
    }
    this.#pump();
  }

  #setTimer(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#outstanding.length === 0) return;
    const { wire, retransmitMs } = this.#options;
    const leftMs = Math.max(this.#progressAt + retransmitMs - wire.clock.now(), 0);
    this.#timer = wire.clock.setTimer(() => this.#retry(), Math.min(this.#retryMs, leftMs));
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #retry(): void {
    this.#timer = undefined;
    const [oldest] = this.#outstanding;
    if (oldest === undefined) return;
    const { wire, retransmitMs, onGiveUp } = this.#options;
    if (wire.clock.now() >= this.#progressAt + retransmitMs) {
      this.stop();
      onGiveUp();
      return;
    }
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#setTimer();
    if (!oldest.isLost && !oldest.hasArrived) return; // it waits somewhere
    this.#isRecovering = true;
    this.#transmit(oldest);
  }
}
