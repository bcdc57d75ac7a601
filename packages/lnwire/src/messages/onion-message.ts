// BOLT 4 "Onion Messages": messages that travel like payments.
import { type Codec, rest } from "@satwire/codec";
import { type BlindedPath, blindedPath } from "../blinded-path.ts";
import { point, prefixed16 } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { type OnionPacket, onionPacket } from "../onion-packet.ts";
import { type TlvRecord, tlvs } from "../tlv.ts";

/** `onion_message` (BOLT 4): an onion for whoever can peel it. */
export interface OnionMessage extends MessageBase<"onion_message"> {
  /** What the receiver needs to peel its layer off. */
  readonly pathKey: Uint8Array;
  /** 1366 or 32834 bytes in all, so that messages look alike. */
  readonly onionMessagePacket: OnionPacket;
}

const packet: Codec<OnionPacket> = /* @__PURE__ */ prefixed16(onionPacket);

/** Codec of {@link OnionMessage}: message 513, BOLT 4 "The `onion_message` Message". */
export const onionMessage: MessageCodec<OnionMessage> = /* @__PURE__ */ message(
  513,
  "onion_message",
  { pathKey: point, onionMessagePacket: packet },
);

/** `onionmsg_tlv` (BOLT 4): what a layer of an onion message holds once it is peeled and decrypted. */
export interface OnionmsgTlv {
  /** TLV 2: how to answer. */
  readonly replyPath?: BlindedPath;
  /** TLV 4: for this hop, encrypted once more: an `encrypted_data_tlv`. */
  readonly encryptedRecipientData?: Uint8Array;
  /** TLV 64: a TLV stream of BOLT 12. */
  readonly invoiceRequest?: Uint8Array;
  /** TLV 66: a TLV stream of BOLT 12. */
  readonly invoice?: Uint8Array;
  /** TLV 68: a TLV stream of BOLT 12. */
  readonly invoiceError?: Uint8Array;
  readonly unknown?: readonly TlvRecord[];
}

/** Codec of {@link OnionmsgTlv}. */
export const onionmsgTlv: Codec<OnionmsgTlv> = /* @__PURE__ */ tlvs<OnionmsgTlv>({
  replyPath: [2, blindedPath],
  encryptedRecipientData: [4, rest],
  invoiceRequest: [64, rest],
  invoice: [66, rest],
  invoiceError: [68, rest],
});
