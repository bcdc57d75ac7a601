// Refusing a few messages before a queue is full, so that it seldom gets full.
import { atLeast } from "./option-checks.ts";
import { draw, type Random, source } from "./random.ts";

/** Options of {@link randomEarlyDrop}. */
export interface RandomEarlyDropOptions {
  /** With fewer waiting, nothing is dropped. An integer of 0 or more. */
  readonly min: number;
  /** With as many waiting, or more, all is dropped. An integer above `min`. */
  readonly max: number;
  readonly random: Random;
}

/**
 * Decides by the number of those that wait: true drops. Between `min` and `max` the chance grows evenly,
 * `(waiting - min) / (max - min)`, as lnd's `queue.RandomEarlyDrop` has it. The result is a plain function:
 * `(waiting) => isPaused || red(waiting)` combines it with something else.
 *
 * @throws ActorError `invalid_option`
 */
export function randomEarlyDrop({
  min,
  max,
  random,
}: RandomEarlyDropOptions): (waiting: number) => boolean {
  atLeast(0, min, "randomEarlyDrop.min");
  atLeast(min + 1, max, "randomEarlyDrop.max");
  source(random, "randomEarlyDrop.random");
  return (waiting) => {
    if (waiting < min) return false;
    return waiting >= max || draw(random) < (waiting - min) / (max - min);
  };
}
