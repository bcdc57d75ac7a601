// Checks of what arbitraries are told.

/** @throws RangeError unless the value is an integer from `least` on */
export function checkCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} is ${value}, not an integer from ${least} on`);
}
