// Options are checked where they come in, by name and value.
import { ActorError } from "./errors.ts";

/** @throws ActorError `invalid_option` unless it is an integer of `least` or more */
export function atLeast(least: number, value: number, name: string): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ActorError(
      "invalid_option",
      `${name} is ${value}, not an integer of ${least} or more`,
    );
  }
  return value;
}

/** @throws ActorError `invalid_option` unless it is a finite number of milliseconds, 0 or more */
export function duration(value: number, name: string): number {
  if (!Number.isFinite(value) || value < 0) {
    throw new ActorError("invalid_option", `${name} is ${value}, not a time in milliseconds`);
  }
  return value;
}
