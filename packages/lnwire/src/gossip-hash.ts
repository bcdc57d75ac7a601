// BOLT 7: which bytes of gossip are signed and summed up. Everything here runs over the frame as it came, with
// whatever follows the known fields: reading and writing again must not be able to change a hash.
// Bytes: `signedPart` gives a view.
import { sha256 } from "@noble/hashes/sha2.js";
import { DecodeError, Reader } from "@satwire/codec";
import crc32c from "crc-32/crc32c.js";
import { channelAnnouncement, channelUpdate, nodeAnnouncement } from "./messages/gossip.ts";

const signatureLength = 64;

/**
 * The bytes of a gossip frame that its signatures cover: all that follows them.
 *
 * @throws DecodeError `invalid_value` for a frame that is neither `channel_announcement`,
 * `node_announcement` nor `channel_update`, `short_read` if its signatures are cut.
 */
export function signedPart(frame: Uint8Array): Uint8Array {
  const reader = new Reader(frame);
  reader.take(signaturesOf(reader.u16()) * signatureLength);
  return reader.rest();
}

/**
 * The 32-byte hash that the signatures of a gossip frame are made for: double SHA-256 of {@link signedPart}.
 *
 * @throws DecodeError as {@link signedPart} does.
 */
export function gossipHash(frame: Uint8Array): Uint8Array {
  return sha256(sha256(signedPart(frame)));
}

const chainAndChannelLength = 32 + 8;
const timestampLength = 4;

/**
 * The checksum of a `channel_update` frame for `reply_channel_range`: CRC32C of all that follows the signature,
 * but without the timestamp. Updates that say the same have the same one, whenever they were made.
 *
 * @throws DecodeError `invalid_value` for another type of frame, `short_read` if it ends before the timestamp does.
 */
export function channelUpdateChecksum(frame: Uint8Array): number {
  const reader = new Reader(frame);
  const id = reader.u16();
  if (id !== channelUpdate.id) throw notSigned(id, "no channel_update");
  reader.take(signatureLength);
  const head = reader.take(chainAndChannelLength);
  reader.take(timestampLength);
  return crc32c.buf(reader.rest(), crc32c.buf(head)) >>> 0;
}

function signaturesOf(id: number): number {
  if (id === channelAnnouncement.id) return 4;
  if (id === nodeAnnouncement.id || id === channelUpdate.id) return 1;
  throw notSigned(id, "no gossip that is signed");
}

function notSigned(id: number, what: string): DecodeError {
  return new DecodeError("invalid_value", `message ${id} is ${what}`, { offset: 0 });
}
