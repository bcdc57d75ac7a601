// BOLT 7: making the signatures of gossip, for tests and overlays.
import { compareBytes, EncodeError, equalBytes } from "@satwire/codec";
import { gossipHash } from "./gossip-hash.ts";
import {
  type AnnouncementSignatures,
  channelAnnouncement,
  type ChannelAnnouncement,
  channelUpdate,
  type ChannelUpdate,
  nodeAnnouncement,
  type NodeAnnouncement,
} from "./messages/gossip.ts";
import { type MessageSet, messageSet } from "./message-set.ts";
import type { MessageBase } from "./message.ts";
import { nobleSignatures, type SignatureCrypto } from "./signatures.ts";

/** The messages of gossip that are signed. */
export type SignedGossip = ChannelAnnouncement | NodeAnnouncement | ChannelUpdate;

const signedMessages: MessageSet<SignedGossip> = /* @__PURE__ */ messageSet([
  channelAnnouncement,
  nodeAnnouncement,
  channelUpdate,
]);

const emptySignature = (): Uint8Array => new Uint8Array(64);

/** The backend that checks or makes signatures. */
export interface SignatureOptions {
  /** @default nobleSignatures */
  readonly crypto?: SignatureCrypto | undefined;
}

/** Writes a message of {@link SignedGossip} as a frame. @throws EncodeError */
export function encodeGossip(message: MessageBase): Uint8Array {
  return signedMessages.encode(message as SignedGossip);
}

const hashOf = (message: SignedGossip): Uint8Array => gossipHash(encodeGossip(message));

/**
 * Private keys of both ends of a channel, 32 bytes each, in any order: which end is node 1 of the announcement
 * follows from the public keys. {@link nodeKeyOf} finds the one for a direction.
 */
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
  const channel: AnnouncedChannel = {
    ...message,
    nodeId1: one.nodeId,
    nodeId2: two.nodeId,
    bitcoinKey1: crypto.publicKey(one.bitcoinKey),
    bitcoinKey2: crypto.publicKey(two.bitcoinKey),
  };
  const hash = announcementHash(channel);
  return {
    ...channel,
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

/** The key of the end that updates of a direction come from: the one with the lesser node id for 0. */
export function nodeKeyOf(
  keys: Pick<ChannelKeys, "nodeKey1" | "nodeKey2">,
  direction: 0 | 1,
  { crypto = nobleSignatures }: SignatureOptions = {},
): Uint8Array {
  const { nodeKey1, nodeKey2 } = keys;
  const isOrdered = compareBytes(crypto.publicKey(nodeKey1), crypto.publicKey(nodeKey2)) < 0;
  return isOrdered === (direction === 0) ? nodeKey1 : nodeKey2;
}

/** Signs an update with the key of the node that its direction names, see {@link nodeKeyOf}. */
export function signChannelUpdate(
  message: Omit<ChannelUpdate, "signature">,
  nodeKey: Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): ChannelUpdate {
  const unsigned = { ...message, signature: emptySignature() };
  return { ...unsigned, signature: crypto.sign(hashOf(unsigned), nodeKey) };
}

/** A channel as its announcement describes it, without the signatures. */
export type AnnouncedChannel = Omit<ChannelAnnouncement, `${"node" | "bitcoin"}Signature${1 | 2}`>;

/**
 * The 32-byte hash that both ends of a channel sign to announce it.
 *
 * @throws EncodeError for a channel that could not be announced.
 */
export function announcementHash(channel: AnnouncedChannel): Uint8Array {
  return hashOf({
    ...channel,
    nodeSignature1: emptySignature(),
    nodeSignature2: emptySignature(),
    bitcoinSignature1: emptySignature(),
    bitcoinSignature2: emptySignature(),
  });
}

/** What one end of a channel signs its announcement with. */
export interface AnnouncementKeys {
  readonly channelId: Uint8Array;
  readonly nodeKey: Uint8Array;
  readonly bitcoinKey: Uint8Array;
}

/**
 * Makes the `announcement_signatures` of one end of a channel.
 *
 * @throws EncodeError `invalid_value` if the keys are those of neither end.
 */
export function signAnnouncement(
  channel: AnnouncedChannel,
  { channelId, nodeKey, bitcoinKey }: AnnouncementKeys,
  { crypto = nobleSignatures }: SignatureOptions = {},
): AnnouncementSignatures {
  const nodeId = crypto.publicKey(nodeKey);
  const bitcoin = crypto.publicKey(bitcoinKey);
  const isEnd =
    (equalBytes(nodeId, channel.nodeId1) && equalBytes(bitcoin, channel.bitcoinKey1)) ||
    (equalBytes(nodeId, channel.nodeId2) && equalBytes(bitcoin, channel.bitcoinKey2));
  if (!isEnd) throw new EncodeError("invalid_value", "the keys are of neither end of the channel");
  const hash = announcementHash(channel);
  return {
    type: "announcement_signatures",
    channelId,
    shortChannelId: channel.shortChannelId,
    nodeSignature: crypto.sign(hash, nodeKey),
    bitcoinSignature: crypto.sign(hash, bitcoinKey),
  };
}

/** Puts the signatures of both ends, of node 1 first, into the announcement. They are not verified here. */
export function joinAnnouncement(
  channel: AnnouncedChannel,
  signatures1: AnnouncementSignatures,
  signatures2: AnnouncementSignatures,
): ChannelAnnouncement {
  return {
    ...channel,
    nodeSignature1: signatures1.nodeSignature,
    nodeSignature2: signatures2.nodeSignature,
    bitcoinSignature1: signatures1.bitcoinSignature,
    bitcoinSignature2: signatures2.bitcoinSignature,
  };
}
