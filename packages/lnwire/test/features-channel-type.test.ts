import { describe, expect, test } from "vitest";
import {
  channelTypeOf,
  type ChannelTypeName,
  channelTypeVector,
  checkOwnFeatures,
  features,
  featureVector,
  fromHex,
  hasFeatureBit,
  toHex,
} from "../src/index.ts";

const basicTypes: [ChannelTypeName, number[]][] = [
  // BOLT 2
  ["option_static_remotekey", [12]],
  ["option_anchors", [12, 22]],
  // beyond it
  ["option_anchor_outputs", [12, 20]],
  ["zero_fee_commitments", [40]],
  ["anchor_zero_fee_commitments_staging", [140]],
  ["simple_taproot_chans", [80]],
  ["simple_taproot_chans_x", [180]],
  ["script_enforced_lease", [12, 22, 2022]],
  ["taproot_overlay_chans", [2026]],
];

describe("channel types", () => {
  test.each<[string, ChannelTypeName, boolean, boolean]>([
    ["1000", "option_static_remotekey", false, false],
    ["401000", "option_anchors", false, false],
    ["400000001000", "option_static_remotekey", true, false],
    ["04000000401000", "option_anchors", false, true],
    ["04400000401000", "option_anchors", true, true],
  ])("0x%s is %s, scid alias %s, zeroconf %s", (hex, name, scidAlias, zeroconf) => {
    expect(channelTypeOf(fromHex(hex))).toEqual({ name, scidAlias, zeroconf });
    expect(toHex(channelTypeVector(name, { scidAlias, zeroconf }))).toBe(hex);
  });

  test.each(basicTypes)("%s with its variations", (name, bits) => {
    for (const [scidAlias, zeroconf, more] of [
      [false, false, []],
      [true, false, [46]],
      [false, true, [50]],
      [true, true, [46, 50]],
    ] as const) {
      const vector = channelTypeVector(name, { scidAlias, zeroconf });
      expect(toHex(vector)).toBe(toHex(featureVector([...bits, ...more])));
      expect(channelTypeOf(vector)).toEqual({ name, scidAlias, zeroconf });
      expect(() => checkOwnFeatures(vector, { context: "T" })).not.toThrow();
    }
    expect(hasFeatureBit(channelTypeVector(name), features[name].bit)).toBe(true);
  });

  test("variations are off unless they are asked for", () => {
    expect(toHex(channelTypeVector("option_anchors"))).toBe("401000");
    expect(toHex(channelTypeVector("option_anchors", { zeroconf: undefined }))).toBe("401000");
  });

  test("leading zero bytes are read", () => {
    expect(channelTypeOf(fromHex("00001000"))?.name).toBe("option_static_remotekey");
  });

  test.each([
    ["nothing", []],
    ["only variations", [46, 50]],
    ["an optional bit", [13]],
    ["an optional variation", [12, 47]],
    ["an unknown bit", [12, 22, 1000]],
    ["a part of one", [22]],
    ["two at once", [12, 40]],
  ])("%s is none", (_what, bits) => {
    expect(channelTypeOf(featureVector(bits))).toBeUndefined();
  });
});
