// Block locators: how `getheaders` and `getblocks` say what the asking side has, so that the other side finds the last
// block that both have.

/**
 * Heights of the blocks that a locator names: the tip and eleven before it, then steps that double, and the first
 * block last. Those of Bitcoin Core: 31 for a million blocks, and below the limit of 101 for any height.
 *
 * @param tipHeight - height of the best block, from 0
 * @throws RangeError if it is no whole number from 0.
 */
export function locatorHeights(tipHeight: number): number[] {
  if (!(Number.isSafeInteger(tipHeight) && tipHeight >= 0)) {
    throw new RangeError(`${tipHeight} is no height`);
  }
  const heights: number[] = [];
  let step = 1;
  for (let height = tipHeight; height > 0; ) {
    heights.push(height);
    height -= step;
    if (heights.length > 10) step *= 2;
  }
  heights.push(0);
  return heights;
}

/**
 * The hashes of a locator, best block first, for `getheaders` and `getblocks`.
 *
 * @param hashAt - the hash of the block at a height of the best chain, 32 bytes in the order of the wire
 * @throws RangeError if the height is no whole number from 0.
 * @example
 * ```ts
 * const locator = blockLocator(chain.length - 1, (height) => chain[height].hash);
 * const request: GetHeaders = { type: "getheaders", version: 70016, locator, hashStop: new Uint8Array(32) };
 * ```
 */
export function blockLocator(
  tipHeight: number,
  hashAt: (height: number) => Uint8Array,
): Uint8Array[] {
  return locatorHeights(tipHeight).map((height) => hashAt(height));
}
