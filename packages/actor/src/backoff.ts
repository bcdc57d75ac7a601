// How long to wait before the next attempt: longer each time, up to a cap. Holds no timer.
import { ActorError } from "./errors.ts";
import { atLeast } from "./option-checks.ts";
import { draw, type Random, source } from "./random.ts";

/** Options of a {@link Backoff}. */
export interface BackoffOptions {
  /** The first delay in milliseconds, an integer of 1 or more: a delay of 0 would never grow. */
  readonly initialMs: number;
  /** No delay is longer, in milliseconds; an integer of `initialMs` or more. */
  readonly maxMs: number;
  /** By how much the delay grows with each attempt, 1 or more. @default 2 */
  readonly factor?: number | undefined;
  /**
   * Which share of a delay is left to chance, 0 to 1: with 0.25, between 75 % and all of it. It keeps many that
   * failed together from trying again together.
   * @default 0
   */
  readonly jitter?: number | undefined;
  /** Needed with `jitter`. */
  readonly random?: Random | undefined;
}

/**
 * Delays that grow from `initialMs` to `maxMs`.
 *
 * @example
 * ```ts
 * const backoff = new Backoff({ initialMs: 100, maxMs: 350 });
 * [backoff.next(), backoff.next(), backoff.next()]; // 100, 200, 350
 * backoff.reset();
 * backoff.next(); // 100
 * ```
 */
export class Backoff {
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #jitter: number;
  readonly #random: Random | undefined;
  #attempts = 0;

  /** @throws ActorError `invalid_option` */
  constructor({ initialMs, maxMs, factor = 2, jitter = 0, random }: BackoffOptions) {
    this.#initialMs = atLeast(1, initialMs, "backoff.initialMs");
    this.#maxMs = atLeast(initialMs, maxMs, "backoff.maxMs");
    if (!Number.isFinite(factor) || factor < 1) {
      throw new ActorError("invalid_option", `backoff.factor is ${factor}, not 1 or more`);
    }
    // Written so that NaN is refused.
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new ActorError("invalid_option", `backoff.jitter is ${jitter}, not within 0 to 1`);
    }
    this.#factor = factor;
    this.#jitter = jitter;
    this.#random =
      jitter === 0 && random === undefined ? undefined : source(random, "backoff.random");
  }

  /** Delays given since the start or the last `reset`. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The delay before the next attempt: an integer of milliseconds, from 0 to `maxMs`. */
  next(): number {
    // The power may be Infinity, which the cap takes care of.
    const delayMs = Math.min(this.#maxMs, this.#initialMs * this.#factor ** this.#attempts);
    this.#attempts++;
    const spread =
      this.#random === undefined || this.#jitter === 0 ? 0 : this.#jitter * draw(this.#random);
    return Math.round(delayMs * (1 - spread));
  }

  /** Begins anew with `initialMs`: what was tried has worked. */
  reset(): void {
    this.#attempts = 0;
  }
}
