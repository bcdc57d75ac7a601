// BOLT 7: what the signatures of gossip cover, and checking and making them. Hashes run over the
// message as it is on the wire, unknown trailing records included.
import { sha256 } from "@noble/hashes/sha2.js";
import { compareBytes } from "@satwire/codec";
import {
  channelAnnouncement,
  type ChannelAnnouncement,
  channelUpdate,
  type ChannelUpdate,
  nodeAnnouncement,
  type NodeAnnouncement,
} from "./messages/gossip.ts";
import { messageSet } from "./message-set.ts";
import { nobleSignatures, type SignatureCrypto } from "./signatures.ts";

/** The messages of gossip that are signed. */
export type SignedGossip = ChannelAnnouncement | NodeAnnouncement | ChannelUpdate;

const typeLength = 2;
const signatureLength = 64;
const emptySignature = (): Uint8Array => new Uint8Array(signatureLength);

/** The backend that checks or makes signatures. */
export interface SignatureOptions {
  /** @default nobleSignatures */
  readonly crypto?: SignatureCrypto | undefined;
}

/**
 * The 32-byte hash that the signatures of a gossip frame cover: double SHA-256 of all that follows
 * them. `frame` starts with the message type and is taken as it is, extensions and all.
 */
export function gossipHash(type: SignedGossip["type"], frame: Uint8Array): Uint8Array {
  const signatures = type === "channel_announcement" ? 4 : 1;
  return sha256(sha256(frame.subarray(typeLength + signatures * signatureLength)));
}

const encodeGossip = (message: SignedGossip): Uint8Array =>
  messageSet([channelAnnouncement, nodeAnnouncement, channelUpdate]).encode(message);

const hashOf = (message: SignedGossip): Uint8Array =>
  gossipHash(message.type, encodeGossip(message));

/**
 * Whether all four signatures hold and the node ids are in order. Costs four verifications.
 *
 * @throws EncodeError if the message is none that could be sent.
 */
export function verifyChannelAnnouncement(
  message: ChannelAnnouncement,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  const { nodeId1, nodeId2, bitcoinKey1, bitcoinKey2 } = message;
  if (compareBytes(nodeId1, nodeId2) >= 0) return false;
  const hash = hashOf(message);
  return (
    crypto.verify(message.nodeSignature1, hash, nodeId1) &&
    crypto.verify(message.nodeSignature2, hash, nodeId2) &&
    crypto.verify(message.bitcoinSignature1, hash, bitcoinKey1) &&
    crypto.verify(message.bitcoinSignature2, hash, bitcoinKey2)
  );
}

/**
 * Whether the signature holds for the announced node id.
 *
 * @throws EncodeError if the message is none that could be sent.
 */
export function verifyNodeAnnouncement(
  message: NodeAnnouncement,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  return crypto.verify(message.signature, hashOf(message), message.nodeId);
}

/**
 * Whether the signature of an update holds for the node it claims to come from, which only the
 * channel's announcement tells: `nodeId1` for direction 0, `nodeId2` for direction 1.
 *
 * @throws EncodeError if the message is none that could be sent.
 */
export function verifyChannelUpdate(
  message: ChannelUpdate,
  announcement: Pick<ChannelAnnouncement, "nodeId1" | "nodeId2">,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  const nodeId = directionOf(message) === 0 ? announcement.nodeId1 : announcement.nodeId2;
  return crypto.verify(message.signature, hashOf(message), nodeId);
}

/** Which end of its channel an update comes from: 0 is node 1, 1 is node 2. */
export function directionOf({ channelFlags }: Pick<ChannelUpdate, "channelFlags">): 0 | 1 {
  return (channelFlags & 1) === 0 ? 0 : 1;
}

/** Private keys of both ends of a channel, 32 bytes each. */
export interface ChannelKeys {
  readonly nodeKey1: Uint8Array;
  readonly nodeKey2: Uint8Array;
  readonly bitcoinKey1: Uint8Array;
  readonly bitcoinKey2: Uint8Array;
}

/** A channel announcement without what its keys determine. */
export type UnsignedChannelAnnouncement = Omit<
  ChannelAnnouncement,
  `${"node" | "bitcoin"}Signature${1 | 2}` | `nodeId${1 | 2}` | `bitcoinKey${1 | 2}`
>;

/**
 * Makes a channel announcement: public keys from private ones, in the order that the spec asks for,
 * and all four signatures.
 */
export function signChannelAnnouncement(
  message: UnsignedChannelAnnouncement,
  keys: ChannelKeys,
  { crypto = nobleSignatures }: SignatureOptions = {},
): ChannelAnnouncement {
  const ends = [
    {
      nodeKey: keys.nodeKey1,
      bitcoinKey: keys.bitcoinKey1,
      nodeId: crypto.publicKey(keys.nodeKey1),
    },
    {
      nodeKey: keys.nodeKey2,
      bitcoinKey: keys.bitcoinKey2,
      nodeId: crypto.publicKey(keys.nodeKey2),
    },
  ].sort((a, b) => compareBytes(a.nodeId, b.nodeId));
  const [one, two] = ends as [(typeof ends)[0], (typeof ends)[0]];
  const unsigned: ChannelAnnouncement = {
    ...message,
    nodeSignature1: emptySignature(),
    nodeSignature2: emptySignature(),
    bitcoinSignature1: emptySignature(),
    bitcoinSignature2: emptySignature(),
    nodeId1: one.nodeId,
    nodeId2: two.nodeId,
    bitcoinKey1: crypto.publicKey(one.bitcoinKey),
    bitcoinKey2: crypto.publicKey(two.bitcoinKey),
  };
  const hash = hashOf(unsigned);
  return {
    ...unsigned,
    nodeSignature1: crypto.sign(hash, one.nodeKey),
    nodeSignature2: crypto.sign(hash, two.nodeKey),
    bitcoinSignature1: crypto.sign(hash, one.bitcoinKey),
    bitcoinSignature2: crypto.sign(hash, two.bitcoinKey),
  };
}

/** Signs a node announcement; its node id follows from the key. */
export function signNodeAnnouncement(
  message: Omit<NodeAnnouncement, "signature" | "nodeId">,
  nodeKey: Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): NodeAnnouncement {
  const unsigned = { ...message, nodeId: crypto.publicKey(nodeKey), signature: emptySignature() };
  return { ...unsigned, signature: crypto.sign(hashOf(unsigned), nodeKey) };
}

/** Signs an update with the key of the node that its direction names. */
export function signChannelUpdate(
  message: Omit<ChannelUpdate, "signature">,
  nodeKey: Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): ChannelUpdate {
  const unsigned = { ...message, signature: emptySignature() };
  return { ...unsigned, signature: crypto.sign(hashOf(unsigned), nodeKey) };
}
