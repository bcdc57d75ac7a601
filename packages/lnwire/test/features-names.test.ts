import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkOwnFeatures,
  describeFeatures,
  type FeatureName,
  featureBits,
  features,
  featureVector,
  fromHex,
  hasFeature,
  isNegotiated,
  toHex,
  withDependencies,
} from "../src/index.ts";
import { nodeFeatures } from "./support/node-features.ts";

const names = Object.keys(features) as FeatureName[];

describe("a feature is offered", () => {
  test.each(names)("%s by either of its bits", (name) => {
    const { bit, optionalBit } = features[name];
    expect(hasFeature(featureVector([bit]), name)).toBe(true);
    expect(hasFeature(featureVector([optionalBit]), name)).toBe(true);
    expect(hasFeature(featureVector([bit, optionalBit]), name)).toBe(true);
    const others = names.filter((other) => other !== name).map((other) => features[other].bit);
    expect(hasFeature(featureVector(others), name)).toBe(false);
  });

  test("whatever the padding", () => {
    expect(hasFeature(fromHex("00000201"), "var_onion_optin")).toBe(true);
    expect(hasFeature(fromHex("00000001"), "var_onion_optin")).toBe(false);
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

  test.each([
    [[2025], [2026], true],
    [[2026], [], true],
    [[2027], [2027], false],
    [[2024], [2024], false],
  ])("when lnd's odd pair is %j here and %j there?", (ours, theirs, expected) => {
    const [left, right] = [featureVector(ours), featureVector(theirs)];
    expect(isNegotiated(left, right, "taproot_overlay_chans")).toBe(expected);
  });
});

describe("a line describes each bit", () => {
  test("of whatever origin", () => {
    const bits = [0, 3, 23, 31, 34, 35, 41, 55, 105, 153, 181, 260, 263, 1000, 2023, 2025, 2026];
    expect(describeFeatures(featureVector(bits))).toEqual([
      "option_data_loss_protect (required, 0)",
      "initial_routing_sync (optional, 3, former)",
      "option_anchors (optional, 23)",
      "amp (optional, 31, lnd)",
      "option_quiesce (required, 34)",
      "option_quiesce (optional, 35)",
      "zero_fee_commitments (optional, 41, draft)",
      "keysend (optional, 55, blip)",
      "shutdown_wrong_funding (optional, 105, cln)",
      "htlc_hold (optional, 153, ldk)",
      "simple_taproot_chans_x (optional, 181, lnd)",
      "accountable_x (required, 260, lnd)",
      "bolt11_blinded_path (optional, 263, blip)",
      "unknown (required, 1000)",
      "script_enforced_lease (optional, 2023, lnd)",
      "taproot_overlay_chans (optional, 2025, lnd)",
      "taproot_overlay_chans (required, 2026, lnd)",
    ]);
  });

  test("and nothing else", () => {
    expect(describeFeatures(fromHex("0000"))).toEqual([]);
  });

  test("every bit of today's nodes has a name", () => {
    for (const [, bits] of nodeFeatures) {
      expect(describeFeatures(featureVector(bits)).join()).not.toContain("unknown");
    }
  });
});

describe("with dependencies", () => {
  test.each([
    ["nothing", [], []],
    ["unknown bits", [1000, 1003], [1000, 1003]],
    ["what needs nothing", [34], [34]],
    // Required or optional, what is needed is offered as optional.
    ["option_zeroconf", [51], [47, 51]],
    ["option_zeroconf, required", [50], [47, 50]],
    ["what is there already, required", [46, 51], [46, 51]],
    ["what lnd wants for basic_mpp", [17], [9, 15, 17]],
    ["what lnd wants for option_anchors", [23], [13, 23]],
    ["what lnd wants for option_route_blinding", [25], [9, 25]],
    ["the dependencies of dependencies", [2025], [9, 13, 23, 45, 47, 181, 2025]],
    ["both bits of a pair", [50, 51], [47, 50, 51]],
  ])("%s", (_name, bits, expected) => {
    const vector = featureVector(bits);
    expect(featureBits(withDependencies(vector))).toEqual(expected);
    expect(featureBits(vector)).toEqual(bits);
  });

  test("in the shortest form", () => {
    expect(toHex(withDependencies(fromHex("00000000")))).toBe("");
    expect(toHex(withDependencies(fromHex("000001")))).toBe("01");
  });

  const ownBits = fc.uniqueArray(
    fc.constantFrom(...names.map((name) => features[name].optionalBit)),
  );

  test("any set becomes one that may be sent, keeps its bits, and then stays as it is", () => {
    fc.assert(
      fc.property(ownBits, (bits) => {
        // 49 has no place in `init`.
        const vector = featureVector(bits.filter((bit) => bit !== 49));
        const complete = withDependencies(vector);
        expect(() => checkOwnFeatures(complete)).not.toThrow();
        expect(featureBits(complete)).toEqual(expect.arrayContaining(featureBits(vector)));
        expect(toHex(withDependencies(complete))).toBe(toHex(complete));
      }),
    );
  });

  test("today's nodes are complete", () => {
    for (const [name, bits] of nodeFeatures) {
      const vector = featureVector(bits);
      expect(toHex(withDependencies(vector)), name).toBe(toHex(vector));
    }
  });
});
