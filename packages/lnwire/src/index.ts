// Frames
export {
  decodeMessage,
  encodeMessage,
  type KnownMessage,
  lightningMessages,
  type LightningMessage,
} from "./lightning.ts";
export {
  maxMessageLength,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageFields,
  type MessageOf,
  type MessageSet,
  messageSet,
  type UnknownMessage,
} from "./message.ts";
export { type TlvFields, type TlvRecord, tlvs, type TlvStream, tlvStream } from "./tlv.ts";

// Messages of BOLT 1
export {
  error,
  type ErrorMessage,
  init,
  type Init,
  noPongFrom,
  ping,
  type Ping,
  pong,
  type Pong,
  warning,
  type Warning,
} from "./messages/control.ts";

// Messages of BOLT 7
export {
  channelAnnouncement,
  type ChannelAnnouncement,
  channelUpdate,
  type ChannelUpdate,
  nodeAnnouncement,
  type NodeAnnouncement,
} from "./messages/gossip.ts";
export {
  gossipTimestampFilter,
  type GossipTimestampFilter,
  queryChannelRange,
  type QueryChannelRange,
  queryShortChannelIds,
  type QueryShortChannelIds,
  replyChannelRange,
  type ReplyChannelRange,
  replyShortChannelIdsEnd,
  type ReplyShortChannelIdsEnd,
} from "./messages/gossip-queries.ts";

// Fields
export {
  type Address,
  address,
  addressList,
  type DnsAddress,
  formatAddress,
  type Ipv4Address,
  type Ipv6Address,
  type OpaqueAddress,
  type TorV2Address,
  type TorV3Address,
} from "./address.ts";
export { chainHashOf, type ChainName, chainNameOf } from "./chain.ts";
export {
  checksums,
  encodedQueryFlags,
  encodedShortIds,
  encodedTimestamps,
  type PerNode,
} from "./encoded-list.ts";
export { bytes16, bytes32, chainHash, channelId, flag, point, signature } from "./fields.ts";
export { bigSize, tu16, tu32, tu64 } from "./integers.ts";
export {
  type ChannelPoint,
  formatShortChannelId,
  fromShortChannelId,
  parseShortChannelId,
  shortChannelId,
  toShortChannelId,
} from "./short-channel-id.ts";
export { aliasText, printableText } from "./text.ts";

// Features of BOLT 9
export {
  checkFeatures,
  type CheckFeaturesOptions,
  describeFeatures,
  type Feature,
  featureBits,
  type FeatureContext,
  type FeatureName,
  featureNameOf,
  features,
  featureVector,
  hasFeature,
  hasFeatureBit,
  isNegotiated,
  joinFeatures,
} from "./features.ts";

// Signatures of gossip
export {
  type ChannelKeys,
  directionOf,
  gossipHash,
  signChannelAnnouncement,
  signChannelUpdate,
  type SignedGossip,
  signNodeAnnouncement,
  type SignatureOptions,
  type UnsignedChannelAnnouncement,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "./gossip-signatures.ts";
export { nobleSignatures, type SignatureCrypto } from "./signatures.ts";

// Errors, and the bytes and numbers that custom messages are described with
export {
  bytes,
  type Codec,
  compareBytes,
  DecodeError,
  EncodeError,
  equalBytes,
  fromHex,
  prefixedBytes,
  repeated,
  rest,
  struct,
  toHex,
  u16,
  u32,
  u64,
  u8,
} from "@satwire/codec";
export { FeatureError, type FeatureErrorCode } from "./errors.ts";
