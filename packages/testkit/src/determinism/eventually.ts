// Asking again until the answer is right: for what cannot say when it has changed.
import { type Clock, systemClock, type Timer } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import type { WaitOptions } from "../conditions.ts";
import { isErrorLike, printable } from "../printable.ts";
import { settle } from "./settle.ts";

/** Options of {@link eventually}. */
export interface EventuallyOptions extends WaitOptions {
  /** Milliseconds after which it looks a last time. @default 1000 */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between two looks, above 0. @default 10 */
  readonly intervalMs?: number | undefined;
  /** What measures both times; somebody has to move a virtual one. @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * Calls a function until it neither throws nor returns `false`, also by way of a promise, and resolves with what it
 * returned. Everything else is an answer, `undefined` too: that is what assertions return.
 *
 * @example
 * ```ts
 * await eventually(() => assert.equal(server.connections, 0));
 * const peer = await eventually(() => peers.get(id) ?? false);
 * ```
 *
 * @throws AssertionError when the time is up, with the last error as `cause` and its `actual` and `expected`;
 * RangeError for times that make no sense; the signal's reason
 */
export function eventually<T>(
  look: () => T | PromiseLike<T>,
  { timeoutMs = 1000, intervalMs = 10, clock = systemClock, signal }: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  return new Promise((resolve, reject) => {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`);
    if (!(intervalMs > 0 && Number.isFinite(intervalMs))) {
      throw new RangeError(`intervalMs of ${intervalMs} is not above 0`);
    }
    signal?.throwIfAborted();
    let looks = 0;
    let last: Answer<T> | undefined;
    let isLooking = false;
    let isOver = false;
    let retry: Timer | undefined;
    const end = (): void => {
      isOver = true;
      deadline.cancel();
      retry?.cancel();
      signal?.removeEventListener("abort", onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(signal?.reason);
    };
    const lookOnce = async (): Promise<void> => {
      looks += 1;
      isLooking = true;
      const answer = await answerOf(look);
      isLooking = false;
      if (isOver) return;
      last = answer;
      if ("value" in answer && answer.value !== false) {
        end();
        resolve(answer.value as Exclude<T, false>);
      } else {
        retry = clock.setTimer(() => void lookOnce(), intervalMs);
      }
    };
    const giveUp = (): void => {
      if (isOver) return;
      end();
      reject(tooLate(timeoutMs, looks, last));
    };
    const onDeadline = (): void => {
      if (isLooking) return giveUp();
      retry?.cancel();
      // Time may be up at the moment in which the answer became right. A promise gets no more time than that.
      void Promise.race([lookOnce(), settle()]).then(giveUp);
    };
    const deadline = clock.setTimer(onDeadline, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    void lookOnce();
  });
}

type Answer<T> = { readonly value: T } | { readonly error: unknown };

async function answerOf<T>(look: () => T | PromiseLike<T>): Promise<Answer<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    return { error };
  }
}

function tooLate<T>(timeoutMs: number, looks: number, last: Answer<T> | undefined): AssertionError {
  const times = looks === 1 ? "1 look" : `${looks} looks`;
  const text = `not so after ${timeoutMs} ms and ${times}`;
  if (last === undefined) return new AssertionError(`${text}: the first has not ended`);
  if ("value" in last) {
    return new AssertionError(`${text}: still false`, { actual: false, operator: "eventually" });
  }
  const { error } = last;
  const { actual, expected } = (error ?? {}) as { actual?: unknown; expected?: unknown };
  const reason = isErrorLike(error) ? error.message : printable(error);
  return new AssertionError(`${text}: ${reason}`, {
    actual,
    expected,
    operator: "eventually",
    cause: error,
  });
}
