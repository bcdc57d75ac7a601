// Random valid messages, one arbitrary each. Records that no codec knows are among them.
import fc from "fast-check";
import type {
  Address,
  ChannelAnnouncement,
  ChannelUpdate,
  ErrorMessage,
  GossipTimestampFilter,
  Init,
  KnownMessage,
  NodeAnnouncement,
  PerNode,
  Ping,
  Pong,
  QueryChannelRange,
  QueryShortChannelIds,
  ReplyChannelRange,
  ReplyShortChannelIdsEnd,
  TlvRecord,
  UnknownMessage,
  Warning,
} from "../src/index.ts";

type Arbitrary<T> = fc.Arbitrary<T>;

/** Objects like those of a literal, as decoding gives them. */
const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

// Numbers near the borders of their encodings are as likely as all others.
const upTo = (max: number): Arbitrary<number> =>
  fc.oneof(fc.nat({ max: Math.min(max, 300) }), fc.integer({ min: 0, max }), fc.constant(max));
const u8 = upTo(0xff);
const u16 = upTo(0xffff);
const u32 = upTo(0xffffffff);
const u64: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0xfff0n, max: 0x1_000fn }),
  fc.bigInt({ min: 0xffff_fff0n, max: 0x1_0000_000fn }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constant(2n ** 64n - 1n),
);

const bytes = (length: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const someBytes: Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 40 });
const signature = bytes(64);
const hash = bytes(32);
const point: Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(2, 3), bytes(32))
  .map(([prefix, x]) => Uint8Array.of(prefix, ...x));

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const shortChannelIds: Arbitrary<readonly bigint[]> = fc
  .uniqueArray(u64, { maxLength: 12 })
  .map((ids) => ids.toSorted(ascending));
const pairs: Arbitrary<readonly PerNode[]> = fc.array(record({ node1: u32, node2: u32 }), {
  maxLength: 6,
});

const hostname: Arbitrary<string> = fc.string({
  unit: fc.constantFrom("a", "z", "A", "Z", "0", "9", ".", "-", "_"),
  minLength: 1,
  maxLength: 30,
});
const ipAddress = (type: "ipv4" | "ipv6" | "torv2" | "torv3", length: number): Arbitrary<Address> =>
  record({ type: fc.constant(type), address: bytes(length), port: u16 });
const knownAddress: Arbitrary<Address> = fc.oneof(
  ipAddress("ipv4", 4),
  ipAddress("ipv6", 16),
  ipAddress("torv2", 10),
  ipAddress("torv3", 35),
  record({ type: fc.constant("dns"), hostname, port: u16 }),
);
const unknownDescriptor: Arbitrary<number> = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 6, max: 255 }),
);
const opaqueAddress: Arbitrary<Address> = fc
  .tuple(unknownDescriptor, someBytes)
  .map(([descriptor, data]) => ({ type: "opaque", data: Uint8Array.of(descriptor, ...data) }));
const addresses: Arbitrary<readonly Address[]> = fc
  .tuple(fc.array(knownAddress, { maxLength: 4 }), fc.option(opaqueAddress))
  .map(([list, last]) => (last === null ? list : [...list, last]));

/** Odd records beside the known ones, ascending, or none. */
const unknownRecords = (known: readonly bigint[]): Arbitrary<readonly TlvRecord[]> =>
  fc
    .uniqueArray(
      u64.map((type) => type | 1n),
      { minLength: 1, maxLength: 4 },
    )
    .map((types) => types.filter((type) => !known.includes(type)).toSorted(ascending))
    .filter((types) => types.length > 0)
    .chain((types) =>
      fc.tuple(...types.map((type) => someBytes.map((value): TlvRecord => ({ type, value })))),
    );

type Fields<M> = {
  [K in keyof Omit<M, "type" | "unknown">]-?: Arbitrary<Exclude<M[K], undefined>>;
};

/** A message of these fields; `optional` ones are sometimes absent, known TLV types are odd. */
function message<M extends KnownMessage>(
  type: M["type"],
  fields: Fields<M>,
  optional: readonly string[] = [],
  knownTypes: readonly bigint[] = [],
): Arbitrary<M> {
  const model: Record<string, Arbitrary<unknown>> = {
    type: fc.constant(type),
    ...fields,
    unknown: unknownRecords(knownTypes),
  };
  const requiredKeys = Object.keys(model).filter(
    (name) => name !== "unknown" && !optional.includes(name),
  );
  return fc.record(model, { requiredKeys, noNullPrototype: true }) as unknown as Arbitrary<M>;
}

