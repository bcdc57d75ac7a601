// What two nodes say before they talk.
import { type Codec, flag, i32le, i64le, rest, u64le } from "@satwire/codec";
import { varBytes, varText } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";
import { type NetAddress, netAddress } from "../network-address.ts";

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
  /** Where the sender sees the receiver. */
  readonly addrRecv: NetAddress;
  /** Nodes of today send zeros. */
  readonly addrFrom?: NetAddress;
  /** Random, to find out that a node is talking to itself. */
  readonly nonce?: bigint;
  /** At most 256 bytes, in the form of BIP 14: see `parseUserAgent`, and `printableText` before showing it. */
  readonly userAgent?: string;
  /** The height of the sender's best chain. */
  readonly startHeight?: number;
  /** Whether the sender wants transactions announced (BIP 37); true if absent. */
  readonly relay?: boolean;
}

/** The longest `userAgent` that nodes take, in bytes (`MAX_SUBVERSION_LENGTH` of Bitcoin Core). */
export const maxUserAgentLength = 256;

/** Codec of {@link Version}. */
export const version: MessageCodec<Version> = /* @__PURE__ */ message(
  "version",
  { version: i32le, services: u64le, timestamp: i64le, addrRecv: netAddress },
  {
    tail: {
      addrFrom: netAddress,
      nonce: u64le,
      userAgent: /* @__PURE__ */ varText(maxUserAgentLength),
      startHeight: i32le,
      relay: flag,
      trailing: rest,
    },
  },
);

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
