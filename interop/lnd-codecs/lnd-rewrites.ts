/** What both sides take, and lnd writes otherwise. */
import * as ln from "@satwire/lnwire";
import { lndAddresses, recordsOf, streamStart } from "./bytes.ts";
import { examples } from "./examples.ts";
import {
  changing,
  dropping,
  filling,
  keeping,
  type LndRewrites,
  type Name,
  type Named,
} from "./row.ts";
import { lndMessages, type LndMessage } from "./set.ts";

const row = <N extends Name>(
  messages: readonly N[],
  rest: Omit<LndRewrites, "by" | "messages" | "rewritten" | "plain"> & {
    rewritten(message: Named<N>): LndMessage;
    plain?(message: Named<N>): LndMessage;
  },
): LndRewrites => ({
  by: "lnd's writing",
  messages,
  ...rest,
  rewritten: (message) => rest.rewritten(message as Named<N>),
  plain: (message) => rest.plain?.(message as Named<N>) ?? rest.rewritten(message as Named<N>),
});

// The draft of taproot gossip: which records a signature covers.
const isSigned = ({ type }: ln.TlvRecord): boolean =>
  type < 160n || (type >= 1_000_000_000n && type < 3_000_000_000n);

const mainnet = ln.chainHashOf("mainnet");
const isMainnet = (hash: Uint8Array | undefined): boolean =>
  hash !== undefined && ln.equalBytes(hash, mainnet);
const empty = new Uint8Array(0);
const somePoint = Uint8Array.of(2, ...new Uint8Array(31), 1);
const zeros = (length: number): Uint8Array => new Uint8Array(length);

/** The message without those optional fields that have these values. */
function droppingDefaults<M extends LndMessage>(
  message: M,
  defaults: Readonly<Record<string, unknown>>,
): M {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  const keys = Object.entries(defaults)
    .filter(([key, value]) => values[key] === value)
    .map(([key]) => key);
  return dropping(message, ...keys);
}

interface Host {
  readonly address: Uint8Array;
}
function hasSeveral<H extends Host>(hosts: readonly H[] | undefined): hosts is readonly H[] {
  const [first, ...others] = hosts ?? [];
  return others.some(({ address }) => !ln.equalBytes(address, first!.address));
}
function likeLast<H extends Host>(hosts: readonly H[]): readonly H[] {
  const { address } = hosts.at(-1) as H;
  return hosts.map((host) => ({ ...host, address }));
}

/** A message that is a TLV stream, with records of zeros for types that it lacks; undefined if it has all. */
function withRecords(
  frame: Uint8Array,
  wanted: readonly (readonly [type: number, length: number])[],
): Uint8Array | undefined {
  const records = recordsOf(frame.subarray(2));
  const added = wanted
    .filter(([type]) => !records.some((record) => record.type === BigInt(type)))
    .map(([type, length]) => ({
      type: BigInt(type),
      bytes: Uint8Array.of(type, length, ...zeros(length)),
    }));
  if (added.length === 0) return undefined;
  const all = [...records, ...added].sort((a, b) => (a.type < b.type ? -1 : 1));
  return Uint8Array.of(...frame.subarray(0, 2), ...all.flatMap(({ bytes }) => [...bytes]));
}

const trimmed = (vector: Uint8Array): Uint8Array =>
  vector[0] === 0 ? ln.trimFeatures(vector) : vector;
const vectors = ["globalfeatures", "features", "channelType", "updateRejections"];
const withVectors = lndMessages.codecs
  .filter(({ fields, tlvs }) => vectors.some((key) => key in fields || key in tlvs))
  .map(({ name }) => name);

