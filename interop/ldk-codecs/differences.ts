/** Where LDK and we part: what LDK does with messages that the BOLTs allow. Each row is seen happening. */
import {
  equalBytes,
  joinFeatures,
  type KnownMessage,
  lightningMessages,
  type OnionPacket,
  type TlvRecord,
} from "@satwire/lnwire";
import { extraFeeType } from "./channel-pairs.ts";
import { asText, isPoint, isUtf8, transactionWith, witnessOf } from "./values.ts";

type Name = KnownMessage["type"];
type Named<N extends Name> = Extract<KnownMessage, { readonly type: N }>;

/**
 * `refuses`: LDK does not read it. `drops`, `rewrites`: what LDK writes is the message without the difference.
 * `not tried`: whether LDK reads it is a matter of chance, so it is never sent.
 */
export type Effect = "refuses" | "drops" | "rewrites" | "not tried";

export interface Difference {
  readonly messages: readonly Name[];
  readonly effect: Effect;
  /** What LDK 0.1 does. */
  readonly what: string;
  /** What the spec says. */
  readonly spec: string;
  /** The nearest message that LDK takes as it is; the same object if it is one. */
  without(message: KnownMessage): KnownMessage;
}

interface Row<M> {
  readonly effect: Effect;
  readonly what: string;
  readonly spec: string;
  without(message: M): M;
}

const row = <N extends Name>(messages: readonly N[], rest: Row<Named<N>>): Difference => ({
  messages,
  ...rest,
  without: (message) => rest.without(message as Named<N>),
});

/** The message without optional fields. */
function dropping<M extends KnownMessage>(message: M, ...keys: readonly (keyof M)[]): M {
  if (keys.every((key) => message[key] === undefined)) return message;
  const entries = Object.entries(message).filter(([key]) => !keys.includes(key as keyof M));
  return Object.fromEntries(entries) as unknown as M;
}

/** The message with only those unknown records that `keep` wants. */
function keeping<M extends KnownMessage>(message: M, keep: (record: TlvRecord) => boolean): M {
  const kept = message.unknown?.filter(keep) ?? [];
  if (kept.length === (message.unknown ?? []).length) return message;
  return kept.length === 0 ? dropping(message, "unknown") : { ...message, unknown: kept };
}

const isExtraFee = ({ type, value }: TlvRecord): boolean =>
  type === extraFeeType && value.length === 8;

// LDK keeps what follows the known fields of these: it belongs to what is signed.
const signed: readonly Name[] = ["channel_announcement", "node_announcement", "channel_update"];
const unsigned = lightningMessages.codecs
  .map(({ name }) => name)
  .filter((name) => !signed.includes(name));

// A point that nobody knows the secret of: its x coordinate is 1.
const somePoint = Uint8Array.of(2, ...new Uint8Array(31), 1);
const keyRange = { start: 1, end: 34 };

/** Bits 0 to 13 in as many bytes as `features` have, at most two. */
function lowBits(features: Uint8Array): Uint8Array {
  const low = features.slice(-2);
  if (low.length === 2) low[0]! &= 0x3f;
  return low;
}

