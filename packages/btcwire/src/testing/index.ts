// Random messages for the property tests of who builds on this package. Needs `fast-check`.
export {
  anyMessage,
  type ArbitrariesOf,
  arbitraryMessage,
  arbitraryMessages,
  type FieldArbitraries,
  type MessageArbitraries,
  type MessageOptions,
  unknownMessage,
} from "./messages.ts";
export { mutated } from "@satwire/codec/testing";
export { arbitraryAlert, arbitraryPackageRelay, arbitraryReconciliation } from "./opt-in.ts";
/** Arbitraries of single values, under the names of their codecs: `arbitrary.hash`, `arbitrary.transaction`. */
export * as arbitrary from "./values.ts";
