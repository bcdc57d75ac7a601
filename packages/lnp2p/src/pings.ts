// Our own pings and the pongs that answer them (BOLT 1).
import type { Clock } from "@satwire/actor";
import { noPongFrom, type Ping } from "@satwire/lnwire";
import { PeerError } from "./errors.ts";
import type { WaitOptions } from "./p2p-connection.ts";

/** The longest `ping` within a message of 65535 bytes (BOLT 1). */
const maxIgnoredBytes = 65_529;

/** How many pongs of pings that were given up are still expected. */
const maxLate = 64;

/** Options of one ping. */
export interface PingOptions extends WaitOptions {
  /**
   * Bytes wanted in the `pong`, up to 65531.
   * @default 1
   */
  readonly numPongBytes?: number | undefined;
  /**
   * Zero bytes in the `ping` itself, up to 65529.
   * @default 0
   */
  readonly ignoredBytes?: number | undefined;
  /**
   * For sending and for the answer.
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;
}

interface Pending {
  readonly length: number;
  /** Given up, but its pong may still come and must not answer a later ping. */
  isLate: boolean;
  sentAt: number;
  readonly answered: () => void;
  readonly failed: (error: PeerError) => void;
}

/** Pings that wait for their pong, oldest first. */
export class Pings {
  readonly #clock: Clock;
  readonly #pending = new Set<Pending>();
  #closed: PeerError | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sends a ping by `sendMessage` and waits for its pong; resolves with the milliseconds it took.
   *
   * @throws PeerError `invalid_option`, `ping_timeout`, `aborted`, what `close` is given and what
   * `sendMessage` throws
   */
  async send(
    { numPongBytes = 1, ignoredBytes = 0, timeoutMs = 30_000, signal }: PingOptions,
    sendMessage: (message: Ping) => Promise<void>,
  ): Promise<number> {
    checkSize("numPongBytes", numPongBytes, noPongFrom - 1);
    checkSize("ignoredBytes", ignoredBytes, maxIgnoredBytes);
    // Waiting begins before sending: in memory a pong can be there before `sendMessage` is back.
    const { pending, answer } = this.#expect(numPongBytes, timeoutMs, signal);
    const ignored = new Uint8Array(ignoredBytes);
    const sent = sendMessage({ type: "ping", numPongBytes, ignored }).then(
      () => {
        pending.sentAt = this.#clock.now();
      },
      (error: PeerError) => pending.failed(error),
    );
    await Promise.race([sent, answer]);
    return answer;
  }

  /** A pong came. One that nobody waits for is of no concern: it may answer a ping that timed out. */
  receive(length: number): void {
    for (const pending of this.#pending) {
      if (pending.length === length) {
        pending.answered();
        return;
      }
    }
  }

  /** Remembers that the pong of a ping that was given up may still come. */
  #expectLate(pending: Pending): void {
    pending.isLate = true;
    this.#pending.add(pending);
    const late = [...this.#pending].filter(({ isLate }) => isLate);
    if (late[0] !== undefined && late.length > maxLate) this.#pending.delete(late[0]);
  }

  /** Fails all that wait, and those to come. */
  close(error: PeerError): void {
    this.#closed = error;
    for (const pending of this.#pending) pending.failed(error);
  }

  #expect(
    length: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): { pending: Pending; answer: Promise<number> } {
    let resolve: (elapsedMs: number) => void = () => {};
    let reject: (error: PeerError) => void = () => {};
    const answer = new Promise<number>((...settle) => {
      [resolve, reject] = settle;
    });
    const fail = (code: "aborted" | "ping_timeout", text: string, cause?: unknown): void => {
      pending.failed(new PeerError(code, text, { phase: "connected", cause }));
      this.#expectLate(pending);
    };
    const onAbort = (): void => fail("aborted", "the ping was aborted", signal?.reason);
    const timer = this.#clock.setTimer(
      () => fail("ping_timeout", `no pong of ${length} bytes within ${timeoutMs} ms`),
      timeoutMs,
    );
    const forget = (): void => {
      this.#pending.delete(pending);
      timer.cancel();
      signal?.removeEventListener("abort", onAbort);
    };
    const pending: Pending = {
      length,
      isLate: false,
      sentAt: this.#clock.now(),
      answered: () => (forget(), resolve(this.#clock.now() - pending.sentAt)),
      failed: (error) => (forget(), reject(error)),
    };
    this.#pending.add(pending);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    if (this.#closed !== undefined) pending.failed(this.#closed);
    return { pending, answer };
  }
}

function checkSize(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new PeerError("invalid_option", `${name} of ${value} is not 0 to ${max}`);
  }
}
