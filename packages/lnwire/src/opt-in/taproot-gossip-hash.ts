// Draft "taproot gossip" (bolts #1059): what the signature of a message of it covers.
import { sha256 } from "@noble/hashes/sha2.js";
import { DecodeError, Reader } from "@satwire/codec";
import { bigSize } from "../integers.ts";

// The partial signature of `announcement_signatures_2` is one of `channel_announcement_2`.
const names: { readonly [id: number]: string } = {
  267: "channel_announcement_2",
  269: "node_announcement_2",
  271: "channel_update_2",
};

/**
 * The 32-byte hash that the signature of a `channel_announcement_2`, `node_announcement_2` or
 * `channel_update_2` covers: the records of types 0 to 159 and 1000000000 to 2999999999, under the tag
 * of BIP 340 `lightning`, name of the message, `signature`.
 *
 * `frame` starts with the message type and is taken as it is, unknown records and all. It must be one
 * that decodes: what its records mean is not looked at.
 *
 * @throws DecodeError `invalid_value` for a frame of another type; also if a record is cut or its type or length is not in the shortest form.
 */
export function taprootGossipHash(frame: Uint8Array): Uint8Array {
  const reader = new Reader(frame);
  const id = reader.u16();
  const name = names[id];
  if (name === undefined) {
    const text = `message ${id} has no signature of taproot gossip`;
    throw new DecodeError("invalid_value", text, { offset: 0 });
  }
  // The revision of March 2025 hashes the records before they get here, lnd and later ones do not.
  const tag = sha256(new TextEncoder().encode(`lightning${name}signature`));
  const hash = sha256.create().update(tag).update(tag);
  while (reader.remaining > 0) {
    const start = reader.offset;
    const type = bigSize.read(reader);
    reader.take(Number(bigSize.read(reader)));
    if (isSigned(type)) hash.update(frame.subarray(start, reader.offset));
  }
  return hash.digest();
}

function isSigned(type: bigint): boolean {
  return type < 160n || (type >= 1_000_000_000n && type < 3_000_000_000n);
}