export const differences: readonly Difference[] = [
  row(["update_add_htlc"], {
    effect: "refuses",
    what: "TLV 65537 is known to LDK: 8 bytes of `extra_fee`",
    spec: "bLIP 25; no BOLT knows the record",
    without: (message) =>
      keeping(message, (record) => record.type !== extraFeeType || isExtraFee(record)),
  }),
  row(unsigned, {
    effect: "drops",
    what: "odd TLV records that it does not know (but `extra_fee` in `update_add_htlc`)",
    spec: "BOLT 1, TLV: a reader discards them",
    without: (message) =>
      keeping(message, (record) => message.type === "update_add_htlc" && isExtraFee(record)),
  }),
  row(["init"], {
    effect: "rewrites",
    what: "one vector of features; writes its bits 0 to 13 into `globalfeatures`",
    spec: "BOLT 1, init: the receiver combines both",
    without(message) {
      const features = joinFeatures(message.globalfeatures, message.features);
      const globalfeatures = lowBits(features);
      const isSame =
        equalBytes(features, message.features) &&
        equalBytes(globalfeatures, message.globalfeatures);
      return isSame ? message : { ...message, features, globalfeatures };
    },
  }),
  row(["init"], {
    effect: "refuses",
    what: "`remote_addr` of a type that it does not know",
    spec: "BOLT 1, init: a sender uses the types of BOLT 7; nothing is said of others",
    without: (message) =>
      message.remoteAddr?.type === "opaque" ? dropping(message, "remoteAddr") : message,
  }),
  row(["error", "warning"], {
    effect: "refuses",
    what: "`data` that is not UTF-8",
    spec: "BOLT 1, error: any bytes",
    without: (message) =>
      isUtf8(message.data) ? message : { ...message, data: asText(message.data) },
  }),
  row(["ping", "pong"], {
    effect: "rewrites",
    what: "`ignored` to zeros",
    spec: "BOLT 1, ping: zeros are only recommended",
    without: (message) =>
      message.ignored.every((byte) => byte === 0)
        ? message
        : { ...message, ignored: new Uint8Array(message.ignored.length) },
  }),
  row(["onion_message"], {
    effect: "refuses",
    what: "an onion whose key is not on the curve",
    spec: "BOLT 4, onion decryption: whoever peels the onion fails it; nothing is said of the message",
    without(message) {
      const packet: OnionPacket = message.onionMessagePacket;
      if (isPoint(packet.publicKey)) return message;
      return { ...message, onionMessagePacket: { ...packet, publicKey: somePoint } };
    },
  }),
  row(["update_add_htlc"], {
    effect: "rewrites",
    what: "an onion's key that is not on the curve to zeros",
    spec: "BOLT 4, failure messages: the HTLC is failed with `invalid_onion_key`",
    without(message) {
      const { start, end } = keyRange;
      const key = message.onionRoutingPacket.subarray(start, end);
      if (isPoint(key) || key.every((byte) => byte === 0)) return message;
      const onionRoutingPacket = message.onionRoutingPacket.slice().fill(0, start, end);
      return { ...message, onionRoutingPacket };
    },
  }),
  row(["update_fulfill_htlc", "update_fail_htlc"], {
    effect: "drops",
    what: "`attribution_data` (TLV 1): younger than LDK 0.1",
    spec: "BOLT 2, removing an HTLC",
    without: (message) => dropping(message, "attributionData"),
  }),
  row(["commitment_signed"], {
    effect: "drops",
    what: "`funding_txid` (TLV 1): younger than LDK 0.1, which has `batch` in TLV 0",
    spec: "BOLT 2, commitment_signed",
    without: (message) => dropping(message, "fundingTxid"),
  }),
  row(["channel_reestablish"], {
    effect: "drops",
    what: "`next_funding`, `my_current_funding_locked` (TLV 1, 5): younger than LDK 0.1, which has a txid in TLV 0",
    spec: "BOLT 2, message retransmission",
    without: (message) => dropping(message, "nextFunding", "myCurrentFundingLocked"),
  }),
  row(["tx_init_rbf", "tx_ack_rbf"], {
    effect: "refuses",
    what: "`require_confirmed_inputs` (TLV 2): unknown and even",
    spec: "BOLT 2, tx_init_rbf",
    without: (message) => dropping(message, "requireConfirmedInputs"),
  }),
  row(["tx_add_input"], {
    effect: "refuses",
    what: "an empty `prevtx`: no splices in LDK 0.1",
    spec: "BOLT 2, tx_add_input: empty for the output that is spliced",
    without: (message) =>
      message.prevtx.length > 0
        ? message
        : { ...message, prevtx: transactionWith(message.prevtx, message.channelId) },
  }),
  row(["tx_add_input"], {
    effect: "not tried",
    what: "`prevtx` that is no serialized transaction",
    spec: "BOLT 2, tx_add_input: the negotiation fails",
    without: (message) =>
      message.prevtx.length === 0
        ? message
        : { ...message, prevtx: transactionWith(message.prevtx, message.channelId) },
  }),
  row(["tx_signatures"], {
    effect: "not tried",
    what: "`witness_data` that is no serialized witness",
    spec: "BOLT 2, tx_signatures: encoded as in Bitcoin's protocol",
    without: (message) => ({ ...message, witnesses: message.witnesses.map(witnessOf) }),
  }),
  row(["channel_update"], {
    effect: "refuses",
    what: "`message_flags` without bit 0",
    spec: "BOLT 7, channel_update: `must_be_one` is ignored by receivers",
    without: (message) =>
      message.messageFlags % 2 === 1
        ? message
        : { ...message, messageFlags: message.messageFlags + 1 },
  }),
  row(["query_short_channel_ids"], {
    effect: "drops",
    what: "`query_flags` (TLV 1)",
    spec: "BOLT 7: from `gossip_queries_ex` on, which LDK does not offer",
    without: (message) => dropping(message, "queryFlags"),
  }),
  row(["query_channel_range"], {
    effect: "drops",
    what: "`query_option` (TLV 1)",
    spec: "BOLT 7: from `gossip_queries_ex` on, which LDK does not offer",
    without: (message) => dropping(message, "queryOption"),
  }),
  row(["reply_channel_range"], {
    effect: "drops",
    what: "`timestamps_tlv`, `checksums_tlv` (TLV 1, 3)",
    spec: "BOLT 7: from `gossip_queries_ex` on, which LDK does not offer",
    without: (message) => dropping(message, "timestamps", "checksums"),
  }),
];
