import { describe, expect, test } from "vitest";
import {
  dependenciesOf,
  type Feature,
  type FeatureName,
  featureNameOf,
  type FeatureOrigin,
  features,
} from "../src/index.ts";
import bolt9 from "./vectors/bolt9-features.json" with { type: "json" };

const names = Object.keys(features) as FeatureName[];
const rows = Object.entries(features) as [FeatureName, Feature][];

/** What BOLT 9 listed when the needed feature was not yet ASSUMED. */
const assumedDependencies: { [name: string]: FeatureName[] } = {
  payment_secret: ["var_onion_optin"],
  option_route_blinding: ["var_onion_optin"],
  option_anchors: ["option_static_remotekey"],
};

describe("the table of BOLT 9", () => {
  test("has the same rows, and no others", () => {
    const ours = rows.filter(([, { origin }]) => origin === "bolt9").map(([name]) => name);
    expect(ours).toEqual(bolt9.features.map(({ name }) => name));
  });

  test.each(bolt9.features)("$name", ({ bits, name, context, dependencies, assumed }) => {
    const [even, odd] = bits as [number, number];
    expect(features[name as FeatureName]).toEqual({
      bit: even,
      optionalBit: odd,
      origin: "bolt9",
      contexts: context.split(""),
      dependencies,
      assumedDependencies: assumedDependencies[name] ?? [],
      isAssumed: assumed,
    });
    expect([featureNameOf(even), featureNameOf(odd)]).toEqual([name, name]);
  });

  test("five features are assumed", () => {
    const assumed = rows.filter(([, { isAssumed }]) => isAssumed);
    expect(assumed.map(([, { bit }]) => bit)).toEqual([0, 8, 12, 14, 44]);
  });
});

// bit, origin, contexts, name, dependencies
type Row = [number, FeatureOrigin, string, FeatureName, FeatureName[]];
const beyond: Row[] = [
  [2, "former", "I", "initial_routing_sync", []],
  [20, "former", "INT", "option_anchor_outputs", ["option_static_remotekey"]],
  [30, "lnd", "IN9", "amp", ["payment_secret"]],
  [40, "draft", "INT", "zero_fee_commitments", ["option_channel_type"]],
  [52, "draft", "IN", "option_htlc_hold", ["option_onion_messages"]],
  [54, "blip", "N", "keysend", ["var_onion_optin"]],
  [56, "draft", "IN9", "trampoline_routing", []],
  [58, "draft", "IN", "option_minitrampoline", []],
  [64, "draft", "IN", "option_zero_reserve", []],
  [66, "eclair", "IN", "option_onion_messages_only_channels", []],
  [68, "draft", "I", "option_message_padding", []],
  [70, "draft", "IN", "option_gossip_v2", []],
  [72, "draft", "IN", "option_gossip_v2_p2wsh", ["option_gossip_v2"]],
  [74, "draft", "IN", "option_gossip_announce_private", []],
  [80, "lnd", "INT", "simple_taproot_chans", ["option_anchors", "option_channel_type"]],
  [104, "cln", "IN", "shutdown_wrong_funding", []],
  [128, "eclair", "IT", "phoenix_zero_reserve", []],
  [132, "eclair", "I", "wake_up_notification_client", []],
  [134, "eclair", "IN", "wake_up_notification_provider", []],
  [140, "ldk", "T", "anchor_zero_fee_commitments_staging", []],
  [148, "eclair", "IN9", "trampoline_payment_prototype", ["payment_secret"]],
  [152, "ldk", "IN", "htlc_hold", []],
  [154, "eclair", "I", "splice_prototype", []],
  [160, "lnd", "IN", "rbf_coop_close_x", []],
  [162, "cln", "IN", "option_experimental_splice", []],
  [180, "lnd", "INT", "simple_taproot_chans_x", ["option_anchors", "option_channel_type"]],
  [256, "blip", "IN", "hosted_channels", []],
  [258, "blip", "N", "dns_resolver", []],
  [260, "lnd", "N", "accountable_x", []],
  [262, "blip", "9", "bolt11_blinded_path", ["option_route_blinding"]],
  [560, "eclair", "I", "on_the_fly_funding", []],
  [562, "eclair", "I", "funding_fee_credit", ["on_the_fly_funding"]],
  [
    564,
    "eclair",
    "INT",
    "option_simple_taproot_phoenix",
    ["option_channel_type", "option_simple_close"],
  ],
  [728, "blip", "IN", "option_supports_lsps", []],
  [2022, "lnd", "INT", "script_enforced_lease", ["option_channel_type", "option_anchors"]],
  [
    2026,
    "lnd",
    "INT",
    "taproot_overlay_chans",
    ["simple_taproot_chans_x", "var_onion_optin", "option_scid_alias"],
  ],
];

describe("beyond BOLT 9", () => {
  test("has these rows, and no others", () => {
    const ours = rows.filter(([, { origin }]) => origin !== "bolt9").map(([name]) => name);
    expect(ours).toEqual(beyond.map(([, , , name]) => name));
  });

  test.each(beyond)("%i is %s, in %s: %s", (bit, origin, contexts, name, dependencies) => {
    expect(features[name]).toEqual({
      bit,
      optionalBit: bit === 2026 ? 2025 : bit + 1,
      origin,
      contexts: contexts.split(""),
      dependencies,
      assumedDependencies: [],
      isAssumed: false,
    });
    expect(featureNameOf(bit)).toBe(name);
  });

  test("lnd's taproot overlay has an odd bit that is not next to its even one", () => {
    expect([2024, 2025, 2026, 2027].map(featureNameOf)).toEqual([
      undefined,
      "taproot_overlay_chans",
      "taproot_overlay_chans",
      undefined,
    ]);
  });

  test("bits between the rows belong to nobody", () => {
    for (const bit of [32, 33, 76, 106, 158, 264, 1000, 2 ** 32, -2, 0.5]) {
      expect(featureNameOf(bit)).toBeUndefined();
    }
  });
});

describe("all rows", () => {
  test("no bit belongs to two", () => {
    const bits = rows.flatMap(([, { bit, optionalBit }]) => [bit, optionalBit]);
    expect(new Set(bits).size).toBe(2 * names.length);
  });

  test("even bits are even and odd ones odd", () => {
    for (const [, { bit, optionalBit }] of rows) expect([bit % 2, optionalBit % 2]).toEqual([0, 1]);
  });

  test.each(names)("what %s needs is closed, and it is not needed by itself", (name) => {
    const needed = dependenciesOf(name);
    expect(needed).not.toContain(name);
    for (const other of needed) {
      expect(needed).toEqual(expect.arrayContaining([...features[other].dependencies]));
    }
    expect(needed).toEqual(expect.arrayContaining([...features[name].dependencies]));
  });

  test.each<[FeatureName, FeatureName[]]>([
    ["option_splice", []],
    ["basic_mpp", ["payment_secret"]],
    [
      "option_simple_taproot_phoenix",
      ["option_channel_type", "option_simple_close", "option_shutdown_anysegwit"],
    ],
    [
      "taproot_overlay_chans",
      [
        "simple_taproot_chans_x",
        "var_onion_optin",
        "option_scid_alias",
        "option_anchors",
        "option_channel_type",
      ],
    ],
  ])("%s needs %j", (name, needed) => {
    expect(dependenciesOf(name)).toEqual(needed);
  });
});
