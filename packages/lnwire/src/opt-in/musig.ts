// The fixed-size values of MuSig2 (BIP 327) that messages of taproot channels carry.
import { bytes, type Codec, struct } from "@satwire/codec";
import { bytes32 } from "../fields.ts";

/**
 * A public nonce: two compressed points, 66 bytes. Whether they lie on the curve is found out by whoever
 * computes with them.
 */
export const publicNonce: Codec<Uint8Array> = /* @__PURE__ */ bytes(66);

/** A partial signature: the number `s`, 32 bytes. */
export const partialSignature: Codec<Uint8Array> = bytes32;

/** A partial signature and the nonce that its sender used for it. */
export interface PartialSignatureWithNonce {
  /** 32 bytes. */
  readonly partialSignature: Uint8Array;
  /** 66 bytes. */
  readonly publicNonce: Uint8Array;
}

/** {@link PartialSignatureWithNonce}: 98 bytes. */
export const partialSignatureWithNonce: Codec<PartialSignatureWithNonce> = /* @__PURE__ */ struct({
  partialSignature,
  publicNonce,
});
