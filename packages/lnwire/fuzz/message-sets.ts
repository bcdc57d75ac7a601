// Every message that this package can read, with random valid ones: the set of the BOLTs, the sets of drafts,
// and what is encrypted inside of onions, dressed up as messages.
import fc from "fast-check";
import {
  type BlindedPath,
  blindedPath,
  encryptedDataTlv,
  type EncryptedDataTlv,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  type MessageSet,
  onionmsgTlv,
  type OnionmsgTlv,
} from "../src/index.ts";
import * as optIn from "../src/opt-in/index.ts";
import * as testing from "../src/testing/index.ts";

/** A set and an arbitrary for each of its messages, by name. */
export interface FuzzedSet {
  readonly set: MessageSet;
  readonly arbitraries: Readonly<Record<string, fc.Arbitrary<MessageBase>>>;
}

interface PathMessage extends MessageBase<"blinded_path"> {
  readonly path: BlindedPath;
}
interface OnionmsgMessage extends MessageBase<"onionmsg_tlv"> {
  readonly tlvs: OnionmsgTlv;
}
interface DataMessage extends MessageBase<"encrypted_data_tlv"> {
  readonly tlvs: EncryptedDataTlv;
}

const pathMessage: MessageCodec<PathMessage> = message(65500, "blinded_path", {
  path: blindedPath,
});
const onionmsgMessage: MessageCodec<OnionmsgMessage> = message(65502, "onionmsg_tlv", {
  tlvs: onionmsgTlv,
});
const dataMessage: MessageCodec<DataMessage> = message(65504, "encrypted_data_tlv", {
  tlvs: encryptedDataTlv,
});

const fuzzed = <M extends MessageBase>(
  set: MessageSet<M>,
  arbitraries: { readonly [K in M as K["type"]]: fc.Arbitrary<K> },
): FuzzedSet => ({
  // What is written has been read or generated, so that no message gets into another one's codec.
  set: set as unknown as MessageSet,
  arbitraries: arbitraries as unknown as FuzzedSet["arbitraries"],
});

/** All of them. A number can be in several: drafts extend messages of the BOLTs. */
export const fuzzedSets: readonly FuzzedSet[] = [
  fuzzed(lightningMessages, testing.arbitraryMessages()),
  fuzzed(messageSet(optIn.taprootChannelMessages), testing.arbitraryTaprootChannels()),
  fuzzed(messageSet(optIn.taprootGossipMessages), testing.arbitraryTaprootGossip()),
  fuzzed(messageSet(optIn.dynamicCommitmentMessages), testing.arbitraryDynamicCommitments()),
  fuzzed(messageSet(optIn.commandoMessages), testing.arbitraryCommando()),
  fuzzed(messageSet(optIn.lsps0Messages), testing.arbitraryLsps0()),
  fuzzed(messageSet([pathMessage, onionmsgMessage, dataMessage]), onionArbitraries()),
];

for (const { set, arbitraries } of fuzzedSets) {
  const missing = set.codecs.find(({ name }) => !Object.hasOwn(arbitraries, name));
  if (missing !== undefined) throw new Error(`no arbitrary for ${missing.name}`);
}
const lists = Object.keys(optIn).filter((name) => name.endsWith("Messages"));
if (lists.length !== fuzzedSets.length - 2) {
  throw new Error(`opt-in has ${lists.join(", ")}: one of them is not fuzzed`);
}

/** The sets that know a number; the one of the BOLTs if none does. */
export function setsFor(id: number | undefined): readonly FuzzedSet[] {
  const found = fuzzedSets.filter(({ set }) => set.codecs.some((codec) => codec.id === id));
  return found.length > 0 ? found : fuzzedSets.slice(0, 1);
}

/** The type of a message, if there is one. */
export function idOf(frame: Uint8Array): number | undefined {
  const [high, low] = frame;
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

function onionArbitraries(): {
  blinded_path: fc.Arbitrary<PathMessage>;
  onionmsg_tlv: fc.Arbitrary<OnionmsgMessage>;
  encrypted_data_tlv: fc.Arbitrary<DataMessage>;
} {
  const {
    blindedPath: path,
    features,
    point,
    someBytes,
    u16,
    u32,
    u64,
    unknownRecords,
  } = testing.arbitrary;
  const noNulls = { noNullPrototype: true } as const;
  const type = <N extends string>(name: N): fc.Arbitrary<N> => fc.constant(name);
  const onionmsg: fc.Arbitrary<unknown> = fc.record(
    {
      replyPath: path,
      encryptedRecipientData: someBytes,
      invoiceRequest: someBytes,
      invoice: someBytes,
      invoiceError: someBytes,
      unknown: unknownRecords([]),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const data: fc.Arbitrary<unknown> = fc.record(
    {
      padding: someBytes,
      shortChannelId: u64,
      nextNodeId: point,
      pathId: someBytes,
      nextPathKeyOverride: point,
      paymentRelay: fc.record(
        { cltvExpiryDelta: u16, feeProportionalMillionths: u32, feeBaseMsat: u32 },
        noNulls,
      ),
      paymentConstraints: fc.record({ maxCltvExpiry: u32, htlcMinimumMsat: u64 }, noNulls),
      allowedFeatures: features,
      unknown: unknownRecords([1n]),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  return {
    blinded_path: fc.record({ type: type("blinded_path"), path }, noNulls),
    onionmsg_tlv: fc.record(
      { type: type("onionmsg_tlv"), tlvs: onionmsg as fc.Arbitrary<OnionmsgTlv> },
      noNulls,
    ),
    encrypted_data_tlv: fc.record(
      { type: type("encrypted_data_tlv"), tlvs: data as fc.Arbitrary<EncryptedDataTlv> },
      noNulls,
    ),
  };
}
