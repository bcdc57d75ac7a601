/** Messages put together by hand: for what our codecs would not write. */
import { encodeMessage, featureVector, fromHex } from "@satwire/lnwire";

/** simnet's, as btcd has it in `chaincfg`. */
export const simnet = "f67ad7695d9b662a72ff3d8edbbb2de0bfa67b13974bb9910d116d5cbd863e68";
/** An id that belongs to no channel. */
export const strangeChannel = "11".repeat(32);
/** All of the sender's channels. */
export const allChannels = "00".repeat(32);
/** A point on the curve: its generator. */
export const point = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

/** Every feature that lnd asks of its peers, as optional. */
const enough = featureVector([1, 9, 13, 15, 45]);

/** A message of a type with this payload. */
export function message(type: number, ...payload: readonly string[]): Uint8Array {
  return fromHex(type.toString(16).padStart(4, "0") + payload.join(""));
}

/** An `init` with these features, and `tlvs` behind them. */
export function initOf(features: Uint8Array = enough, tlvs = ""): Uint8Array {
  const bytes = encodeMessage({ type: "init", globalfeatures: new Uint8Array(0), features });
  return Uint8Array.from([...bytes, ...fromHex(tlvs)]);
}