/** An arbitrary for every message of the default set, by name. */
export const messages: { readonly [M in KnownMessage as M["type"]]: Arbitrary<M> } = {
  init: message<Init>(
    "init",
    {
      globalfeatures: someBytes,
      features: someBytes,
      networks: fc.array(hash, { maxLength: 3 }),
      remoteAddr: fc.oneof(knownAddress, opaqueAddress),
    },
    ["networks", "remoteAddr"],
    [1n, 3n],
  ),
  error: message<ErrorMessage>("error", { channelId: hash, data: someBytes }),
  warning: message<Warning>("warning", { channelId: hash, data: someBytes }),
  ping: message<Ping>("ping", { numPongBytes: u16, ignored: someBytes }),
  pong: message<Pong>("pong", { ignored: someBytes }),
  channel_announcement: message<ChannelAnnouncement>("channel_announcement", {
    nodeSignature1: signature,
    nodeSignature2: signature,
    bitcoinSignature1: signature,
    bitcoinSignature2: signature,
    features: someBytes,
    chainHash: hash,
    shortChannelId: u64,
    nodeId1: point,
    nodeId2: point,
    bitcoinKey1: point,
    bitcoinKey2: point,
  }),
  node_announcement: message<NodeAnnouncement>("node_announcement", {
    signature,
    features: someBytes,
    timestamp: u32,
    nodeId: point,
    rgbColor: bytes(3),
    alias: bytes(32),
    addresses,
  }),
  channel_update: message<ChannelUpdate>("channel_update", {
    signature,
    chainHash: hash,
    shortChannelId: u64,
    timestamp: u32,
    messageFlags: u8,
    channelFlags: u8,
    cltvExpiryDelta: u16,
    htlcMinimumMsat: u64,
    feeBaseMsat: u32,
    feeProportionalMillionths: u32,
    htlcMaximumMsat: u64,
  }),
  query_short_channel_ids: message<QueryShortChannelIds>(
    "query_short_channel_ids",
    { chainHash: hash, shortChannelIds, queryFlags: fc.array(u64, { maxLength: 12 }) },
    ["queryFlags"],
    [1n],
  ),
  reply_short_channel_ids_end: message<ReplyShortChannelIdsEnd>("reply_short_channel_ids_end", {
    chainHash: hash,
    fullInformation: fc.boolean(),
  }),
  query_channel_range: message<QueryChannelRange>(
    "query_channel_range",
    { chainHash: hash, firstBlocknum: u32, numberOfBlocks: u32, queryOption: u64 },
    ["queryOption"],
    [1n],
  ),
  reply_channel_range: message<ReplyChannelRange>(
    "reply_channel_range",
    {
      chainHash: hash,
      firstBlocknum: u32,
      numberOfBlocks: u32,
      syncComplete: fc.boolean(),
      shortChannelIds,
      timestamps: pairs,
      checksums: pairs,
    },
    ["timestamps", "checksums"],
    [1n, 3n],
  ),
  gossip_timestamp_filter: message<GossipTimestampFilter>("gossip_timestamp_filter", {
    chainHash: hash,
    firstTimestamp: u32,
    timestampRange: u32,
  }),
};

/** A message of any kind. */
export const anyMessage: Arbitrary<KnownMessage> = fc.oneof(...Object.values(messages));

/** A message whose type is not among `known`. */
export const unknownMessage = (known: readonly number[]): Arbitrary<UnknownMessage> =>
  record({
    type: fc.constant("unknown"),
    id: u16.filter((id) => !known.includes(id)),
    payload: someBytes,
  });

/** One to three changes to a byte string: flipped, removed, inserted or cut bytes. */
export function mutated(original: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  const change = record({
    kind: fc.constantFrom("flip", "replace", "remove", "insert", "cut", "append"),
    at: fc.nat({ max: 0xffff }),
    byte: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0xfd, 0xfe, 0xff), u8),
  });
  return fc
    .tuple(original, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([start, changes]) =>
      changes.reduce((frame, { kind, at, byte }) => {
        const index = frame.length === 0 ? 0 : at % frame.length;
        const [before, after] = [frame.subarray(0, index), frame.subarray(index + 1)];
        switch (kind) {
          case "flip":
            return Uint8Array.of(...before, (frame[index] ?? 0) ^ (1 << (byte & 7)), ...after);
          case "replace":
            return Uint8Array.of(...before, byte, ...after);
          case "remove":
            return Uint8Array.of(...before, ...after);
          case "insert":
            return Uint8Array.of(...before, byte, ...frame.subarray(index));
          case "cut":
            return before.slice();
          case "append":
            return Uint8Array.of(...frame, byte);
        }
      }, start),
    );
}
