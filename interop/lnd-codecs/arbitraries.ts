/** Our random messages, with the records that only lnd has. */
import {
  arbitrary,
  arbitraryDynamicCommitments,
  arbitraryMessages,
  arbitraryTaprootChannels,
  arbitraryTaprootGossip,
} from "@satwire/lnwire/testing";
import fc from "fast-check";
import { toAscii } from "./bytes.ts";
import type { LndMessage } from "./set.ts";

const { bytes, point, u32, u64 } = arbitrary;

const nonce = fc.tuple(point, point).map(([a, b]) => Uint8Array.of(...a, ...b));

/** A message with more records, each of them sometimes absent. */
function extended<M extends object>(
  base: fc.Arbitrary<M>,
  extras: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<M> {
  return fc
    .tuple(base, fc.record(extras, { requiredKeys: [], noNullPrototype: true }))
    .map(([message, records]) => ({ ...message, ...records }));
}

/** Now and then, all scripts are as long as those of a witness program of 40 bytes. */
const withLongScripts = <M extends object>(messages: fc.Arbitrary<M>): fc.Arbitrary<M> =>
  fc.tuple(messages, fc.nat({ max: 7 }), bytes(42)).map(([message, chance, script]) => {
    if (chance > 0) return message;
    const entries = Object.entries(message as Readonly<Record<string, unknown>>).map(
      ([key, value]) => (key.toLowerCase().endsWith("scriptpubkey") ? [key, script] : [key, value]),
    );
    return Object.fromEntries(entries) as M;
  });

const base = arbitraryMessages();
const taproot = arbitraryTaprootChannels();
const gossip = arbitraryTaprootGossip();

const all: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...base,
  ...taproot,
  ...arbitraryDynamicCommitments(),
  ...gossip,
  shutdown: withLongScripts(taproot.shutdown),
  closing_complete: withLongScripts(taproot.closing_complete),
  closing_sig: withLongScripts(taproot.closing_sig),
  open_channel: extended(taproot.open_channel, { leaseExpiry: u32 }),
  accept_channel: extended(taproot.accept_channel, { leaseExpiry: u32 }),
  channel_ready: extended(taproot.channel_ready, {
    announcementNodeNonce: nonce,
    announcementBitcoinNonce: nonce,
  }),
  channel_reestablish: extended(taproot.channel_reestablish, { dynHeight: u64 }),
  gossip_timestamp_filter: extended(base.gossip_timestamp_filter, {
    firstBlockHeight: u32,
    blockRange: u32,
  }),
  // An alias is text as often as not.
  node_announcement: fc
    .tuple(base.node_announcement, fc.boolean())
    .map(([message, isText]) => (isText ? { ...message, alias: toAscii(message.alias) } : message)),
  channel_update: extended(base.channel_update, { inboundFee: bytes(8) }),
  channel_update_2: extended(gossip.channel_update_2, { inboundFee: bytes(8) }),
  // One name at most, and a port that is 0 now and then.
  node_announcement_2: gossip.node_announcement_2.map(({ dnsHostnames, ...message }) => {
    const [dnsHostname] = dnsHostnames ?? [];
    return dnsHostname === undefined ? message : { ...message, dnsHostname };
  }),
};

/** Random messages of one kind. */
export function arbitraryOf(name: string): fc.Arbitrary<LndMessage> {
  const found = all[name];
  if (found === undefined) throw new Error(`no arbitrary for ${name}`);
  return found as fc.Arbitrary<LndMessage>;
}
