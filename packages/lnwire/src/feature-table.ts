// The table of BOLT 9, and what nodes set beyond it. No bit belongs to two features here: where two claim one,
// it is the one that nodes set, and a comment names the other.

/** Who gave a feature its bits, which is where to read about it. */
export type FeatureOrigin =
  /** The table of BOLT 9. */
  | "bolt9"
  /** BOLT 9 once, which has dropped it. */
  | "former"
  /** The list of bLIP 2. */
  | "blip"
  /** A change to the BOLTs that is proposed. */
  | "draft"
  /** One implementation, by itself. */
  | "lnd"
  | "ldk"
  | "cln"
  | "eclair";

/**
 * Where a feature may be presented: `I`nit, `N`ode announcement, `C`hannel announcement (`C-` always odd, `C+`
 * always even), BOLT 11 invoice (`9`), `B`linded path, channel `T`ype.
 */
export type FeatureContext = "I" | "N" | "C" | "C-" | "C+" | "9" | "B" | "T";

/** A feature: the bits of its pair, where they may be set, and what it needs. */
export interface Feature {
  /** The even bit, which requires the feature. */
  readonly bit: number;
  /** The bit that offers it: the next one, but for `taproot_overlay_chans`. */
  readonly optionalBit: number;
  readonly origin: FeatureOrigin;
  /**
   * The column of its origin. BOLT 9 leaves it empty for `gossip_queries` and for what is ASSUMED. Beyond
   * BOLT 9 it is what implementations do.
   */
  readonly contexts: readonly FeatureContext[];
  /** What has to be set with it, by its origin; not transitive, see {@link dependenciesOf}. */
  readonly dependencies: readonly FeatureName[];
  /**
   * What BOLT 9 used to list as well, and does not any more because it is ASSUMED: lnd and eclair still refuse
   * a peer that leaves it out.
   */
  readonly assumedDependencies: readonly FeatureName[];
  /** Whether BOLT 9 calls it ASSUMED: every node has it, the bits can be ignored. */
  readonly isAssumed: boolean;
}

/** Every feature of {@link features}: BOLT 9's by its name there, others as their origin calls them, in snake case. */
export type FeatureName =
  | "option_data_loss_protect"
  | "option_upfront_shutdown_script"
  | "gossip_queries"
  | "var_onion_optin"
  | "gossip_queries_ex"
  | "option_static_remotekey"
  | "payment_secret"
  | "basic_mpp"
  | "option_support_large_channel"
  | "option_anchors"
  | "option_route_blinding"
  | "option_shutdown_anysegwit"
  | "option_dual_fund"
  | "option_quiesce"
  | "option_attribution_data"
  | "option_onion_messages"
  | "option_provide_storage"
  | "option_channel_type"
  | "option_scid_alias"
  | "option_payment_metadata"
  | "option_zeroconf"
  | "option_simple_close"
  | "option_splice"
  | "initial_routing_sync"
  | "option_anchor_outputs"
  | "amp"
  | "zero_fee_commitments"
  | "option_htlc_hold"
  | "keysend"
  | "trampoline_routing"
  | "option_minitrampoline"
  | "option_zero_reserve"
  | "option_onion_messages_only_channels"
  | "option_message_padding"
  | "option_gossip_v2"
  | "option_gossip_v2_p2wsh"
  | "option_gossip_announce_private"
  | "simple_taproot_chans"
  | "shutdown_wrong_funding"
  | "phoenix_zero_reserve"
  | "wake_up_notification_client"
  | "wake_up_notification_provider"
  | "anchor_zero_fee_commitments_staging"
  | "trampoline_payment_prototype"
  | "htlc_hold"
  | "splice_prototype"
  | "rbf_coop_close_x"
  | "option_experimental_splice"
  | "simple_taproot_chans_x"
  | "hosted_channels"
  | "dns_resolver"
  | "accountable_x"
  | "bolt11_blinded_path"
  | "on_the_fly_funding"
  | "funding_fee_credit"
  | "option_simple_taproot_phoenix"
  | "option_supports_lsps"
  | "script_enforced_lease"
  | "taproot_overlay_chans";

