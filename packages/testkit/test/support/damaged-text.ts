// Text that somebody has edited badly.
import type { Rng } from "@satwire/testkit";

/** The text with a few characters replaced by pieces. */
export function damaged(text: string, pieces: readonly string[], rng: Rng): string {
  let result = text;
  for (let edits = rng.int(1, 4); edits > 0; edits--) {
    const at = rng.int(0, result.length);
    result = result.slice(0, at) + rng.pick(pieces) + result.slice(at + rng.int(0, 5));
  }
  return result;
}
