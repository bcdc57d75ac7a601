/** What lnd takes and we do not. */
import type { DecodeError } from "@satwire/lnwire";
import { cutRecord, recordTypeAt, streamStart } from "./bytes.ts";
import { examples } from "./examples.ts";
import type { Case } from "./case.ts";
import type { Name, WeRefuse } from "./row.ts";
import { lndMessages } from "./set.ts";

const row = (
  messages: readonly (Name | "unknown")[],
  codes: readonly DecodeError["code"][],
  rest: Omit<WeRefuse, "by" | "messages" | "codes">,
): WeRefuse => ({ by: "us", messages, codes, ...rest });

const all = lndMessages.codecs.map(({ name }) => name);

/** The field of the message that our error is in; undefined for the head of a record. */
const fieldOf = ({ error }: Case): unknown => error?.path[1];
const isIn =
  (...fields: readonly string[]) =>
  (found: Case): boolean =>
    fields.includes(fieldOf(found) as string);
/** The byte that our error points at. */
const byteOf = ({ frame, error }: Case): number => frame[error!.offset] ?? Number.NaN;

/** What lnd reads without looking into what follows the fields. */
const unread: readonly Name[] = [
  "warning",
  "error",
  "ping",
  "pong",
  "stfu",
  "dyn_reject",
  "kickoff_sig",
  "update_fail_htlc",
  "update_fail_malformed_htlc",
  "update_fee",
  "announcement_signatures",
  "query_short_channel_ids",
  "reply_short_channel_ids_end",
  "onion_message",
];

