// BOLT 7: who wrote a gossip message. Each function takes the message or its frame: a frame is hashed as it came,
// also if something follows the known fields that cannot be read.
import { compareBytes, DecodeError, equalBytes, Reader, withPath } from "@satwire/codec";
import { gossipHash } from "./gossip-hash.ts";
import {
  type AnnouncedChannel,
  announcementHash,
  encodeGossip,
  type SignatureOptions,
} from "./gossip-signing.ts";
import {
  type AnnouncementSignatures,
  type ChannelAnnouncement,
  channelAnnouncement,
  channelUpdate,
  type ChannelUpdate,
  nodeAnnouncement,
  type NodeAnnouncement,
} from "./messages/gossip.ts";
import type { MessageBase, MessageCodec } from "./message.ts";
import { nobleSignatures } from "./signatures.ts";

/**
 * Whether all four signatures hold and the node ids are in order. Costs four verifications.
 *
 * @throws EncodeError for a message that could not be sent, DecodeError for a frame without its fields.
 */
export function verifyChannelAnnouncement(
  source: ChannelAnnouncement | Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  const { fields, hash } = open(channelAnnouncement, source);
  const { nodeId1, nodeId2, bitcoinKey1, bitcoinKey2 } = fields;
  if (compareBytes(nodeId1, nodeId2) >= 0) return false;
  return (
    crypto.verify(fields.nodeSignature1, hash, nodeId1) &&
    crypto.verify(fields.nodeSignature2, hash, nodeId2) &&
    crypto.verify(fields.bitcoinSignature1, hash, bitcoinKey1) &&
    crypto.verify(fields.bitcoinSignature2, hash, bitcoinKey2)
  );
}

/**
 * Whether the signature holds for the announced node id.
 *
 * @throws EncodeError for a message that could not be sent, DecodeError for a frame without its fields.
 */
export function verifyNodeAnnouncement(
  source: NodeAnnouncement | Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  const { fields, hash } = open(nodeAnnouncement, source);
  return crypto.verify(fields.signature, hash, fields.nodeId);
}

/**
 * Whether the signature of an update holds for the node it claims to come from, which only the
 * channel's announcement tells: `nodeId1` for direction 0, `nodeId2` for direction 1.
 *
 * @throws EncodeError for a message that could not be sent, DecodeError for a frame without its fields.
 */
export function verifyChannelUpdate(
  source: ChannelUpdate | Uint8Array,
  announcement: Pick<ChannelAnnouncement, "nodeId1" | "nodeId2">,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  const { fields, hash } = open(channelUpdate, source);
  const nodeId = directionOf(fields) === 0 ? announcement.nodeId1 : announcement.nodeId2;
  return crypto.verify(fields.signature, hash, nodeId);
}

/**
 * Whether the `announcement_signatures` of one end of a channel hold: both its signatures are for the
 * announcement of `channel`, and both are of the end whose node id is `sender`.
 *
 * @throws EncodeError for a channel that could not be announced.
 */
export function verifyAnnouncementSignatures(
  message: AnnouncementSignatures,
  channel: AnnouncedChannel,
  sender: Uint8Array,
  { crypto = nobleSignatures }: SignatureOptions = {},
): boolean {
  if (message.shortChannelId !== channel.shortChannelId) return false;
  const isNode1 = equalBytes(sender, channel.nodeId1);
  if (!isNode1 && !equalBytes(sender, channel.nodeId2)) return false;
  const hash = announcementHash(channel);
  const bitcoinKey = isNode1 ? channel.bitcoinKey1 : channel.bitcoinKey2;
  return (
    crypto.verify(message.nodeSignature, hash, sender) &&
    crypto.verify(message.bitcoinSignature, hash, bitcoinKey)
  );
}

/** Which end of its channel an update comes from: 0 is node 1, 1 is node 2. */
export function directionOf({ channelFlags }: Pick<ChannelUpdate, "channelFlags">): 0 | 1 {
  return (channelFlags & 1) === 0 ? 0 : 1;
}

function open<M extends MessageBase>(
  codec: MessageCodec<M>,
  source: M | Uint8Array,
): { readonly fields: M; readonly hash: Uint8Array } {
  if (!(source instanceof Uint8Array)) {
    return { fields: source, hash: gossipHash(encodeGossip(source)) };
  }
  const reader = new Reader(source);
  const id = reader.u16();
  if (id !== codec.id) {
    throw new DecodeError("invalid_value", `message ${id} is no ${codec.name}`, { offset: 0 });
  }
  // What is wrong behind the fields does not matter here: it is signed like the rest.
  let problem: unknown;
  const found = codec.inspect(reader, (error) => {
    problem ??= withPath(error, codec.name);
    return false;
  });
  const isComplete = Object.keys(codec.fields).every((key) => key in found);
  if (!isComplete) throw problem;
  return { fields: found as M, hash: gossipHash(source) };
}
