// BOLT 2 "Definition of channel_id".
import { sha256 } from "@noble/hashes/sha2.js";
import { compareBytes, concatBytes, EncodeError } from "@satwire/codec";

/**
 * The `channel_id` of a channel by its funding output: the id of the transaction, 32 bytes as they are hashed,
 * with the output's index XOR-ed into the last two.
 *
 * @throws EncodeError `wrong_length` for the id, `out_of_range` for an index above 65535.
 */
export function channelIdOf(fundingTxid: Uint8Array, fundingOutputIndex: number): Uint8Array {
  checkLength("fundingTxid", fundingTxid, 32);
  const isU16 =
    Number.isInteger(fundingOutputIndex) && fundingOutputIndex >= 0 && fundingOutputIndex <= 0xffff;
  if (!isU16) {
    const text = `${fundingOutputIndex} is not an integer from 0 to 65535`;
    throw new EncodeError("out_of_range", text, { path: ["fundingOutputIndex"] });
  }
  const id = fundingTxid.slice();
  id[30]! ^= fundingOutputIndex >> 8;
  id[31]! ^= fundingOutputIndex & 0xff;
  return id;
}

/**
 * The `channel_id` of a channel opened with `open_channel2`: SHA-256 of both revocation basepoints, the lesser
 * one first.
 *
 * @throws EncodeError `wrong_length` for what has not 33 bytes.
 */
export function channelIdV2(basepoint1: Uint8Array, basepoint2: Uint8Array): Uint8Array {
  checkLength("basepoint1", basepoint1, 33);
  checkLength("basepoint2", basepoint2, 33);
  const isOrdered = compareBytes(basepoint1, basepoint2) < 0;
  const ordered = isOrdered ? [basepoint1, basepoint2] : [basepoint2, basepoint1];
  return sha256(concatBytes(...ordered));
}

/**
 * The `temporary_channel_id` of `open_channel2`, which has to do without the other side's basepoint: 33 zero
 * bytes take its place.
 *
 * @throws EncodeError `wrong_length` for what has not 33 bytes.
 */
export function temporaryChannelIdV2(revocationBasepoint: Uint8Array): Uint8Array {
  return channelIdV2(new Uint8Array(33), revocationBasepoint);
}

function checkLength(name: string, value: Uint8Array, length: number): void {
  if (value.length !== length) {
    const text = `expected ${length} bytes, got ${value.length}`;
    throw new EncodeError("wrong_length", text, { path: [name] });
  }
}