/** The rows of what lnd takes and we do not. */
export const weRefuse: readonly WeRefuse[] = [
  row(all, ["unknown_required"], {
    what: "an even record that it does not know",
    spec: "BOLT 1, message format: a receiver may ignore the extension; TLV: else it fails to parse the stream",
    example: examples.evenRecord,
    is: ({ frame, error }) => (recordTypeAt(frame, error!.offset) ?? 1n) % 2n === 0n,
  }),
  row(unread, ["short_read", "out_of_order", "non_canonical"], {
    what: "any bytes behind the fields, which it does not look at",
    spec: "BOLT 1, message format: a receiver may ignore the extension; TLV: else it fails to parse what is cut, descends or is not minimal",
    example: examples.unreadTail,
    is: ({ error, frame }) =>
      error?.path.length === 1 && error.offset >= (streamStart(frame) ?? Infinity),
  }),
  row(
    [
      "init",
      "commitment_signed",
      "update_fulfill_htlc",
      "update_fail_htlc",
      "closing_signed",
      "channel_reestablish",
      "query_short_channel_ids",
      "reply_channel_range",
    ],
    ["short_read", "trailing_bytes", "non_canonical", "unsupported_encoding", "invalid_value"],
    {
      what: "any value in a record of BOLT 1, 2 or 7 that it does not know",
      spec: "BOLT 1, TLV: a reader fails to parse a record that is too short or too long for its type",
      example: examples.unknownValue,
      is: isIn(
        "networks",
        "remoteAddr",
        "fundingTxid",
        "attributionData",
        "feeRange",
        "nextFunding",
        "myCurrentFundingLocked",
        "queryFlags",
        "checksums",
      ),
    },
  ),
  row(
    ["channel_announcement", "node_announcement", "channel_announcement_2", "node_announcement_2"],
    ["invalid_value"],
    {
      what: "33 bytes that do not start with 2 or 3 where a point is",
      spec: "BOLT 1, `point`: a compressed point. lnd looks into it with the signatures",
      example: examples.pointPrefix,
      is: (found) =>
        isIn("nodeId", "nodeId1", "nodeId2", "bitcoinKey1", "bitcoinKey2")(found) &&
        ![2, 3].includes(byteOf(found)),
    },
  ),
  row(["channel_update"], ["short_read", "out_of_order", "non_canonical"], {
    what: "no bit 0 in `message_flags`: then there is no `htlc_maximum_msat` for it",
    spec: "BOLT 7, channel_update: `must_be_one` is ignored by receivers, the field is always there",
    example: examples.noMaximum,
    is: ({ frame }) => (frame[messageFlagsAt] as number) % 2 === 0,
  }),
  row(["channel_reestablish"], ["short_read"], {
    what: "a message that ends behind `next_revocation_number`",
    spec: "BOLT 2, channel_reestablish: two fields follow; they were optional once",
    example: examples.cutReestablish,
    is: isIn("yourLastPerCommitmentSecret"),
  }),
  row(["query_short_channel_ids", "reply_channel_range"], ["unsupported_encoding"], {
    what: "ids in zlib",
    spec: "BOLT 7, query messages: the encoding must not be used any more",
    example: examples.zlib,
    is: (found) => isIn("shortChannelIds")(found) && byteOf(found) === 1,
  }),
  row(["query_short_channel_ids", "reply_channel_range"], ["short_read"], {
    what: "`encoded_short_ids` of no bytes, not even the encoding",
    spec: "BOLT 7, query messages: a byte says the encoding",
    example: examples.noEncoding,
    is: isIn("shortChannelIds"),
  }),
  row(["query_channel_range"], ["short_read", "trailing_bytes", "non_canonical"], {
    what: "`query_option` (TLV 1) as a feature vector",
    spec: "BOLT 7, query_channel_range: a bigsize. Up to 252 they are the same bytes",
    example: examples.queryOption,
    is: isIn("queryOption"),
  }),
  row(["stfu"], ["invalid_value"], {
    what: "`initiator` above 1, which it takes for 0",
    spec: "BOLT 2, stfu: 0 or 1",
    example: examples.initiator,
    is: (found) =>
      isIn("initiator")(found) &&
      byteOf(found) > 1 &&
      found.lnd.ok &&
      found.lnd.bytes[found.error!.offset] === 0,
  }),
  row(["reply_short_channel_ids_end", "reply_channel_range"], ["invalid_value"], {
    what: "`full_information` or `sync_complete` above 1",
    spec: "BOLT 7: a sender sets 0 or 1; nothing is said of receivers",
    example: examples.flags,
    is: (found) => isIn("fullInformation", "syncComplete")(found) && byteOf(found) > 1,
  }),
  row(["onion_message"], ["short_read"], {
    what: "an onion of fewer than 66 bytes",
    spec: "BOLT 4, onion messages: a version, a key, payloads and an HMAC",
    example: examples.shortOnion,
    is: isIn("onionMessagePacket"),
  }),
  row([...all, "unknown"], ["too_long"], {
    what: "more than 65535 bytes: its transport does not let them through",
    spec: "BOLT 8: lengths have two bytes",
    example: examples.tooLong,
    is: ({ frame }) => frame.length > 65535,
  }),
  row(
    [
      "dyn_propose",
      "dyn_commit",
      "channel_announcement_2",
      "node_announcement_2",
      "channel_update_2",
    ],
    ["short_read", "trailing_bytes", "non_canonical"],
    {
      what: "a length other than that of the value in some records; reads on behind the value",
      spec: "BOLT 1, TLV: a reader fails to parse it",
      example: examples.mislength,
      is: isMislengthed,
    },
  ),
];

/** Behind the type, a signature, a hash, an id and a timestamp. */
const messageFlagsAt = 2 + 64 + 32 + 8 + 4;

/** Records whose length lnd does not compare with their value. */
const unmeasured: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  dyn_propose: {
    dustLimitSatoshis: 0n,
    maxHtlcValueInFlightMsat: 2n,
    htlcMinimumMsat: 4n,
    channelReserveSatoshis: 6n,
  },
  channel_announcement_2: {
    nodeId1: 8n,
    nodeId2: 10n,
    bitcoinKey1: 12n,
    bitcoinKey2: 14n,
    outpoint: 18n,
  },
  node_announcement_2: { color: 1n, nodeId: 4n, ipv4Addrs: 5n, ipv6Addrs: 7n, torV3Addrs: 9n },
  channel_update_2: { secondPeer: 8n, htlcMinimumMsat: 12n, htlcMaximumMsat: 14n },
};

function isMislengthed(found: Case): boolean {
  const { name, frame, error } = found;
  const records = unmeasured[name === "dyn_commit" ? "dyn_propose" : name] ?? {};
  const field = fieldOf(found);
  if (field !== undefined) return Object.hasOwn(records, field as string);
  const start = streamStart(frame);
  const type = start === undefined ? undefined : cutRecord(frame.subarray(start));
  return (
    error?.code === "short_read" && type !== undefined && Object.values(records).includes(type)
  );
}