/** The rows of what lnd writes otherwise, in the order in which they are applied. */
export const lndRewrites: readonly LndRewrites[] = [
  row(
    [
      "warning",
      "error",
      "ping",
      "pong",
      "open_channel",
      "accept_channel",
      "funding_created",
      "funding_signed",
      "channel_ready",
      "closing_signed",
      "closing_complete",
      "closing_sig",
      "revoke_and_ack",
      "channel_reestablish",
      "channel_update",
      "query_channel_range",
      "reply_channel_range",
      "gossip_timestamp_filter",
      "onion_message",
    ],
    {
      what: "drops odd records that it does not know",
      spec: "BOLT 1, TLV: a reader discards them. In `channel_update` its own copy keeps them for the signature",
      example: examples.oddRecord,
      rewritten: (message) => keeping(message, () => false),
    },
  ),
  row(
    [
      "announcement_signatures_2",
      "channel_announcement_2",
      "node_announcement_2",
      "channel_update_2",
    ],
    {
      what: "drops odd records that it does not know and that are not signed: 160 to 999999999, from 3000000000 on",
      spec: "the draft of taproot gossip: signatures cover the others",
      example: examples.unsignedRecord,
      rewritten: (message) => keeping(message, isSigned),
    },
  ),
  row(["closing_signed"], {
    what: "drops `fee_range` (TLV 1), which it does not know",
    spec: "BOLT 2, closing_signed: optional",
    example: examples.feeRange,
    rewritten: (message) => dropping(message, "feeRange"),
  }),
  row(["channel_reestablish"], {
    what: "drops `next_funding` and `my_current_funding_locked` (TLV 1, 5), which it does not know",
    spec: "BOLT 2, message retransmission: with `option_splice` or dual funding",
    example: examples.nextFunding,
    rewritten: (message) => dropping(message, "nextFunding", "myCurrentFundingLocked"),
  }),
  row(["reply_channel_range"], {
    what: "drops `checksums_tlv` (TLV 3), which it does not know",
    spec: "BOLT 7, reply_channel_range: if the query asked for them",
    example: examples.checksums,
    rewritten: (message) => dropping(message, "checksums"),
  }),
  row(["reply_channel_range"], {
    what: "drops `timestamps_tlv` (TLV 1) of no ids",
    spec: "BOLT 7, reply_channel_range: one for each id",
    example: examples.emptyTimestamps,
    rewritten: (message) =>
      message.timestamps?.length === 0 ? dropping(message, "timestamps") : message,
  }),
  row(["open_channel", "accept_channel"], {
    what: "adds an empty `upfront_shutdown_script` (TLV 0)",
    spec: "BOLT 2, open_channel: empty for none",
    example: examples.shutdownScript,
    rewritten: (message) => filling(message, { upfrontShutdownScript: empty }),
  }),
  row(["revoke_and_ack", "channel_reestablish"], {
    what: "sorts `next_local_nonces` (TLV 22) by `funding_txid`",
    spec: "the draft of taproot channels: in the order of the commitments",
    example: examples.nonceOrder,
    rewritten(message) {
      const entries = message.nextLocalNonces ?? [];
      const sorted = entries.toSorted((a, b) => ln.compareBytes(a.fundingTxid, b.fundingTxid));
      if (entries.every((entry, i) => entry === sorted[i])) return message;
      return { ...message, nextLocalNonces: sorted } as LndMessage;
    },
  }),
  row(withVectors, {
    what: "leaves zeros at the start of a feature vector out",
    spec: "BOLT 1 and 9: a sender uses as few bytes as it can; nothing is said of receivers",
    example: examples.featureZeros,
    rewritten: (message) => changing(message, vectors, trimmed),
  }),
  row(["query_channel_range"], {
    what: "makes `query_option` 0 (TLV 1) a record of no bytes: it is a feature vector there",
    spec: "BOLT 7, query_channel_range: a bigsize",
    example: examples.queryOptionZero,
    rewritten: (message) => message,
    plain: (message) => (message.queryOption === 0n ? dropping(message, "queryOption") : message),
    patched: (written, { message }) =>
      message?.type === "query_channel_range" && message.queryOption === 0n
        ? Uint8Array.of(...written.subarray(0, streamStart(written)), 1, 0)
        : undefined,
  }),
  row(["channel_update"], {
    what: "without bit 0 of `message_flags` drops what follows the fees, but for TLV 55555",
    spec: "BOLT 7, channel_update: `must_be_one` is ignored by receivers",
    example: examples.noMaximumDropped,
    rewritten: (message) => message,
    patched(_, { message, frame }) {
      if (message?.type !== "channel_update" || message.messageFlags % 2 === 1) return undefined;
      const end = (streamStart(frame) as number) - 8; // `htlc_maximum_msat`
      const inbound = recordsOf(frame.subarray(end)).find(({ type }) => type === 55555n);
      return Uint8Array.of(...frame.subarray(0, end), ...(inbound?.bytes ?? []));
    },
  }),
  row(["node_announcement"], {
    what: "leaves descriptors of 0 among the addresses out",
    spec: "BOLT 7, node_announcement: 0 is no type of an address; what follows an unknown one is ignored",
    example: examples.zeroDescriptor,
    rewritten(message) {
      const bytes = ln.encode(ln.addressList, message.addresses).subarray(2);
      const kept = lndAddresses(bytes);
      if (kept === undefined || kept.length === bytes.length) return message;
      const list = Uint8Array.of(kept.length >> 8, kept.length & 0xff, ...kept);
      return { ...message, addresses: ln.decode(ln.addressList, list) };
    },
  }),
  row(["node_announcement_2"], {
    what: "gives all of several IPv4 or IPv6 addresses (TLV 5, 7) the bytes of the last",
    spec: "the draft of taproot gossip: a list. Its readers share one buffer",
    example: examples.sameAddress,
    rewritten(message) {
      let result = message;
      const { ipv4Addrs, ipv6Addrs } = message;
      if (hasSeveral(ipv4Addrs)) result = { ...result, ipv4Addrs: likeLast(ipv4Addrs) };
      if (hasSeveral(ipv6Addrs)) result = { ...result, ipv6Addrs: likeLast(ipv6Addrs) };
      return result;
    },
  }),
  row(["announcement_signatures_2"], {
    what: "adds absent records, of zeros",
    spec: "the draft of taproot gossip: a sender has them all",
    example: examples.absentSignatures,
    rewritten: (message) =>
      filling(message, {
        channelId: zeros(32),
        shortChannelId: 0n,
        partialSignature: zeros(32),
      }),
  }),
  row(["channel_announcement_2"], {
    what: "adds absent records, of zeros, but the optional ones",
    spec: "the draft of taproot gossip: a sender has them",
    example: examples.absentAnnouncement,
    rewritten: (message) => message,
    plain: (message) =>
      filling(message, {
        features: empty,
        shortChannelId: 0n,
        capacitySatoshis: 0n,
        nodeId1: somePoint,
        nodeId2: somePoint,
        outpoint: { txid: zeros(32), index: 0 },
        signature: zeros(64),
      }),
    patched: (written) =>
      withRecords(written, [
        [2, 0],
        [4, 8],
        [6, 8],
        [8, 33],
        [10, 33],
        [18, 34],
        [160, 64],
      ]),
  }),
  row(["node_announcement_2"], {
    what: "adds absent records, of zeros, but the optional ones",
    spec: "the draft of taproot gossip: a sender has them",
    example: examples.absentNode,
    rewritten: (message) => message,
    plain: (message) =>
      filling(message, {
        features: empty,
        blockHeight: 0,
        nodeId: somePoint,
        signature: zeros(64),
      }),
    patched: (written) =>
      withRecords(written, [
        [0, 0],
        [2, 4],
        [4, 33],
        [160, 64],
      ]),
  }),
  row(["channel_announcement_2", "channel_update_2"], {
    what: "drops the `chain_hash` of mainnet (TLV 0)",
    spec: "the draft of taproot gossip: absent for mainnet",
    example: examples.mainnet,
    rewritten: (message) =>
      isMainnet(message.chainHash) ? dropping(message, "chainHash") : message,
  }),
  row(["channel_update_2"], {
    what: "adds absent records, of zeros, but the optional ones; drops those that have their default",
    spec: "the draft of taproot gossip: a sender has them; defaults may be left out",
    example: examples.absentUpdate,
    rewritten: (message) =>
      droppingDefaults(
        filling(message, {
          shortChannelId: 0n,
          blockHeight: 0,
          htlcMaximumMsat: 0n,
          signature: zeros(64),
        }),
        {
          disableFlags: 0,
          cltvExpiryDelta: 80,
          htlcMinimumMsat: 1n,
          feeBaseMsat: 1000,
          feeProportionalMillionths: 1,
        },
      ),
  }),
];
