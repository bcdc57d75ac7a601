// What keeps a connection going.
import { type Codec, EncodeError, i64le, type Reader, rest, u64le, u8 } from "@satwire/codec";
import { varText } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";
import { maxCompactSize } from "../compact-size.ts";

/** `ping` (BIP 31): asks for a `pong` with the same nonce. Peers up to version 60000 send none and get no answer. */
export interface Ping extends MessageBase<"ping"> {
  readonly nonce?: bigint;
}

/** Codec of {@link Ping}. */
export const ping: MessageCodec<Ping> = /* @__PURE__ */ message(
  "ping",
  {},
  { shortId: 18, tail: { nonce: u64le } },
);

/** `pong` (BIP 31): the answer to a `ping`. Nodes live with one that is too short or too long. */
export interface Pong extends MessageBase<"pong">, Trailing {
  /** The nonce of the `ping`; absent in a pong of less than 8 bytes. */
  readonly nonce?: bigint;
  /** What follows the nonce, or all of a pong without one: then less than 8 bytes. */
  readonly trailing?: Uint8Array;
}

const wholePong: MessageCodec<Pong> = /* @__PURE__ */ message(
  "pong",
  {},
  { shortId: 19, tail: { nonce: u64le, trailing: rest } },
);

interface ShortPong extends MessageBase<"pong"> {
  readonly trailing: Uint8Array;
}

const lessThanNonce: Codec<Uint8Array> = {
  read: (reader) => reader.rest(),
  write(writer, value) {
    if (value.length >= 8) {
      throw new EncodeError("invalid_value", `${value.length} bytes would be read as a nonce`);
    }
    writer.put(value);
  },
};

const shortPong: MessageCodec<ShortPong> = /* @__PURE__ */ message("pong", {
  trailing: lessThanNonce,
});

/** Codec of {@link Pong}. */
export const pong: MessageCodec<Pong> = /* @__PURE__ */ pongOf(wholePong, shortPong);

// Marked as pure: the spread of an object would stay in every bundle of this file.
/* @__NO_SIDE_EFFECTS__ */
function pongOf(whole: MessageCodec<Pong>, short: MessageCodec<ShortPong>): MessageCodec<Pong> {
  return {
    ...whole,
    read: (reader) => (isShort(reader) ? short : whole).read(reader),
    inspect: (reader, report) => (isShort(reader) ? short : whole).inspect(reader, report),
    write(writer, value) {
      const { nonce, trailing } = value;
      if (nonce !== undefined || trailing === undefined) whole.write(writer, value);
      else short.write(writer, { ...value, trailing });
    },
  };
}

function isShort({ remaining }: Reader): boolean {
  return remaining > 0 && remaining < 8;
}

/** `sendheaders` (BIP 130): announce blocks by `headers` instead of `inv`. */
export interface SendHeaders extends MessageBase<"sendheaders">, Trailing {}

/** Codec of {@link SendHeaders}. */
export const sendheaders: MessageCodec<SendHeaders> = /* @__PURE__ */ signal("sendheaders");

/** `feefilter` (BIP 133): announce no transactions that pay less. */
export interface FeeFilter extends MessageBase<"feefilter"> {
  /** Satoshis per 1,000 virtual bytes; values that are no amount of bitcoin are ignored by nodes. */
  readonly feerate: bigint;
}

/** Codec of {@link FeeFilter}. */
export const feefilter: MessageCodec<FeeFilter> = /* @__PURE__ */ message(
  "feefilter",
  { feerate: i64le },
  { shortId: 5 },
);

/** `reject` (BIP 61): something was refused. Out of use in Bitcoin Core since version 0.20; btcd still sends it. */
export interface Reject extends MessageBase<"reject"> {
  /** The command that was refused. */
  readonly message: string;
  /** See {@link rejectCode}. */
  readonly code: number;
  /** See `printableText` before showing it. */
  readonly reason: string;
  /** For `tx` and `block` its hash, 32 bytes; else mostly empty. */
  readonly data: Uint8Array;
}

const text: Codec<string> = /* @__PURE__ */ varText(maxCompactSize);

/** Codec of {@link Reject}. */
export const reject: MessageCodec<Reject> = /* @__PURE__ */ message("reject", {
  message: text,
  code: u8,
  reason: text,
  data: rest,
});

/** Reasons of a {@link Reject} (BIP 61). */
export const rejectCode = {
  malformed: 0x01,
  invalid: 0x10,
  obsolete: 0x11,
  duplicate: 0x12,
  nonstandard: 0x40,
  dust: 0x41,
  insufficientFee: 0x42,
  checkpoint: 0x43,
} as const;

/** The messages of this chapter. */
export type ControlMessage = Ping | Pong | SendHeaders | FeeFilter | Reject;

/** All codecs of this chapter, for a set of one's own. */
export const controlMessages: readonly MessageCodec<ControlMessage>[] = [
  ping,
  pong,
  sendheaders,
  feefilter,
  reject,
];
