import { describe, expect, test } from "vitest";
import {
  checkFeatures,
  checkOwnFeatures,
  type FeatureField,
  type FeatureName,
  features,
  featureVector,
  fromHex,
} from "../src/index.ts";
import { isPresentable } from "../src/feature-rules.ts";
import { featureError } from "./support/feature-error.ts";
import { nodeFeatures } from "./support/node-features.ts";
import bolt9 from "./vectors/bolt9-features.json" with { type: "json" };

const none = new Uint8Array(0);
/** What a peer could send at most, and more than any node does. */
const flood = new Uint8Array(65_000).fill(0xff);

describe("checking a peer's features", () => {
  test("what is known, odd or absent is fine", () => {
    expect(() => checkFeatures(none)).not.toThrow();
    expect(() => checkFeatures(fromHex("00000201"))).not.toThrow();
    expect(() => checkFeatures(featureVector([1, 3, 261, 9999]))).not.toThrow();
    const all = bolt9.features.map(({ bits: [even] }) => even as number);
    expect(() => checkFeatures(featureVector(all))).not.toThrow();
  });

  test.each(nodeFeatures)("%s is fine", (_name, bits) => {
    expect(() => checkFeatures(featureVector(bits))).not.toThrow();
  });

  test("unknown even bits are not", () => {
    expect(featureError(() => checkFeatures(featureVector([0, 300, 1000, 1003])))).toMatchObject({
      name: "FeatureError",
      code: "unknown_required",
      bits: [300, 1000],
      message: "the peer requires unknown features 300, 1000",
    });
  });

  const beyond = Object.values(features).filter(({ origin }) => origin !== "bolt9");
  test.each(beyond)("$bit has a name, and is unknown all the same", ({ bit, optionalBit }) => {
    expect(featureError(() => checkFeatures(featureVector([bit])))).toMatchObject({
      code: "unknown_required",
      bits: [bit],
    });
    // Nor are the dependencies of what is not known.
    expect(() => checkFeatures(featureVector([optionalBit]))).not.toThrow();
  });

  test("both bits of a pair count as required", () => {
    expect(() => checkFeatures(featureVector([22, 23]))).not.toThrow();
    expect(featureError(() => checkFeatures(featureVector([260, 261])))).toMatchObject({
      code: "unknown_required",
      bits: [260],
    });
  });

  test("a peer cannot make the text of the error long", () => {
    const error = featureError(() => checkFeatures(flood));
    expect(error.code).toBe("unknown_required");
    expect(error.bits.length).toBe(260_000 - bolt9.features.length);
    expect(error.message).toBe(
      `the peer requires unknown features 2, 20, 30, 32, 40, 52, 54, 56 and ${error.bits.length - 8} more`,
    );
  });

  describe("bits that are also known", () => {
    test.each([[260], [261]])("%i, for its pair", (bit) => {
      expect(() => checkFeatures(featureVector([260]), { alsoKnown: [bit] })).not.toThrow();
      const error = featureError(() => checkFeatures(featureVector([262]), { alsoKnown: [bit] }));
      expect(error).toMatchObject({ code: "unknown_required", bits: [262] });
    });

    test.each([[1000], [1001]])("%i, that nobody assigned", (bit) => {
      expect(() => checkFeatures(featureVector([1000]), { alsoKnown: [bit] })).not.toThrow();
      const error = featureError(() => checkFeatures(featureVector([998]), { alsoKnown: [bit] }));
      expect(error).toMatchObject({ code: "unknown_required", bits: [998] });
    });

    test.each([
      ["amp", 30, [14]],
      ["amp", 31, [14]],
      ["taproot_overlay_chans", 2025, [180, 8, 46, 22, 44]],
      ["taproot_overlay_chans", 2026, [180, 8, 46, 22, 44]],
    ])("%s (%i) with what it needs", (name, bit, needed) => {
      const alsoKnown = [bit];
      const error = featureError(() => checkFeatures(featureVector([bit]), { alsoKnown }));
      expect(error).toMatchObject({ code: "missing_dependency", bits: needed });
      expect(error.message).toMatch(`the peer's ${name} lacks `);
      // What it needs is known as well, 180 too.
      const complete = featureVector([bit, ...needed]);
      expect(() => checkFeatures(complete, { alsoKnown })).not.toThrow();
    });
  });

  const dependent = bolt9.features.flatMap(({ bits: [bit], name, dependencies }) =>
    dependencies.map((needed) => [name, bit as number, needed as FeatureName] as const),
  );
  test.each(dependent)("%s (%i) needs %s", (name, bit, needed) => {
    const needs = features[needed].bit;
    for (const offered of [bit, bit + 1]) {
      expect(featureError(() => checkFeatures(featureVector([offered])))).toMatchObject({
        code: "missing_dependency",
        bits: [needs],
        message: `the peer's ${name} lacks ${needed}`,
      });
      expect(() => checkFeatures(featureVector([offered, needs]))).not.toThrow();
      expect(() => checkFeatures(featureVector([offered, needs + 1]))).not.toThrow();
    }
  });

  test("what is ASSUMED is not needed", () => {
    expect(() => checkFeatures(featureVector([15, 23, 25]))).not.toThrow();
  });

  describe("what we require", () => {
    test("must be offered, either way", () => {
      const required = featureVector([22, 27]);
      expect(featureError(() => checkFeatures(featureVector([27]), { required }))).toMatchObject({
        code: "not_offered",
        bits: [22],
        message: "the peer lacks the required features 22",
      });
      expect(() => checkFeatures(featureVector([22]), { required })).not.toThrow();
      expect(() => checkFeatures(featureVector([23]), { required })).not.toThrow();
    });

    test("counts if both of our bits are set", () => {
      const required = featureVector([22, 23]);
      expect(featureError(() => checkFeatures(none, { required })).code).toBe("not_offered");
    });

    test("is offered by lnd's odd pair", () => {
      const required = featureVector([2026]);
      expect(() => checkFeatures(featureVector([2025]), { required })).not.toThrow();
      expect(featureError(() => checkFeatures(featureVector([2027]), { required })).bits).toEqual([
        2026,
      ]);
    });

    test("may be left out if it is ASSUMED", () => {
      expect(() =>
        checkFeatures(none, { required: featureVector([0, 8, 12, 14, 44]) }),
      ).not.toThrow();
      const required = featureVector([0, 6, 44]);
      expect(featureError(() => checkFeatures(none, { required })).bits).toEqual([6]);
    });
  });
});

