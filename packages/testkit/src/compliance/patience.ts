// How long the suites wait for something that must happen, and the turns of the event loop they let pass.
import { type Clock, systemClock } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";

/** What every suite can be told about waiting. */
export interface PatienceOptions {
  /**
   * Milliseconds after which something that must happen has not. Less than the time-out of the runner, so that the
   * failure says what was missing.
   *
   * @default 4000
   */
  readonly timeoutMs?: number | undefined;
  /** What those milliseconds are counted with. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** Waits, but not for ever. */
export class Patience {
  readonly clock: Clock;
  readonly timeoutMs: number;

  /** @throws RangeError unless the time is above 0 */
  constructor({ timeoutMs = 4000, clock = systemClock }: PatienceOptions = {}) {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is ${timeoutMs}, not above 0`);
    this.clock = clock;
    this.timeoutMs = timeoutMs;
  }

  /** What the promise settles with. @throws AssertionError if that takes too long */
  for<T>(promise: Promise<T>, what: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const text = `waited ${this.timeoutMs} ms for ${what}`;
      const timer = this.clock.setTimer(() => reject(new AssertionError(text)), this.timeoutMs);
      promise.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

/**
 * The promise itself, of something that goes on while the test looks elsewhere: a test that fails meanwhile leaves no
 * unhandled rejection.
 */
export function started<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const Channel = globalThis.MessageChannel; // before a test runner replaces anything

/** Resolves in a later turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

/** Lets many turns of the event loop pass: what happens by itself, without time, has happened then. */
export async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}
