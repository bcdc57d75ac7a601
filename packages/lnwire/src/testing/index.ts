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
export { mutated } from "@satwire/codec/testing";
export {
  type ArbitrariesOf,
  arbitraryCommando,
  arbitraryDynamicCommitments,
  arbitraryLsps0,
  arbitraryTaprootChannels,
  arbitraryTaprootGossip,
} from "./opt-in.ts";
/** Arbitraries of single fields, under the names of their codecs: `arbitrary.u64`, `arbitrary.point`. */
export * as arbitrary from "./values.ts";
