import { messageSet, type MessageSet, type UnknownMessage } from "./message.ts";
import {
  error,
  type ErrorMessage,
  init,
  type Init,
  ping,
  type Ping,
  pong,
  type Pong,
  warning,
  type Warning,
} from "./messages/control.ts";
import {
  type GossipTimestampFilter,
  gossipTimestampFilter,
  type QueryChannelRange,
  queryChannelRange,
  type QueryShortChannelIds,
  queryShortChannelIds,
  type ReplyChannelRange,
  replyChannelRange,
  type ReplyShortChannelIdsEnd,
  replyShortChannelIdsEnd,
} from "./messages/gossip-queries.ts";
import {
  type ChannelAnnouncement,
  channelAnnouncement,
  type ChannelUpdate,
  channelUpdate,
  type NodeAnnouncement,
  nodeAnnouncement,
} from "./messages/gossip.ts";

/** Every message that this package describes. */
export type KnownMessage =
  | Warning
  | Init
  | ErrorMessage
  | Ping
  | Pong
  | ChannelAnnouncement
  | NodeAnnouncement
  | ChannelUpdate
  | QueryShortChannelIds
  | ReplyShortChannelIdsEnd
  | QueryChannelRange
  | ReplyChannelRange
  | GossipTimestampFilter;

/** What can come out of a frame: a known message or the bytes of an unknown one. */
export type LightningMessage = KnownMessage | UnknownMessage;

/** The set of all messages of this package. */
export const lightningMessages: MessageSet<KnownMessage> = /* @__PURE__ */ messageSet([
  warning,
  init,
  error,
  ping,
  pong,
  channelAnnouncement,
  nodeAnnouncement,
  channelUpdate,
  queryShortChannelIds,
  replyShortChannelIdsEnd,
  queryChannelRange,
  replyChannelRange,
  gossipTimestampFilter,
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

/** Writes a message as a frame, type included. @throws EncodeError */
export function encodeMessage(message: LightningMessage): Uint8Array {
  return lightningMessages.encode(message);
}
