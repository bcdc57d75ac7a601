// Messages that are not in the default set: drafts, and protocols of some implementations. Two of them
// that share a number cannot be in one set.

// Draft: simple taproot channels
export {
  nonceEntries,
  type NonceEntry,
  type TaprootAcceptChannel,
  taprootAcceptChannel,
  type TaprootChannelMessage,
  taprootChannelMessages,
  type TaprootChannelReady,
  taprootChannelReady,
  type TaprootChannelReestablish,
  taprootChannelReestablish,
  type TaprootClosingComplete,
  taprootClosingComplete,
  type TaprootClosingSig,
  taprootClosingSig,
  type TaprootClosingSigned,
  taprootClosingSigned,
  type TaprootCommitmentSigned,
  taprootCommitmentSigned,
  type TaprootFundingCreated,
  taprootFundingCreated,
  type TaprootFundingSigned,
  taprootFundingSigned,
  type TaprootOpenChannel,
  taprootOpenChannel,
  type TaprootRevokeAndAck,
  taprootRevokeAndAck,
  type TaprootShutdown,
  taprootShutdown,
} from "./taproot-channels.ts";
export {
  partialSignature,
  type PartialSignatureWithNonce,
  partialSignatureWithNonce,
  publicNonce,
} from "./musig.ts";

// Draft: taproot gossip
export {
  type AnnouncementSignatures2,
  announcementSignatures2,
  type ChannelAnnouncement2,
  channelAnnouncement2,
  type ChannelUpdate2,
  channelUpdate2,
  channelUpdate2Defaults,
  type DnsHostname,
  type FundingOutpoint,
  type NodeAnnouncement2,
  nodeAnnouncement2,
  type TaprootGossipMessage,
  taprootGossipMessages,
} from "./taproot-gossip.ts";
export { taprootGossipHash } from "./taproot-gossip-hash.ts";

// lnd: dynamic commitments
export {
  type DynAck,
  dynAck,
  type DynamicCommitmentMessage,
  dynamicCommitmentMessages,
  type DynamicParameters,
  type DynCommit,
  dynCommit,
  type DynPropose,
  dynPropose,
  type DynReject,
  dynReject,
  type KickoffSig,
  kickoffSig,
} from "./dynamic-commitments.ts";

// Core Lightning: Commando
export {
  type CommandoMessage,
  commandoMessages,
  type CommandoMsgCmdContinues,
  commandoMsgCmdContinues,
  type CommandoMsgCmdTerm,
  commandoMsgCmdTerm,
  type CommandoMsgReplyContinues,
  commandoMsgReplyContinues,
  type CommandoMsgReplyTerm,
  commandoMsgReplyTerm,
} from "./commando.ts";

// bLIP 50: LSPS0
export { type Lsps0, lsps0, type Lsps0Message, lsps0Messages } from "./lsps0.ts";

export { jsonText } from "./json-text.ts";
