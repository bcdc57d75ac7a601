import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkFeatures,
  describeFeatures,
  type FeatureName,
  featureBits,
  featureNameOf,
  features,
  featureVector,
  fromHex,
  hasFeature,
  hasFeatureBit,
  isNegotiated,
  joinFeatures,
  toHex,
} from "../src/index.ts";
import { FeatureError } from "../src/errors.ts";
import bolt9 from "./vectors/bolt9-features.json" with { type: "json" };

const failure = (run: () => void): FeatureError => {
  try {
    run();
  } catch (error) {
    if (error instanceof FeatureError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};
const none = new Uint8Array(0);

describe("the table of BOLT 9", () => {
  test("has the same rows, and no others", () => {
    expect(Object.keys(features)).toEqual(bolt9.features.map(({ name }) => name));
  });

  test.each(bolt9.features)("$name", ({ bits, name, context, dependencies }) => {
    const [even, odd] = bits as [number, number];
    expect(features[name as FeatureName]).toEqual({
      bit: even,
      contexts: context.split(""),
      dependencies,
    });
    expect([featureNameOf(even), featureNameOf(odd)]).toEqual([name, name]);
  });

  test("assumed features have no contexts", () => {
    for (const { name } of bolt9.features.filter(({ assumed }) => assumed)) {
      expect(features[name as FeatureName].contexts).toEqual([]);
    }
  });

  test("bits between the rows belong to nobody", () => {
    for (const bit of [2, 3, 20, 21, 30, 33, 40, 52, 59, 64, 1000]) {
      expect(featureNameOf(bit)).toBeUndefined();
    }
  });
});

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

  test("leading zero bytes change nothing", () => {
    const padded = fromHex("00000201");
    expect(featureBits(padded)).toEqual([0, 9]);
    expect(hasFeatureBit(padded, 9)).toBe(true);
    expect(hasFeatureBit(padded, 8)).toBe(false);
    expect(hasFeatureBit(padded, 31)).toBe(false);
    expect(hasFeature(padded, "var_onion_optin")).toBe(true);
    expect(() => checkFeatures(padded)).not.toThrow();
  });

  test("bits beyond the bytes are not set", () => {
    expect(hasFeatureBit(fromHex("ff"), 8)).toBe(false);
    expect(hasFeatureBit(none, 0)).toBe(false);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 65535 * 8])("%s is no bit", (bit) => {
    expect(failure(() => featureVector([1, bit]))).toMatchObject({
      code: "invalid_bit",
      bits: [bit],
    });
  });

  test("as many as a message can hold go both ways", () => {
    const full = new Uint8Array(65535).fill(255);
    const bits = featureBits(full);
    expect(bits.length).toBe(65535 * 8);
    expect(toHex(featureVector(bits))).toBe(toHex(full));
  });

  test("go both ways", () => {
    const bits = fc.uniqueArray(fc.nat({ max: 300 }));
    fc.assert(
      fc.property(bits, (list) => {
        expect(featureBits(featureVector(list))).toEqual(list.toSorted((a, b) => a - b));
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
});

describe("a feature is negotiated", () => {
  const name = "option_anchors"; // 22 and 23
  test.each([
    ["nobody offers it", [], [], false],
    ["only we offer it", [23], [], false],
    ["only the peer offers it", [], [23], false],
    ["only the peer offers it, as required", [], [22], false],
    ["both offer it", [23], [23], true],
    ["we offer it and the peer requires it", [23], [22], true],
    ["we require it and the peer offers it", [22], [23], true],
    // The peer would have had to disconnect.
    ["we require it and the peer says nothing", [22], [], true],
    ["we set both bits and the peer says nothing", [22, 23], [], true],
    ["the peer offers another one", [23], [25], false],
  ])("when %s?", (_when, ours, theirs, expected) => {
    expect(isNegotiated(featureVector(ours), featureVector(theirs), name)).toBe(expected);
  });
});

describe("checking a peer's features", () => {
  test("what is known, odd or absent is fine", () => {
    expect(() => checkFeatures(none)).not.toThrow();
    expect(() => checkFeatures(featureVector([1, 3, 261, 9999]))).not.toThrow();
    const all = Object.values(features).map(({ bit }) => bit);
    expect(() => checkFeatures(featureVector(all))).not.toThrow();
  });

  test("unknown even bits are not", () => {
    const error = failure(() => checkFeatures(featureVector([0, 2, 260, 263])));
    expect(error).toMatchObject({
      name: "FeatureError",
      code: "unknown_required",
      bits: [2, 260],
      message: "the peer requires unknown features 2, 260",
    });
  });

  test("both bits of an unknown feature count as required", () => {
    expect(failure(() => checkFeatures(featureVector([260, 261])))).toMatchObject({
      code: "unknown_required",
      bits: [260],
    });
  });

  test("a peer cannot make the text of the error long", () => {
    const error = failure(() => checkFeatures(new Uint8Array(65000).fill(0x55)));
    expect(error.bits.length).toBeGreaterThan(100_000);
    expect(error.message.length).toBeLessThan(120);
    expect(error.message).toContain("and 2");
  });

  test.each([[260], [261]])("%i can be declared as known", (bit) => {
    expect(() => checkFeatures(featureVector([260]), { alsoKnown: [bit] })).not.toThrow();
    expect(failure(() => checkFeatures(featureVector([262]), { alsoKnown: [bit] })).code).toBe(
      "unknown_required",
    );
  });

  const dependent = bolt9.features.flatMap(({ bits: [bit], name, dependencies }) =>
    dependencies.map((needed) => [name, bit as number, needed as FeatureName] as const),
  );
  test.each(dependent)("%s (%i) needs %s", (_name, bit, needed) => {
    const needs = features[needed].bit;
    for (const offered of [bit, bit + 1]) {
      expect(failure(() => checkFeatures(featureVector([offered])))).toMatchObject({
        code: "missing_dependency",
        bits: [needs],
      });
      expect(() => checkFeatures(featureVector([offered, needs]))).not.toThrow();
      expect(() => checkFeatures(featureVector([offered, needs + 1]))).not.toThrow();
    }
  });

  test("what we require must be offered", () => {
    const required = featureVector([22, 27]);
    expect(failure(() => checkFeatures(featureVector([27]), { required }))).toMatchObject({
      code: "not_offered",
      bits: [22],
    });
    expect(() => checkFeatures(featureVector([22]), { required })).not.toThrow();
    expect(() => checkFeatures(featureVector([23]), { required })).not.toThrow();
  });

  test("both of our bits count as required", () => {
    const required = featureVector([22, 23]);
    expect(failure(() => checkFeatures(none, { required })).code).toBe("not_offered");
  });
});

test("a line describes each bit", () => {
  expect(describeFeatures(featureVector([0, 23, 34, 35, 260, 263]))).toEqual([
    "option_data_loss_protect (required, 0)",
    "option_anchors (optional, 23)",
    "option_quiesce (required, 34)",
    "option_quiesce (optional, 35)",
    "unknown (required, 260)",
    "unknown (optional, 263)",
  ]);
  expect(describeFeatures(fromHex("0000"))).toEqual([]);
});
