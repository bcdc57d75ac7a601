// Keys and gossip signed with them.
import { expect } from "vitest";
import {
  chainHashOf,
  type ChannelAnnouncement,
  type ChannelKeys,
  type ChannelUpdate,
  compareBytes,
  encodeMessage,
  fromHex,
  gossipHash,
  type NodeAnnouncement,
  nobleSignatures,
  type SignatureCrypto,
  type SignatureOptions,
  type SignedGossip,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toHex,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "../../src/index.ts";

export const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

export const keys: ChannelKeys = {
  nodeKey1: key(1),
  nodeKey2: key(2),
  bitcoinKey1: key(3),
  bitcoinKey2: key(4),
};

export const announcement: ChannelAnnouncement = signChannelAnnouncement(
  {
    type: "channel_announcement",
    features: fromHex(""),
    chainHash: chainHashOf("regtest"),
    shortChannelId: 1n,
  },
  keys,
);

export const node: NodeAnnouncement = signNodeAnnouncement(
  {
    type: "node_announcement",
    features: fromHex("02"),
    timestamp: 1,
    rgbColor: fromHex("ff0000"),
    alias: new Uint8Array(32),
    addresses: [
      { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
      { type: "opaque", data: fromHex("06abcd") },
    ],
  },
  keys.nodeKey1,
);

export const unsignedUpdate: Omit<ChannelUpdate, "signature"> = {
  type: "channel_update",
  chainHash: chainHashOf("regtest"),
  shortChannelId: 1n,
  timestamp: 1,
  messageFlags: 1,
  channelFlags: 0,
  cltvExpiryDelta: 40,
  htlcMinimumMsat: 1n,
  feeBaseMsat: 1000,
  feeProportionalMillionths: 1,
  htlcMaximumMsat: 10n ** 9n,
};

const isKeyOf = (privateKey: Uint8Array, publicKey: Uint8Array): boolean =>
  compareBytes(nobleSignatures.publicKey(privateKey), publicKey) === 0;

/** The private key behind a public one of the announcement. */
export const privateKeyOf = (publicKey: Uint8Array): Uint8Array =>
  Object.values<Uint8Array>({ ...keys }).find((candidate) => isKeyOf(candidate, publicKey)) ??
  expect.fail("a key of the announcement");

export const update: ChannelUpdate = signChannelUpdate(
  unsignedUpdate,
  privateKeyOf(announcement.nodeId1),
);

export const signed: readonly SignedGossip[] = [announcement, node, update];

/** How many signatures of 64 bytes follow the type. */
export const signaturesOf = (type: SignedGossip["type"]): 1 | 4 =>
  type === "channel_announcement" ? 4 : 1;

/** What `verify…` says of a frame. */
export function verifyFrame(
  type: SignedGossip["type"],
  frame: Uint8Array,
  options?: SignatureOptions,
): boolean {
  switch (type) {
    case "channel_announcement":
      return verifyChannelAnnouncement(frame, options);
    case "node_announcement":
      return verifyNodeAnnouncement(frame, options);
    case "channel_update":
      return verifyChannelUpdate(frame, announcement, options);
  }
}

/** What `verify…` says of a message. */
export function verifyMessage(message: SignedGossip, options?: SignatureOptions): boolean {
  switch (message.type) {
    case "channel_announcement":
      return verifyChannelAnnouncement(message, options);
    case "node_announcement":
      return verifyNodeAnnouncement(message, options);
    case "channel_update":
      return verifyChannelUpdate(message, announcement, options);
  }
}

/** What `verify…` says, which must be the same of a message and of its frame. */
export function verify(message: SignedGossip): boolean {
  const verdict = verifyMessage(message);
  expect(verifyFrame(message.type, encodeMessage(message))).toBe(verdict);
  return verdict;
}

/** The frame with new signatures, whatever it holds; those of a channel are made in its order of keys. */
export function signFrame(type: SignedGossip["type"], frame: Uint8Array): Uint8Array {
  const hash = gossipHash(frame);
  const { nodeId1, nodeId2, bitcoinKey1, bitcoinKey2 } = announcement;
  const signers = {
    channel_announcement: [nodeId1, nodeId2, bitcoinKey1, bitcoinKey2],
    node_announcement: [node.nodeId],
    channel_update: [nodeId1],
  }[type];
  const resigned = frame.slice();
  for (const [i, signer] of signers.entries()) {
    resigned.set(nobleSignatures.sign(hash, privateKeyOf(signer)), 2 + 64 * i);
  }
  return resigned;
}

/** S replaced by n - S: as good for the curve, and not the one form that is accepted. */
export const withHighS = (signature: Uint8Array): Uint8Array => {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = BigInt(`0x${toHex(signature.subarray(32))}`);
  return fromHex(toHex(signature.subarray(0, 32)) + (n - s).toString(16).padStart(64, "0"));
};
/** No point of the curve has this x. */
export const offCurve: Uint8Array = fromHex(`02${"00".repeat(31)}05`);

/** A backend that notes which keys sign which hashes. */
export function signingSpy(): {
  readonly crypto: SignatureCrypto;
  readonly calls: (readonly string[])[];
} {
  const calls: (readonly string[])[] = [];
  const sign: SignatureCrypto["sign"] = (hash, privateKey) => {
    calls.push([toHex(hash), toHex(privateKey)]);
    return new Uint8Array(64).fill(calls.length);
  };
  return { crypto: { ...nobleSignatures, sign }, calls };
}
