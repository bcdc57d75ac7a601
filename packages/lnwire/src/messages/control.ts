// BOLT 1: setup and control messages.
import { type Codec, repeated, u16 } from "@satwire/codec";
import { type Address, address } from "../address.ts";
import { bytes16, chainHash, channelId } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `init` (BOLT 1): the first message of either side. */
export interface Init extends MessageBase<"init"> {
  /** Feature bits up to 13, from the time when there were two sets; to be OR-ed with `features`. */
  readonly globalfeatures: Uint8Array;
  /** Feature bits, bit 0 is the lowest of the last byte. */
  readonly features: Uint8Array;
  /** TLV 1: `chain_hash`es that the sender is interested in. */
  readonly networks?: readonly Uint8Array[];
  /** TLV 3: where the sender sees the receiver. */
  readonly remoteAddr?: Address;
}

const chainHashes: Codec<readonly Uint8Array[]> = /* @__PURE__ */ repeated(chainHash);

/** Codec of {@link Init}: message 16, BOLT 1 "The `init` Message". */
export const init: MessageCodec<Init> = /* @__PURE__ */ message(
  16,
  "init",
  { globalfeatures: bytes16, features: bytes16 },
  { networks: [1, chainHashes], remoteAddr: [3, address] },
);

/** `error` (BOLT 1): something failed; an all-zero `channelId` means every channel. */
export interface ErrorMessage extends MessageBase<"error"> {
  readonly channelId: Uint8Array;
  /** Mostly text; see `printableText` before showing it. */
  readonly data: Uint8Array;
}

/** Codec of {@link ErrorMessage}: message 17, BOLT 1 "The `error` and `warning` Messages". */
export const error: MessageCodec<ErrorMessage> = /* @__PURE__ */ message(17, "error", {
  channelId,
  data: bytes16,
});

/** `warning` (BOLT 1): something is wrong, no channel has to fail for it. */
export interface Warning extends MessageBase<"warning"> {
  readonly channelId: Uint8Array;
  /** Mostly text; see `printableText` before showing it. */
  readonly data: Uint8Array;
}

/** Codec of {@link Warning}: message 1, BOLT 1 "The `error` and `warning` Messages". */
export const warning: MessageCodec<Warning> = /* @__PURE__ */ message(1, "warning", {
  channelId,
  data: bytes16,
});

/** `ping` (BOLT 1): asks for a `pong` of a certain length. */
export interface Ping extends MessageBase<"ping"> {
  /** Bytes wanted in the `pong`; from 65532 on: no answer at all. */
  readonly numPongBytes: number;
  readonly ignored: Uint8Array;
}

/** Codec of {@link Ping}: message 18, BOLT 1 "The `ping` and `pong` Messages". */
export const ping: MessageCodec<Ping> = /* @__PURE__ */ message(18, "ping", {
  numPongBytes: u16,
  ignored: bytes16,
});

/** `pong` (BOLT 1): the answer to a `ping`. */
export interface Pong extends MessageBase<"pong"> {
  /** As many bytes as the `ping` asked for. */
  readonly ignored: Uint8Array;
}

/** Codec of {@link Pong}: message 19, BOLT 1 "The `ping` and `pong` Messages". */
export const pong: MessageCodec<Pong> = /* @__PURE__ */ message(19, "pong", { ignored: bytes16 });

/** Pings that ask for this many bytes or more get no `pong` (BOLT 1). */
export const noPongFrom = 65532;

/** The messages of this chapter. */
export type ControlMessage = Init | ErrorMessage | Warning | Ping | Pong;

/** All codecs of this chapter, for a set of one's own. */
export const controlMessages: readonly MessageCodec<ControlMessage>[] = [
  init,
  error,
  warning,
  ping,
  pong,
];
