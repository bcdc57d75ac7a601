// The pings that a mock was asked for and their pongs (BOLT 1): lnp2p's rules over again.
import type { Clock } from "@satwire/actor";
import { noPongFrom, type Ping } from "@satwire/lnwire";
import type { ConnectionError, PeerErrorCode, PingOptions } from "./peer-connection.ts";

/** The longest `ping` within a message of 65535 bytes (BOLT 1). */
const maxIgnoredBytes = 65_529;

/** Pings that were given up and whose pong may still come. */
const maxLate = 64;

interface Pending {
  readonly length: number;
  isLate: boolean;
  sentAt: number;
  readonly answered: () => void;
  readonly failed: (error: ConnectionError) => void;
}

/** Makes an error of the connection in its present phase. */
export type MakeError = (code: PeerErrorCode, text: string, cause?: unknown) => ConnectionError;

/** Pings that wait for their pong, oldest first. */
export class MockPings {
  readonly #clock: Clock;
  readonly #makeError: MakeError;
  readonly #pending = new Set<Pending>();

  constructor(clock: Clock, makeError: MakeError) {
    this.#clock = clock;
    this.#makeError = makeError;
  }

  /** Sends a ping and resolves with the milliseconds until its pong. @throws ConnectionError */
  async send(
    { numPongBytes = 1, ignoredBytes = 0, timeoutMs = 30_000, signal }: PingOptions,
    sendMessage: (message: Ping) => Promise<void>,
  ): Promise<number> {
    this.#checkSize("numPongBytes", numPongBytes, noPongFrom - 1);
    this.#checkSize("ignoredBytes", ignoredBytes, maxIgnoredBytes);
    const { pending, answer } = this.#expect(numPongBytes, timeoutMs, signal);
    const ignored = new Uint8Array(ignoredBytes);
    sendMessage({ type: "ping", numPongBytes, ignored }).then(() => {
      pending.sentAt = this.#clock.now();
    }, pending.failed);
    return answer;
  }

  /** A pong came; one that nobody waits for is of no concern. */
  receive(length: number): void {
    for (const pending of this.#pending) {
      if (pending.length === length) return pending.answered();
    }
  }

  /** Fails all that wait. */
  close(error: ConnectionError): void {
    for (const pending of this.#pending) pending.failed(error);
  }

  #expect(
    length: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): { pending: Pending; answer: Promise<number> } {
    let pending!: Pending; // the executor below runs at once
    const answer = new Promise<number>((resolve, reject) => {
      const giveUp = (error: ConnectionError): void => {
        pending.failed(error);
        this.#expectLate(pending);
      };
      const onAbort = (): void =>
        giveUp(this.#makeError("aborted", "the ping was aborted", signal?.reason));
      const onTimer = (): void => {
        const text = `no pong of ${length} bytes within ${timeoutMs} ms`;
        giveUp(this.#makeError("ping_timeout", text));
      };
      const timer = this.#clock.setTimer(onTimer, timeoutMs);
      const forget = (): void => {
        this.#pending.delete(pending);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      pending = {
        length,
        isLate: false,
        sentAt: this.#clock.now(),
        answered: () => (forget(), resolve(this.#clock.now() - pending.sentAt)),
        failed: (error) => (forget(), reject(error)),
      };
      this.#pending.add(pending);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
    });
    return { pending, answer };
  }

  /** A late pong must not answer a later ping. */
  #expectLate(pending: Pending): void {
    pending.isLate = true;
    this.#pending.add(pending);
    const late = [...this.#pending].filter(({ isLate }) => isLate);
    if (late[0] !== undefined && late.length > maxLate) this.#pending.delete(late[0]);
  }

  #checkSize(name: string, value: number, max: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= max) return;
    throw this.#makeError("invalid_option", `${name} of ${value} is not 0 to ${max}`);
  }
}
