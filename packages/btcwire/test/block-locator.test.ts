import { describe, expect, test } from "vitest";
import { blockLocator, locatorHeights } from "../src/block-locator.ts";
import { maxLocator } from "../src/index.ts";

describe("a block locator", () => {
  test("of a short chain has every block", () => {
    expect(locatorHeights(0)).toEqual([0]);
    expect(locatorHeights(1)).toEqual([1, 0]);
    expect(locatorHeights(11)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  // The heights that Bitcoin Core's `LocatorEntries` visits.
  test("of a longer one has twelve blocks and steps that double", () => {
    expect(locatorHeights(12)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(locatorHeights(100)).toEqual([
      100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89, 87, 83, 75, 59, 27, 0,
    ]);
    const heights = locatorHeights(1_000_000);
    expect(heights).toHaveLength(31);
    expect(heights.slice(-2)).toEqual([475_703, 0]);
  });

  test("of any height is short, in descending order, and ends at the first block once", () => {
    for (const tip of [13, 14, 15, 1234, 959_999, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const heights = locatorHeights(tip);
      expect(heights.length).toBeLessThan(maxLocator);
      expect(heights).toEqual([...new Set(heights)].sort((a, b) => b - a));
      expect([heights[0], heights.at(-1)]).toEqual([tip, 0]);
    }
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])("has no height %d", (height) => {
    expect(() => locatorHeights(height)).toThrow(RangeError);
  });

  test("is the hashes at these heights", () => {
    const hashes = Array.from({ length: 14 }, (_, i) => new Uint8Array(32).fill(i));
    const locator = blockLocator(13, (height) => hashes[height] as Uint8Array);
    expect(locator.map(([byte]) => byte)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0]);
  });
});
