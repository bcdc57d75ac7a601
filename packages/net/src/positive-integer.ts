/** The check of sizes and limits in options. */

/** Throws RangeError when an option is given and is not a positive integer. */
export function checkPositiveInteger(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
  throw new RangeError(`${name} is ${value}, not a positive integer`);
}
