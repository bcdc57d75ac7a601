// Random messages for the property tests of who builds on this package. Needs `fast-check`.
export {
  anyMessage,
  arbitraryMessage,
  arbitraryMessages,
  type FieldArbitraries,
  type MessageArbitraries,
  type MessageOptions,
  unknownMessage,
} from "./messages.ts";
export { mutated } from "./mutated.ts";
export {
  type ArbitrariesOf,
  arbitraryCommando,
  arbitraryDynamicCommitments,
  arbitraryLsps0,
  arbitraryTaprootChannels,
  arbitraryTaprootGossip,
} from "./opt-in.ts";
export {
  address,
  addresses,
  blindedPath,
  bytes,
  features,
  hash,
  onionPacket,
  point,
  sciddirOrPubkey,
  shortChannelIds,
  signature,
  someBytes,
  u16,
  u32,
  u64,
  u8,
  unknownRecords,
} from "./values.ts";
