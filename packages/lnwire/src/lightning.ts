// Every message of the BOLTs in one set. Chapters are listed here, messages in their chapters.
import { messageSet, type MessageSet } from "./message-set.ts";
import type { UnknownMessage } from "./message.ts";
import { type ControlMessage, controlMessages } from "./messages/control.ts";
import { type PeerStorageMessage, peerStorageMessages } from "./messages/peer-storage.ts";
import { type ChannelOpenMessage, channelOpenMessages } from "./messages/channel-open.ts";
import { type ChannelOpenV2Message, channelOpenV2Messages } from "./messages/channel-open-v2.ts";
import { type InteractiveTxMessage, interactiveTxMessages } from "./messages/interactive-tx.ts";
import { type SpliceMessage, spliceMessages } from "./messages/splice.ts";
import { type ChannelCloseMessage, channelCloseMessages } from "./messages/channel-close.ts";
import { type CommitmentMessage, commitmentMessages } from "./messages/commitment.ts";
import { type HtlcMessage, htlcMessages } from "./messages/htlc.ts";
import { type AnnouncementMessage, announcementMessages } from "./messages/gossip.ts";
import { type GossipQueryMessage, gossipQueryMessages } from "./messages/gossip-queries.ts";
import { type OnionMessage, onionMessage } from "./messages/onion-message.ts";

/** Every message of the BOLTs. */
export type KnownMessage =
  | ControlMessage
  | PeerStorageMessage
  | ChannelOpenMessage
  | ChannelOpenV2Message
  | InteractiveTxMessage
  | SpliceMessage
  | ChannelCloseMessage
  | CommitmentMessage
  | HtlcMessage
  | AnnouncementMessage
  | GossipQueryMessage
  | OnionMessage;

/** What can come out of a frame: a known message or the bytes of an unknown one. */
export type LightningMessage = KnownMessage | UnknownMessage;

/** The set of all messages of the BOLTs. Drafts and messages of one's own are not in it. */
export const lightningMessages: MessageSet<KnownMessage> = /* @__PURE__ */ messageSet([
  ...controlMessages,
  ...peerStorageMessages,
  ...channelOpenMessages,
  ...channelOpenV2Messages,
  ...interactiveTxMessages,
  ...spliceMessages,
  ...channelCloseMessages,
  ...commitmentMessages,
  ...htlcMessages,
  ...announcementMessages,
  ...gossipQueryMessages,
  onionMessage,
]);

/**
 * Reads one frame, type included, as any known message.
 *
 * @throws DecodeError with a `path` that starts with the name of the message.
 * @example
 * ```ts
 * const message = decodeMessage(fromHex("001200080000"));
 * if (message.type === "ping") message.numPongBytes; // 8
 * ```
 */
export function decodeMessage(frame: Uint8Array): LightningMessage {
  return lightningMessages.decode(frame);
}

/** Writes a message as a frame, type included; frames share memory, see `MessageSet.encode`. @throws EncodeError */
export function encodeMessage(message: LightningMessage): Uint8Array {
  return lightningMessages.encode(message);
}
