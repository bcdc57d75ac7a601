// Where chance comes from. Tests pass a source they know, so that a failure can be had again.
import { ActorError } from "./errors.ts";

/** Gives a number in [0, 1) at each call: `Math.random`, or a seeded generator. */
export type Random = () => number;

/** @throws ActorError `invalid_option` unless it is a function */
export function source(random: Random | undefined, name: string): Random {
  if (typeof random !== "function") {
    throw new ActorError("invalid_option", `${name} is ${String(random)}, not a source of numbers`);
  }
  return random;
}

const largestBelowOne = 1 - 2 ** -53;

/** One number in [0, 1), whatever the source gives: a bad one must not become an index or a delay. */
export function draw(random: Random): number {
  const value = random();
  return value > 0 ? Math.min(value, largestBelowOne) : 0; // false for NaN too
}
