// Frames
export {
  decodeMessage,
  encodeMessage,
  type KnownMessage,
  lightningMessages,
  type LightningMessage,
} from "./lightning.ts";
export {
  isUnknownMessage,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageFields,
  type MessageOf,
  type UnknownMessage,
  withTlvs,
} from "./message.ts";
export {
  type Inspection,
  maxMessageLength,
  type MessageSet,
  messageSet,
  type PartialMessage,
} from "./message-set.ts";
export { type Replaced, replaceMessages } from "./replace-messages.ts";
export {
  type Report,
  type TlvFields,
  type TlvRecord,
  tlvs,
  type TlvStream,
  tlvStream,
} from "./tlv.ts";

// Messages of BOLT 1
export {
  type ControlMessage,
  controlMessages,
  error,
  type ErrorMessage,
  type Init,
  init,
  noPongFrom,
  type Ping,
  ping,
  type Pong,
  pong,
  type Warning,
  warning,
} from "./messages/control.ts";
export {
  type PeerStorage,
  peerStorage,
  type PeerStorageMessage,
  peerStorageMessages,
  type PeerStorageRetrieval,
  peerStorageRetrieval,
} from "./messages/peer-storage.ts";

// Messages of BOLT 2
export {
  type AcceptChannel,
  acceptChannel,
  type ChannelOpenMessage,
  channelOpenMessages,
  type ChannelReady,
  channelReady,
  type FundingCreated,
  fundingCreated,
  type FundingSigned,
  fundingSigned,
  type OpenChannel,
  openChannel,
} from "./messages/channel-open.ts";
export {
  type AcceptChannel2,
  acceptChannel2,
  type ChannelOpenV2Message,
  channelOpenV2Messages,
  type OpenChannel2,
  openChannel2,
} from "./messages/channel-open-v2.ts";
export {
  type InteractiveTxMessage,
  interactiveTxMessages,
  type TxAbort,
  txAbort,
  type TxAckRbf,
  txAckRbf,
  type TxAddInput,
  txAddInput,
  type TxAddOutput,
  txAddOutput,
  type TxComplete,
  txComplete,
  type TxInitRbf,
  txInitRbf,
  type TxRemoveInput,
  txRemoveInput,
  type TxRemoveOutput,
  txRemoveOutput,
  type TxSignatures,
  txSignatures,
} from "./messages/interactive-tx.ts";
export {
  type SpliceAck,
  spliceAck,
  type SpliceInit,
  spliceInit,
  type SpliceLocked,
  spliceLocked,
  type SpliceMessage,
  spliceMessages,
  type Stfu,
  stfu,
} from "./messages/splice.ts";
export {
  type ChannelCloseMessage,
  channelCloseMessages,
  type ClosingComplete,
  closingComplete,
  type ClosingSig,
  closingSig,
  type ClosingSigned,
  closingSigned,
  type FeeRange,
  type Shutdown,
  shutdown,
} from "./messages/channel-close.ts";
export {
  type ChannelReestablish,
  channelReestablish,
  type CommitmentMessage,
  commitmentMessages,
  type CommitmentSigned,
  commitmentSigned,
  type MyCurrentFundingLocked,
  type NextFunding,
  type RevokeAndAck,
  revokeAndAck,
  type StartBatch,
  startBatch,
  type UpdateFee,
  updateFee,
} from "./messages/commitment.ts";
export {
  type AttributionData,
  type HtlcMessage,
  htlcMessages,
  type UpdateAddHtlc,
  updateAddHtlc,
  type UpdateFailHtlc,
  updateFailHtlc,
  type UpdateFailMalformedHtlc,
  updateFailMalformedHtlc,
  type UpdateFulfillHtlc,
  updateFulfillHtlc,
} from "./messages/htlc.ts";

