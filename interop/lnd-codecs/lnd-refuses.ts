/** What we take and lnd does not. */
import * as ln from "@satwire/lnwire";
import * as opt from "@satwire/lnwire/opt-in";
import { isUtf8 } from "../ldk-codecs/values.ts";
import { isCurvePoint, isNonce, lndAddresses, toAscii } from "./bytes.ts";
import { examples } from "./examples.ts";
import { changing, dropping, type LndRefuses, type Name, type Named } from "./row.ts";
import { lndMessages, type LndMessage } from "./set.ts";

const row = <N extends Name>(
  messages: readonly N[],
  rest: Omit<LndRefuses, "by" | "messages" | "mended"> & {
    mended(message: Named<N>): LndMessage;
  },
): LndRefuses => ({
  by: "lnd",
  messages,
  ...rest,
  mended: (message) => rest.mended(message as Named<N>),
});

/** Messages of the BOLTs that lnd does not have. */
export const lndLacks: readonly Name[] = [
  "peer_storage",
  "peer_storage_retrieval",
  "open_channel2",
  "accept_channel2",
  "tx_add_input",
  "tx_add_output",
  "tx_remove_input",
  "tx_remove_output",
  "tx_complete",
  "tx_signatures",
  "tx_init_rbf",
  "tx_ack_rbf",
  "tx_abort",
  "splice_init",
  "splice_ack",
  "splice_locked",
  "start_batch",
];

// A point that nobody knows the secret of: its x coordinate is 1.
const somePoint = Uint8Array.of(2, ...new Uint8Array(31), 1);
const someNonce = Uint8Array.of(...somePoint, ...somePoint);
const mendPoint = (point: Uint8Array): Uint8Array => (isCurvePoint(point) ? point : somePoint);
const mendNonce = (nonce: Uint8Array): Uint8Array => (isNonce(nonce) ? nonce : someNonce);

interface Curved {
  readonly points: readonly string[];
  readonly nonces: readonly string[];
  readonly signed: readonly string[];
}

/** The names of a message's fields that hold points. */
function curvedOf(codec: (typeof lndMessages.codecs)[number]): Curved {
  const all: (readonly [string, unknown])[] = [
    ...Object.entries<unknown>(codec.fields),
    ...Object.entries<readonly [unknown, unknown]>(codec.tlvs).map(
      ([key, [, value]]): readonly [string, unknown] => [key, value],
    ),
  ];
  const keysOf = (wanted: unknown): string[] =>
    all.filter(([, found]) => found === wanted).map(([key]) => key);
  return {
    points: keysOf(ln.point),
    nonces: keysOf(opt.publicNonce),
    signed: keysOf(opt.partialSignatureWithNonce),
  };
}

const curved = new Map(lndMessages.codecs.map((codec) => [codec.name, curvedOf(codec)]));
// These carry points as bytes in lnd: whoever checks their signatures looks into them.
const uncurved: readonly string[] = [
  "channel_announcement",
  "node_announcement",
  "channel_announcement_2",
  "node_announcement_2",
];
const withPoints = [...curved]
  .filter(([name, { points }]) => points.length > 0 && !uncurved.includes(name))
  .map(([name]) => name);
const withNonces = [...curved]
  .filter(([, { nonces, signed }]) => nonces.length + signed.length > 0)
  .map(([name]) => name);

function mendNonces(message: LndMessage): LndMessage {
  const { nonces, signed } = curved.get(message.type) as Curved;
  let result = changing(message, nonces, mendNonce);
  for (const key of signed) {
    const values = result as unknown as Readonly<Record<string, opt.PartialSignatureWithNonce>>;
    const value = values[key];
    if (value === undefined || isNonce(value.publicNonce)) continue;
    result = { ...result, [key]: { ...value, publicNonce: someNonce } };
  }
  if ("nextLocalNonces" in result && result.nextLocalNonces !== undefined) {
    const entries = result.nextLocalNonces;
    if (entries.every(({ publicNonce }) => isNonce(publicNonce))) return result;
    const nextLocalNonces = entries.map((entry) => ({
      ...entry,
      publicNonce: mendNonce(entry.publicNonce),
    }));
    result = { ...result, nextLocalNonces };
  }
  return result;
}

const isHostname = (name: Uint8Array): boolean =>
  name.length > 0 &&
  name.length <= 255 &&
  /^[a-zA-Z0-9.-]*$/.test(Buffer.from(name).toString("latin1"));

const oldSignatures = ["closerOutputOnly", "closeeOutputOnly", "closerAndCloseeOutputs"];
const hasTaprootSignature = (message: Named<"closing_complete" | "closing_sig">): boolean =>
  ["closerNoClosee", "noCloserClosee", "closerAndClosee"].some((key) => key in message);

/** What one opaque address becomes, so that lnd takes it for one of a type that it does not know. */
const mendAddress = (address: ln.Address): ln.Address =>
  address.type === "opaque"
    ? { type: "opaque", data: Uint8Array.of(0xff, ...address.data.subarray(1)) }
    : address;