/** Every known feature: those of BOLT 9 in its order, then all others, ascending. */
export const features: Readonly<Record<FeatureName, Feature>> = /* @__PURE__ */ (() => {
  type Row = (
    bit: number,
    contexts: readonly FeatureContext[],
    ...dependencies: FeatureName[]
  ) => Feature;
  const of =
    (origin: FeatureOrigin): Row =>
    (bit, contexts, ...dependencies) => ({
      bit,
      optionalBit: bit + 1,
      origin,
      contexts,
      dependencies,
      assumedDependencies: [],
      isAssumed: false,
    });
  const bolt9 = of("bolt9");
  const former = of("former");
  const blip = of("blip");
  const draft = of("draft");
  const lnd = of("lnd");
  const ldk = of("ldk");
  const cln = of("cln");
  const eclair = of("eclair");
  const assumed = (bit: number): Feature => ({ ...bolt9(bit, []), isAssumed: true });
  const I: FeatureContext[] = ["I"];
  const N: FeatureContext[] = ["N"];
  const IN: FeatureContext[] = ["I", "N"];
  const IN9: FeatureContext[] = ["I", "N", "9"];
  const INT: FeatureContext[] = ["I", "N", "T"];

  return {
    option_data_loss_protect: assumed(0),
    option_upfront_shutdown_script: bolt9(4, IN),
    gossip_queries: bolt9(6, []),
    var_onion_optin: assumed(8),
    gossip_queries_ex: bolt9(10, IN),
    option_static_remotekey: assumed(12),
    payment_secret: { ...assumed(14), assumedDependencies: ["var_onion_optin"] },
    basic_mpp: bolt9(16, IN9, "payment_secret"),
    option_support_large_channel: bolt9(18, IN),
    option_anchors: { ...bolt9(22, INT), assumedDependencies: ["option_static_remotekey"] },
    option_route_blinding: { ...bolt9(24, IN9), assumedDependencies: ["var_onion_optin"] },
    option_shutdown_anysegwit: bolt9(26, IN),
    option_dual_fund: bolt9(28, IN),
    option_quiesce: bolt9(34, IN),
    option_attribution_data: bolt9(36, IN9),
    option_onion_messages: bolt9(38, IN),
    option_provide_storage: bolt9(42, IN),
    option_channel_type: assumed(44),
    option_scid_alias: bolt9(46, INT),
    option_payment_metadata: bolt9(48, ["9"]),
    option_zeroconf: bolt9(50, INT, "option_scid_alias"),
    option_simple_close: bolt9(60, IN, "option_shutdown_anysegwit"),
    option_splice: bolt9(62, IN),

    initial_routing_sync: former(2, I), // bit 2 was never assigned
    option_anchor_outputs: former(20, INT, "option_static_remotekey"),
    // LDK names 30 and 31 `option_taproot`, and never sets them.
    amp: lnd(30, IN9, "payment_secret"),
    // Core Lightning had `option_want_peer_backup_storage` at 40 and 41, when that was an experiment.
    zero_fee_commitments: draft(40, INT, "option_channel_type"),
    option_htlc_hold: draft(52, IN, "option_onion_messages"),
    keysend: blip(54, N, "var_onion_optin"),
    trampoline_routing: draft(56, IN9),
    option_minitrampoline: draft(58, IN),
    option_zero_reserve: draft(64, IN),
    // The drafts of `option_gossip_status` and `option_path_queries` want 66 and 67 too.
    option_onion_messages_only_channels: eclair(66, IN),
    option_message_padding: draft(68, I),
    option_gossip_v2: draft(70, IN),
    option_gossip_v2_p2wsh: draft(72, IN, "option_gossip_v2"),
    option_gossip_announce_private: draft(74, IN),
    // Its draft says `option_simple_taproot`, and needs `option_simple_close` instead of `option_anchors`.
    simple_taproot_chans: lnd(80, INT, "option_anchors", "option_channel_type"),
    shutdown_wrong_funding: cln(104, IN),
    phoenix_zero_reserve: eclair(128, ["I", "T"]),
    wake_up_notification_client: eclair(132, I),
    wake_up_notification_provider: eclair(134, IN),
    anchor_zero_fee_commitments_staging: ldk(140, ["T"]),
    trampoline_payment_prototype: eclair(148, IN9, "payment_secret"),
    // eclair has `async_payment_prototype` at 152 and 153, and does not set it unless told to.
    htlc_hold: ldk(152, IN),
    splice_prototype: eclair(154, I),
    rbf_coop_close_x: lnd(160, IN),
    option_experimental_splice: cln(162, IN),
    simple_taproot_chans_x: lnd(180, INT, "option_anchors", "option_channel_type"),
    hosted_channels: blip(256, IN),
    dns_resolver: blip(258, N),
    // Still `htlc_endorsement` in bLIP 2.
    accountable_x: lnd(260, N),
    bolt11_blinded_path: blip(262, ["9"], "option_route_blinding"),
    on_the_fly_funding: eclair(560, I),
    funding_fee_credit: eclair(562, I, "on_the_fly_funding"),
    option_simple_taproot_phoenix: eclair(564, INT, "option_channel_type", "option_simple_close"),
    option_supports_lsps: blip(728, IN), // only 729 is assigned
    script_enforced_lease: lnd(2022, INT, "option_channel_type", "option_anchors"),
    taproot_overlay_chans: {
      ...lnd(2026, INT, "simple_taproot_chans_x", "var_onion_optin", "option_scid_alias"),
      optionalBit: 2025,
    },
  };
})();

/** The names of {@link features}, in the order of the table. */
export const featureNames: readonly FeatureName[] = /* @__PURE__ */ (() =>
  Object.keys(features) as FeatureName[])();

const namesByBit: ReadonlyMap<number, FeatureName> = /* @__PURE__ */ (() =>
  new Map(
    featureNames.flatMap((name) => [
      [features[name].bit, name],
      [features[name].optionalBit, name],
    ]),
  ))();

/** The name of the feature that a bit belongs to, whoever assigned it. */
export function featureNameOf(bit: number): FeatureName | undefined {
  return namesByBit.get(bit);
}
