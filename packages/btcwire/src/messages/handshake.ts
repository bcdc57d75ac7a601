// What two nodes say before they talk.
import { type Codec, EncodeError, flag, i32le, i64le, rest, u64le } from "@satwire/codec";
import { varBytes, varText } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";
import { type NetAddress, netAddress } from "../address/network-address.ts";

/**
 * `version`: the first message of either side. Older peers end it behind `addrRecv` or any later field.
 */
export interface Version extends MessageBase<"version">, Trailing {
  /** The protocol version: see `protocolVersion`. */
  readonly version: number;
  /** Bits of `serviceFlag`. */
  readonly services: bigint;
  /** The sender's clock: seconds since 1970. */
  readonly timestamp: bigint;
  /** Where the sender sees the receiver: see `ipOfHostAddress`; zeros if that gives none. */
  readonly addrRecv: NetAddress;
  /** Nodes of today send zeros. */
  readonly addrFrom?: NetAddress;
  /** Random, to find out that a node is talking to itself. */
  readonly nonce?: bigint;
  /** At most 256 bytes, in the form of BIP 14: see `parseUserAgent`, and `printableText` before showing it. */
  readonly userAgent?: string;
  /** The height of the sender's best chain. */
  readonly startHeight?: number;
  /**
   * Whether the sender wants transactions announced (BIP 37); true if absent. A byte that is neither 0 nor 1 counts as
   * true, too: it is the first of `trailing` then.
   */
  readonly relay?: boolean;
}

/** The longest `userAgent` that nodes take, in bytes (`MAX_SUBVERSION_LENGTH` of Bitcoin Core). */
export const maxUserAgentLength = 256;

const versionFields = {
  version: i32le,
  services: u64le,
  timestamp: i64le,
  addrRecv: netAddress,
};
const userAgent: Codec<string> = /* @__PURE__ */ varText(maxUserAgentLength);
const wholeVersion: MessageCodec<Version> = /* @__PURE__ */ message("version", versionFields, {
  tail: {
    addrFrom: netAddress,
    nonce: u64le,
    userAgent,
    startHeight: i32le,
    relay: flag,
    trailing: rest,
  },
});
const versionWithoutRelay: MessageCodec<Omit<Version, "relay">> = /* @__PURE__ */ message(
  "version",
  versionFields,
  { tail: { addrFrom: netAddress, nonce: u64le, userAgent, startHeight: i32le, trailing: rest } },
);

/** Codec of {@link Version}. */
export const version: MessageCodec<Version> = /* @__PURE__ */ versionOf(
  wholeVersion,
  versionWithoutRelay,
);

// Marked as pure: the spread of an object would stay in every bundle of this file.
/* @__NO_SIDE_EFFECTS__ */
function versionOf(
  whole: MessageCodec<Version>,
  withoutRelay: MessageCodec<Omit<Version, "relay">>,
): MessageCodec<Version> {
  return {
    ...whole,
    read: (reader) => withRelay(withoutRelay.read(reader)),
    inspect: (reader, report) => withRelay(withoutRelay.inspect(reader, report)),
    write(writer, value) {
      const { relay, trailing } = value;
      if (relay !== undefined || trailing === undefined) whole.write(writer, value);
      else if (isRelay(trailing)) {
        const text = "a first byte of 0 or 1 would be read as relay";
        throw new EncodeError("invalid_value", text, { path: ["trailing"] });
      } else withoutRelay.write(writer, value);
    },
  };
}

/** Takes `relay` from the bytes behind `startHeight`, unless their first is neither of its values. */
function withRelay<V extends Partial<Version>>(value: V): V {
  const { trailing, ...fields } = value;
  if (trailing === undefined || !isRelay(trailing)) return value;
  const relay = trailing[0] === 1;
  const message = trailing.length === 1 ? { relay } : { relay, trailing: trailing.subarray(1) };
  return { ...fields, ...message } as unknown as V;
}

function isRelay([first]: Uint8Array): boolean {
  return first === 0 || first === 1;
}

/** `verack`: the sender has read the receiver's `version`. */
export interface Verack extends MessageBase<"verack">, Trailing {}

/** Codec of {@link Verack}. */
export const verack: MessageCodec<Verack> = /* @__PURE__ */ signal("verack");

/** `wtxidrelay` (BIP 339): announce transactions by their wtxid. Between `version` and `verack` only. */
export interface WtxidRelay extends MessageBase<"wtxidrelay">, Trailing {}

/** Codec of {@link WtxidRelay}. */
export const wtxidrelay: MessageCodec<WtxidRelay> = /* @__PURE__ */ signal("wtxidrelay");

/** `sendaddrv2` (BIP 155): send `addrv2` instead of `addr`. Between `version` and `verack` only. */
export interface SendAddrV2 extends MessageBase<"sendaddrv2">, Trailing {}

/** Codec of {@link SendAddrV2}. */
export const sendaddrv2: MessageCodec<SendAddrV2> = /* @__PURE__ */ signal("sendaddrv2");

/**
 * `feature` (BIP 434): the sender supports something. Between `version` and `verack` only, and only to peers of
 * protocol version 70017 or later.
 */
export interface Feature extends MessageBase<"feature"> {
  /** 4 to 80 bytes, mostly printable, such as `BIP434`. */
  readonly featureid: string;
  /** Up to 512 bytes, whose meaning is the feature's. */
  readonly featuredata: Uint8Array;
}

const featureId: Codec<string> = /* @__PURE__ */ varText(80, 4);

/** Codec of {@link Feature}. */
export const feature: MessageCodec<Feature> = /* @__PURE__ */ message(
  "feature",
  { featureid: featureId, featuredata: /* @__PURE__ */ varBytes(512) },
  { shortId: 37 },
);

/** The messages of this chapter. */
export type HandshakeMessage = Version | Verack | WtxidRelay | SendAddrV2 | Feature;

/** All codecs of this chapter, for a set of one's own. */
export const handshakeMessages: readonly MessageCodec<HandshakeMessage>[] = [
  version,
  verack,
  wtxidrelay,
  sendaddrv2,
  feature,
];
