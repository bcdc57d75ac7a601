import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  featureBits,
  featureVector,
  fromHex,
  hasFeatureBit,
  joinFeatures,
  toHex,
  trimFeatures,
} from "../src/index.ts";
import { featureError } from "./support/feature-error.ts";

const maxBit = 65535 * 8 - 1;
const vectors = fc.uint8Array({ maxLength: 20 });
const bitLists = fc.uniqueArray(fc.nat({ max: 300 }));

describe("bits", () => {
  test.each([
    [[], ""],
    [[0], "01"],
    [[7], "80"],
    [[8], "0100"],
    [[1, 5, 7, 9, 13, 15], "a2a2"],
    [[9, 0, 0, 9], "0201"],
    [[35], "0800000000"],
  ])("%j are 0x%s", (bits, hex) => {
    const vector = featureVector(bits);
    expect(toHex(vector)).toBe(hex);
    expect(featureBits(vector)).toEqual([...new Set(bits)].sort((a, b) => a - b));
  });

  test("may come from any iterable", () => {
    expect(toHex(featureVector(new Set([0, 9])))).toBe("0201");
  });

  test("leading zero bytes change nothing", () => {
    const padded = fromHex("00000201");
    expect(featureBits(padded)).toEqual([0, 9]);
    expect(hasFeatureBit(padded, 9)).toBe(true);
    expect(hasFeatureBit(padded, 8)).toBe(false);
    expect(hasFeatureBit(padded, 31)).toBe(false);
  });

  test("bits beyond the bytes are not set", () => {
    expect(hasFeatureBit(fromHex("ff"), 7)).toBe(true);
    expect(hasFeatureBit(fromHex("ff"), 8)).toBe(false);
    expect(hasFeatureBit(fromHex(""), 0)).toBe(false);
  });

  const noBits = [-1, -8, 0.5, Number.NaN, Number.POSITIVE_INFINITY, maxBit + 1, 2 ** 32];

  test.each(noBits)("%s is no bit", (bit) => {
    expect(featureError(() => featureVector([1, bit]))).toMatchObject({
      name: "FeatureError",
      code: "invalid_bit",
      bits: [bit],
      message: `${bit} is no feature bit`,
    });
    expect(hasFeatureBit(fromHex("ffff"), bit)).toBe(false);
  });

  test("as many as a message can hold go both ways", () => {
    const full = new Uint8Array(65535).fill(255);
    const bits = featureBits(full);
    expect(bits.length).toBe(maxBit + 1);
    expect(bits.at(-1)).toBe(maxBit);
    expect(toHex(featureVector(bits))).toBe(toHex(full));
    expect(hasFeatureBit(full, maxBit)).toBe(true);
  });

  test("go both ways", () => {
    fc.assert(
      fc.property(bitLists, (list) => {
        expect(featureBits(featureVector(list))).toEqual(list.toSorted((a, b) => a - b));
      }),
    );
  });

  test("are each what the list says", () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        const bits = new Set(featureBits(vector));
        for (let bit = 0; bit < 170; bit++) {
          expect(hasFeatureBit(vector, bit)).toBe(bits.has(bit));
        }
      }),
    );
  });
});

describe("globalfeatures and features", () => {
  test.each([
    ["", "", ""],
    ["01", "", "01"],
    ["", "0200", "0200"],
    ["2200", "0882", "2a82"],
    ["02", "080000", "080002"],
    ["080000", "02", "080002"],
    ["0000", "01", "0001"],
  ])("0x%s or 0x%s is 0x%s", (a, b, joined) => {
    const [left, right] = [fromHex(a), fromHex(b)];
    expect(toHex(joinFeatures(left, right))).toBe(joined);
    expect([toHex(left), toHex(right)]).toEqual([a, b]);
  });

  test("are joined to the union of their bits, whichever comes first", () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        const joined = joinFeatures(a, b);
        const union = new Set([...featureBits(a), ...featureBits(b)]);
        expect(featureBits(joined)).toEqual([...union].sort((x, y) => x - y));
        expect(toHex(joinFeatures(b, a))).toBe(toHex(joined));
        expect(joined.length).toBe(Math.max(a.length, b.length));
      }),
    );
  });

  test("are joined in bytes of their own", () => {
    const a = fromHex("0201");
    const joined = joinFeatures(a, fromHex(""));
    joined[0] = 0xff;
    expect(toHex(a)).toBe("0201");
  });
});

describe("the shortest form", () => {
  test.each([
    ["", ""],
    ["00", ""],
    ["0000", ""],
    ["01", "01"],
    ["0001", "01"],
    ["000000800000", "800000"],
  ])("of 0x%s is 0x%s", (hex, trimmed) => {
    const vector = fromHex(hex);
    expect(toHex(trimFeatures(vector))).toBe(trimmed);
    expect(toHex(vector)).toBe(hex);
  });

  test("has the same bits, and is what the bits make", () => {
    fc.assert(
      fc.property(vectors, fc.nat({ max: 5 }), (vector, zeros) => {
        const padded = Uint8Array.from([...new Uint8Array(zeros), ...vector]);
        const trimmed = trimFeatures(padded);
        expect(toHex(trimmed)).toBe(toHex(featureVector(featureBits(vector))));
        expect(toHex(trimFeatures(trimmed))).toBe(toHex(trimmed));
      }),
    );
  });

  test("is a copy", () => {
    const vector = fromHex("0201");
    trimFeatures(vector)[0] = 0xff;
    expect(toHex(vector)).toBe("0201");
  });
});