// Messages of BOLT 7 and 4
export {
  type AnnouncementSignatures,
  announcementSignatures,
  type ChannelAnnouncement,
  channelAnnouncement,
  type ChannelUpdate,
  channelUpdate,
  type AnnouncementMessage,
  announcementMessages,
  type NodeAnnouncement,
  nodeAnnouncement,
} from "./messages/gossip.ts";
export {
  type GossipQueryMessage,
  gossipQueryMessages,
  type GossipTimestampFilter,
  gossipTimestampFilter,
  type QueryChannelRange,
  queryChannelRange,
  queryFlag,
  queryOption,
  type QueryShortChannelIds,
  queryShortChannelIds,
  type ReplyChannelRange,
  replyChannelRange,
  type ReplyShortChannelIdsEnd,
  replyShortChannelIdsEnd,
} from "./messages/gossip-queries.ts";
export {
  type OnionMessage,
  onionMessage,
  onionmsgTlv,
  type OnionmsgTlv,
} from "./messages/onion-message.ts";

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
export {
  type BlindedPath,
  blindedPath,
  type BlindedPathHop,
  encryptedDataTlv,
  type EncryptedDataTlv,
  type PaymentConstraints,
  type PaymentRelay,
  sciddirOrPubkey,
  type SciddirOrPubkey,
} from "./blinded-path.ts";
export { channelIdOf, channelIdV2, temporaryChannelIdV2 } from "./channel-id.ts";
export {
  bytes16,
  bytes32,
  chainHash,
  channelId,
  point,
  prefixed16,
  presence,
  sha256,
  signature,
} from "./fields.ts";
export { bigSize, s16, s32, s64, s8, tu16, tu32, tu64 } from "./integers.ts";
export { type OnionPacket, onionPacket } from "./onion-packet.ts";
export {
  type ChannelPoint,
  formatShortChannelId,
  fromShortChannelId,
  parseShortChannelId,
  shortChannelId,
  toShortChannelId,
} from "./short-channel-id.ts";
export { aliasOf, aliasText, printableText, visibleText } from "./text.ts";

// Messages for people and files
export { formatMessage, type FormatOptions } from "./format.ts";
export { type JsonOptions, messageFromJson, messageToJson } from "./json.ts";

// Features of BOLT 9
export {
  type ChannelType,
  type ChannelTypeName,
  channelTypeOf,
  type ChannelTypeVariations,
  channelTypeVector,
} from "./channel-type.ts";
export {
  checkFeatures,
  type CheckFeaturesOptions,
  checkOwnFeatures,
  type CheckOwnFeaturesOptions,
  compareFeatures,
  type FeatureComparison,
  type FeatureField,
  type FeatureLack,
} from "./feature-rules.ts";
export {
  type Feature,
  type FeatureContext,
  type FeatureName,
  featureNameOf,
  type FeatureOrigin,
  features,
} from "./feature-table.ts";
export {
  featureBits,
  featureVector,
  hasFeatureBit,
  joinFeatures,
  trimFeatures,
} from "./feature-vector.ts";
export {
  dependenciesOf,
  describeFeatures,
  hasFeature,
  isNegotiated,
  withDependencies,
} from "./features.ts";

// Signatures and checksums of gossip
export { channelUpdateChecksum, gossipHash, signedPart } from "./gossip-hash.ts";
export {
  type AnnouncedChannel,
  announcementHash,
  type AnnouncementKeys,
  type ChannelKeys,
  joinAnnouncement,
  nodeKeyOf,
  signAnnouncement,
  signChannelAnnouncement,
  signChannelUpdate,
  type SignedGossip,
  signNodeAnnouncement,
  type SignatureOptions,
  type UnsignedChannelAnnouncement,
} from "./gossip-signing.ts";
export {
  directionOf,
  verifyAnnouncementSignatures,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "./gossip-verification.ts";
export { nobleSignatures, type SignatureCrypto } from "./signatures.ts";

// Errors, and the bytes and numbers that custom messages are described with
export {
  bytes,
  type Codec,
  compareBytes,
  decode,
  DecodeError,
  encode,
  EncodeError,
  equalBytes,
  fixedArray,
  flag,
  fromHex,
  prefixedArray,
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
