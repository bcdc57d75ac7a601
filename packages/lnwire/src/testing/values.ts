// Arbitraries of the values that messages are made of. Whoever reads them from the other side may check more
// than our codecs do: points lie on the curve, numbers of signatures are below the curve's order.
import { getPublicKey } from "@noble/secp256k1";
import { bytes, i64, record, someBytes, u16, u32, u64, u8 } from "@satwire/codec/testing";
import fc from "fast-check";
import {
  type Address,
  type BlindedPath,
  featureVector,
  type OnionPacket,
  type PerNode,
  type SciddirOrPubkey,
  type TlvRecord,
} from "../index.ts";

export { bytes, record, i64 as s64, someBytes, u16, u32, u64, u8 };

type Arbitrary<T> = fc.Arbitrary<T>;

/** 32 bytes. */
export const hash: Arbitrary<Uint8Array> = /* @__PURE__ */ bytes(32);

/** r and s from 1 to a little below the curve's order. */
export const signature: Arbitrary<Uint8Array> = /* @__PURE__ */ bytes(64).map((value) => {
  const valid = value.slice();
  for (const start of [0, 32]) {
    if (valid[start] === 0xff) valid[start] = 0x7f;
    if (valid[start + 31] === 0) valid[start + 31] = 1;
  }
  return valid;
});

const pointCount = 32;
const points: Uint8Array[] = [];
/** Compressed points that lie on the curve: 32 of them, computed at first use. */
export const point: Arbitrary<Uint8Array> = /* @__PURE__ */ fc
  .nat({ max: pointCount - 1 })
  .map((i) => (points[i] ??= getPublicKey(new Uint8Array(32).fill(i + 1))).slice());

/** Feature vectors in their shortest form. */
export const features: Arbitrary<Uint8Array> = /* @__PURE__ */ fc
  .uniqueArray(fc.nat({ max: 200 }), { maxLength: 12 })
  .map(featureVector);

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
/** Up to 12 ids, ascending. */
export const shortChannelIds: Arbitrary<readonly bigint[]> = /* @__PURE__ */ fc
  .uniqueArray(u64, { maxLength: 12 })
  .map((ids) => ids.toSorted(ascending));
/** Up to 6 pairs of numbers. */
export const pairs: Arbitrary<readonly PerNode[]> = /* @__PURE__ */ fc.array(
  record({ node1: u32, node2: u32 }),
  { maxLength: 6 },
);

const hostname: Arbitrary<string> = /* @__PURE__ */ fc.string({
  unit: fc.constantFrom("a", "z", "A", "Z", "0", "9", ".", "-", "_"),
  minLength: 1,
  maxLength: 30,
});
const ipAddress = (type: "ipv4" | "ipv6" | "torv2" | "torv3", length: number): Arbitrary<Address> =>
  record({ type: fc.constant(type), address: bytes(length), port: u16 });
const knownAddress: Arbitrary<Address> = /* @__PURE__ */ fc.oneof(
  ipAddress("ipv4", 4),
  ipAddress("ipv6", 16),
  ipAddress("torv2", 10),
  ipAddress("torv3", 35),
  record({ type: fc.constant("dns" as const), hostname, port: u16 }),
);
const unknownDescriptor: Arbitrary<number> = /* @__PURE__ */ fc.oneof(
  fc.constant(0),
  fc.integer({ min: 6, max: 255 }),
);
const opaqueAddress: Arbitrary<Address> = /* @__PURE__ */ fc
  .tuple(unknownDescriptor, someBytes)
  .map(([descriptor, data]) => ({ type: "opaque", data: Uint8Array.of(descriptor, ...data) }));
/** An address of any type, opaque ones included. */
export const address: Arbitrary<Address> = /* @__PURE__ */ fc.oneof(knownAddress, opaqueAddress);
/** Up to 5 addresses; an opaque one comes last. */
export const addresses: Arbitrary<readonly Address[]> = /* @__PURE__ */ fc
  .tuple(fc.array(knownAddress, { maxLength: 4 }), fc.option(opaqueAddress))
  .map(([list, last]) => (last === null ? list : [...list, last]));

/** An onion of up to 146 bytes, whose key is not always a point. */
export const onionPacket: Arbitrary<OnionPacket> = /* @__PURE__ */ record({
  version: u8,
  publicKey: fc.oneof(point, bytes(33)),
  hopPayloads: fc.uint8Array({ maxLength: 80 }),
  hmac: hash,
});

/** Either of the two. */
export const sciddirOrPubkey: Arbitrary<SciddirOrPubkey> = /* @__PURE__ */ fc.oneof(
  record<SciddirOrPubkey & { type: "pubkey" }>({ type: fc.constant("pubkey"), pubkey: point }),
  record<SciddirOrPubkey & { type: "sciddir" }>({
    type: fc.constant("sciddir"),
    direction: fc.constantFrom(0, 1),
    shortChannelId: u64,
  }),
);

/** A path of up to 4 hops; sometimes of none. */
export const blindedPath: Arbitrary<BlindedPath> = /* @__PURE__ */ record<BlindedPath>({
  firstNodeId: sciddirOrPubkey,
  firstPathKey: point,
  path: fc.array(record({ blindedNodeId: point, encryptedRecipientData: someBytes }), {
    maxLength: 4,
  }),
});

/** Odd records beside the known ones, ascending, at least one. */
export const unknownRecords = (known: readonly bigint[]): Arbitrary<readonly TlvRecord[]> =>
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