/** The rows of what we take and lnd does not. */
export const lndRefuses: readonly LndRefuses[] = [
  {
    by: "lnd",
    messages: ["unknown", ...lndLacks],
    what: "a type of message that it does not have",
    spec: "BOLT 1, message format: odd ones are ignored, even ones close the connection; its codecs do not know which",
    reason: /^unable to parse message of unknown type: /,
    example: examples.unknownType,
  },
  row(withPoints, {
    what: "a point that is not on the curve",
    spec: "BOLT 1, `point`: a compressed point. We look at its first byte; who computes finds out",
    reason: /^invalid public key: x coordinate [0-9a-f]+ is not on the secp256k1 curve$/,
    example: examples.offCurve,
    mended: (message) => changing(message, (curved.get(message.type) as Curved).points, mendPoint),
  }),
  row(withNonces, {
    what: "a nonce whose two points are not both on the curve",
    spec: "BIP 327: whoever aggregates nonces blames the signer. We have 66 bytes",
    reason: /^invalid (first|second) nonce point: invalid public key: /,
    example: examples.offCurveNonce,
    mended: mendNonces,
  }),
  row(["revoke_and_ack", "channel_reestablish"], {
    what: "the same `funding_txid` twice in `next_local_nonces` (TLV 22)",
    spec: "the draft of taproot channels says nothing of it",
    reason: /LocalNoncesData \(duplicate txid\)/,
    example: examples.sameTxid,
    mended(message) {
      const keys = (message.nextLocalNonces ?? []).map(({ fundingTxid }) => ln.toHex(fundingTxid));
      if (new Set(keys).size === keys.length) return message;
      const nextLocalNonces = message.nextLocalNonces?.filter(
        (_, i) => keys.indexOf(keys[i] as string) === i,
      );
      return { ...message, nextLocalNonces } as LndMessage;
    },
  }),
  row(["shutdown", "closing_complete", "closing_sig"], {
    what: "a script of more than 34 bytes",
    spec: "BOLT 2, shutdown: 42 with `option_shutdown_anysegwit`, 83 from OP_RETURN on with `option_simple_close`",
    reason: /^cannot read \d+ bytes into addrBytes$/,
    example: examples.longScript,
    mended: (message) =>
      changing(message, ["scriptpubkey", "closerScriptpubkey", "closeeScriptpubkey"], (script) =>
        script.length > 34 ? script.slice(0, 34) : script,
      ),
  }),
  row(["closing_complete", "closing_sig"], {
    what: "signatures of TLV 1 to 3 beside those of TLV 5 to 7, which are a taproot channel's",
    spec: "BOLT 2 knows the first three, the draft of taproot channels the others; neither has this rule",
    reason: /^closing_(complete|sig) contains both regular and taproot signatures$/,
    example: examples.bothSignatures,
    mended: (message) =>
      hasTaprootSignature(message) ? dropping(message, ...oldSignatures) : message,
  }),
  row(["node_announcement"], {
    what: "an `alias` that is not UTF-8",
    spec: "BOLT 7, node_announcement: a sender's alias is UTF-8; nothing is said of receivers",
    reason: /^node alias has non-utf8 characters$/,
    example: examples.aliasBytes,
    mended: (message) =>
      isUtf8(message.alias) ? message : { ...message, alias: toAscii(message.alias) },
  }),
  row(["node_announcement"], {
    what: "an address behind a descriptor of 0 or a hostname without letters that is cut: it reads on behind both",
    spec: "BOLT 7, node_announcement: a reader ignores what follows the first address of an unknown type",
    reason: /^unable to read address: (unexpected )?EOF$/,
    example: examples.cutAddress,
    mended(message) {
      const bytes = ln.encode(ln.addressList, message.addresses).subarray(2);
      if (lndAddresses(bytes) !== undefined) return message;
      return { ...message, addresses: message.addresses.map(mendAddress) };
    },
  }),
  row(["node_announcement_2"], {
    what: "an `alias` that is not UTF-8, or is empty, or has more than 32 bytes",
    spec: "the draft of taproot gossip: a sender's alias is UTF-8 of at most 32 characters",
    reason: /^node alias (contains invalid UTF-8|cannot be empty|exceeds 32 bytes)/,
    example: examples.alias2,
    mended(message) {
      const { alias } = message;
      if (alias === undefined) return message;
      if (isUtf8(alias) && alias.length > 0 && alias.length <= 32) return message;
      return {
        ...message,
        alias: alias.length === 0 ? Uint8Array.of(65) : toAscii(alias).slice(0, 32),
      };
    },
  }),
  row(["node_announcement_2"], {
    what: "a hostname with other characters than a-z A-Z 0-9 . - or without any, and port 0",
    spec: "the draft of taproot gossip: a hostname is ASCII; nothing is said of receivers",
    reason: /^(hostname contains invalid character|hostname cannot be empty|port cannot be zero)/,
    example: examples.hostname,
    mended(message) {
      const { dnsHostname } = message;
      if (dnsHostname === undefined) return message;
      const { hostname, port } = dnsHostname;
      if (isHostname(hostname) && port > 0) return message;
      const dns = {
        hostname: isHostname(hostname) ? hostname : Uint8Array.of(97),
        port: port || 1,
      };
      return { ...message, dnsHostname: dns };
    },
  }),
  row(["reply_channel_range"], {
    what: "another number of `timestamps_tlv` (TLV 1) than of ids",
    spec: "BOLT 7, reply_channel_range: one for each id; nothing is said of what does not fit",
    reason: /^number of timestamps does not match number of SCIDs$/,
    example: examples.timestampCount,
    mended: (message) =>
      message.timestamps !== undefined &&
      message.timestamps.length !== message.shortChannelIds.length
        ? dropping(message, "timestamps")
        : message,
  }),
  row(["channel_update"], {
    what: "no bit 0 in `message_flags`: what follows is then read as records, not as `htlc_maximum_msat`",
    spec: "BOLT 7, channel_update: `must_be_one` is ignored by receivers",
    reason: /^error parsing extra TLV bytes: /,
    example: examples.noMaximumRecords,
    mended: (message) =>
      message.messageFlags % 2 === 1
        ? message
        : { ...message, messageFlags: message.messageFlags + 1 },
  }),
];
