/** Fields that many messages share, turned from LDK's objects into our bytes and back. */
import { decode, encode, type TlvRecord, tlvs } from "@satwire/lnwire";
import {
  ChannelId,
  ChannelTypeFeatures,
  COption_NoneZ,
  NodeId,
  Option_CVec_u8ZZ,
  Option_ECDSASignatureZ,
  Option_i64Z,
  Option_ThirtyTwoBytesZ,
  Option_u64Z,
} from "lightningdevkit";
import { mustRead, resultOf } from "./pair.ts";

export const fromChannelId = (id: ChannelId): Uint8Array => id.get_a();
export const toChannelId = (bytes: Uint8Array): ChannelId => ChannelId.constructor_new(bytes);

export const fromNodeId = (id: NodeId): Uint8Array => id.as_slice();
export const toNodeId = (bytes: Uint8Array): NodeId =>
  resultOf<NodeId>(NodeId.constructor_from_slice(bytes));

/** Feature bits as on the wire; LDK keeps the bytes the other way around. */
export const fromFeatures = (features: { le_flags(): Uint8Array }): Uint8Array =>
  features.le_flags().reverse();

/** Behind its `u16` length, as LDK's classes of features read it. */
export const lengthPrefixed = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes);

/** A channel type has no length of its own: it is a TLV record. */
export const toChannelType = (features: Uint8Array | undefined): ChannelTypeFeatures | null =>
  features === undefined ? null : mustRead(ChannelTypeFeatures, features);

/** A record without bytes. */
export const fromPresence = (option: COption_NoneZ): true | undefined =>
  option === COption_NoneZ.LDKCOption_NoneZ_Some ? true : undefined;
export const toPresence = (value: true | undefined): COption_NoneZ =>
  value === true ? COption_NoneZ.LDKCOption_NoneZ_Some : COption_NoneZ.LDKCOption_NoneZ_None;

export const toOptionalBytes = (bytes: Uint8Array | undefined): Option_CVec_u8ZZ =>
  bytes === undefined
    ? Option_CVec_u8ZZ.constructor_none()
    : Option_CVec_u8ZZ.constructor_some(bytes);
export const toOptionalHash = (hash: Uint8Array | undefined): Option_ThirtyTwoBytesZ =>
  hash === undefined
    ? Option_ThirtyTwoBytesZ.constructor_none()
    : Option_ThirtyTwoBytesZ.constructor_some(hash);
export const toOptionalSignature = (signature: Uint8Array | undefined): Option_ECDSASignatureZ =>
  signature === undefined
    ? Option_ECDSASignatureZ.constructor_none()
    : Option_ECDSASignatureZ.constructor_some(signature);
export const toOptionalU64 = (value: bigint | undefined): Option_u64Z =>
  value === undefined ? Option_u64Z.constructor_none() : Option_u64Z.constructor_some(value);
export const toOptionalS64 = (value: bigint | undefined): Option_i64Z =>
  value === undefined ? Option_i64Z.constructor_none() : Option_i64Z.constructor_some(value);

interface Records {
  readonly unknown?: readonly TlvRecord[];
}

const records = tlvs<Records>({});

/** What follows the known fields of gossip: LDK keeps it, as it belongs to what is signed. */
export const fromExcess = (excess: Uint8Array): readonly TlvRecord[] | undefined =>
  decode(records, excess).unknown;
export const toExcess = (unknown: readonly TlvRecord[] | undefined): Uint8Array =>
  encode(records, unknown === undefined ? {} : { unknown });