describe("checking our own features", () => {
  test.each(nodeFeatures)("those of %s are fine", (_name, bits) => {
    expect(() => checkOwnFeatures(featureVector(bits))).not.toThrow();
    expect(() => checkOwnFeatures(featureVector(bits), { context: "N" })).not.toThrow();
  });

  test("unknown bits are fine anywhere", () => {
    for (const context of ["I", "N", "C", "9", "B"] as const) {
      expect(() => checkOwnFeatures(featureVector([1000, 1003]), { context })).not.toThrow();
    }
  });

  test.each([
    [[22, 23], [22]],
    [
      [0, 1, 22, 34, 35],
      [0, 34],
    ],
    [[1000, 1001], [1000]],
    [[2025, 2026], [2026]],
    [[2024, 2025], [2024]],
    [[2026, 2027], [2026]],
  ])("both bits of a pair: %j", (bits, twice) => {
    expect(featureError(() => checkOwnFeatures(featureVector(bits)))).toMatchObject({
      code: "both_bits",
      bits: twice,
      message: `required and optional at once: the pairs of ${twice.join(", ")}`,
    });
  });

  test.each([
    [[17], "basic_mpp", [14]],
    [[50], "option_zeroconf", [46]],
    [[61], "option_simple_close", [26]],
    [[31], "amp", [14]],
    [[55], "keysend", [8]],
    [[2025, 47, 9], "taproot_overlay_chans", [180, 22, 44]],
  ])("a dependency that lacks: %j", (bits, name, needed) => {
    const error = featureError(() => checkOwnFeatures(featureVector(bits)));
    expect(error).toMatchObject({ code: "missing_dependency", bits: needed });
    expect(error.message).toMatch(new RegExp(`^${name} lacks `));
    const complete = featureVector([...bits, ...needed]);
    expect(() => checkOwnFeatures(complete)).not.toThrow();
  });

  const fields: FeatureField[] = ["I", "N", "C", "9", "B", "T"];
  /** Where nodes set what BOLT 9 gives no context. */
  const customary: { [name: string]: string } = {
    option_data_loss_protect: "IN",
    gossip_queries: "IN",
    var_onion_optin: "IN9",
    option_static_remotekey: "INT",
    payment_secret: "IN9",
    option_channel_type: "IN",
  };

  test.each(bolt9.features)("the contexts of $name", ({ bits, name, context, dependencies }) => {
    const [even, odd] = bits as [number, number];
    const allowed = customary[name] ?? context;
    const needed = dependencies.map((dependency) => features[dependency as FeatureName].bit);
    for (const field of fields) {
      for (const bit of [even, odd]) {
        const run = (): void =>
          checkOwnFeatures(featureVector(field === "T" ? [bit] : [bit, ...needed]), {
            context: field,
          });
        // Channel types are made of even bits.
        if (allowed.includes(field) && !(field === "T" && bit === odd)) expect(run).not.toThrow();
        else expect(featureError(run)).toMatchObject({ code: "wrong_context" });
      }
    }
  });

  test("bits in the wrong context are named", () => {
    expect(featureError(() => checkOwnFeatures(featureVector([1, 49])))).toMatchObject({
      code: "wrong_context",
      bits: [49],
      message: "features 49 may not be in the context I",
    });
    const invoice = featureVector([8, 14, 17, 35, 48, 63]);
    expect(featureError(() => checkOwnFeatures(invoice, { context: "9" })).bits).toEqual([35, 63]);
  });

  test("an invoice of today's nodes is fine", () => {
    const invoice = featureVector([8, 14, 17, 25, 48, 263]);
    expect(() => checkOwnFeatures(invoice, { context: "9" })).not.toThrow();
  });

  test("an invoice has 5115 bits", () => {
    expect(() => checkOwnFeatures(featureVector([5114]), { context: "9" })).not.toThrow();
    expect(() => checkOwnFeatures(featureVector([5115]))).not.toThrow();
    expect(
      featureError(() => checkOwnFeatures(featureVector([5115]), { context: "9" })),
    ).toMatchObject({ code: "wrong_context", bits: [5115] });
  });

  test("a channel type has even bits, and needs no dependencies", () => {
    // `option_zeroconf` without `option_scid_alias` is one that BOLT 2 lists.
    expect(() => checkOwnFeatures(featureVector([12, 22, 50]), { context: "T" })).not.toThrow();
    expect(() => checkOwnFeatures(featureVector([180]), { context: "T" })).not.toThrow();
    const odd = featureVector([12, 181, 1001]);
    expect(featureError(() => checkOwnFeatures(odd, { context: "T" })).bits).toEqual([181, 1001]);
  });

  test("the text of the error stays short", () => {
    const error = featureError(() => checkOwnFeatures(flood));
    expect(error.code).toBe("both_bits");
    expect(error.message).toBe(
      "required and optional at once: the pairs of 0, 2, 4, 6, 8, 10, 12, 14 and 259992 more",
    );
  });
});

// No feature of BOLT 9 has these contexts by now.
test.each([
  [["C"], 22, "C", true],
  [["C"], 23, "C", true],
  [["C-"], 22, "C", false],
  [["C-"], 23, "C", true],
  [["C+"], 22, "C", true],
  [["C+"], 23, "C", false],
  [["B"], 22, "B", true],
  [["C"], 22, "B", false],
  [["C-"], 23, "I", false],
  [["I", "N"], 22, "N", true],
  [[], 22, "I", false],
] as const)("contexts %j: %i in %s?", (contexts, bit, field, expected) => {
  expect(isPresentable(contexts, bit, field)).toBe(expected);
});
