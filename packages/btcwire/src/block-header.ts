// The 80 bytes of a block that are hashed, and what their proof of work says.
// Bytes: hashes of a decoded header are views of the bytes it came from.
import { type Codec, EncodeError, withPath } from "@satwire/codec";
import { hash256Of } from "./hash256.ts";

/** A block header. */
export interface BlockHeader {
  /** 32 bits, signed. */
  readonly version: number;
  /** The hash of the block before: 32 bytes in the order of the wire. */
  readonly prevBlock: Uint8Array;
  /** The root of the tree of txids: 32 bytes in the order of the wire. */
  readonly merkleRoot: Uint8Array;
  /** Seconds since 1970. */
  readonly time: number;
  /** The target in its compact form: see `targetOf`. */
  readonly bits: number;
  readonly nonce: number;
}

/** Bytes of a header. */
export const blockHeaderLength = 80;

/** Codec of {@link BlockHeader}: 80 bytes. */
export const blockHeader: Codec<BlockHeader> = {
  // By hand: there are up to 2,000 in a message.
  read(reader) {
    let key: keyof BlockHeader = "version";
    try {
      const version = reader.u32le() | 0;
      key = "prevBlock";
      const prevBlock = reader.take(32);
      key = "merkleRoot";
      const merkleRoot = reader.take(32);
      key = "time";
      const time = reader.u32le();
      key = "bits";
      const bits = reader.u32le();
      key = "nonce";
      return { version, prevBlock, merkleRoot, time, bits, nonce: reader.u32le() };
    } catch (error) {
      throw withPath(error, key);
    }
  },
  write(writer, { version, prevBlock, merkleRoot, time, bits, nonce }) {
    let key: keyof BlockHeader = "version";
    try {
      if ((version | 0) !== version) {
        throw new EncodeError("out_of_range", `${version} is no integer of 32 bits with a sign`);
      }
      writer.u32le(version >>> 0);
      key = "prevBlock";
      checkHash(prevBlock);
      writer.put(prevBlock);
      key = "merkleRoot";
      checkHash(merkleRoot);
      writer.put(merkleRoot);
      key = "time";
      writer.u32le(time);
      key = "bits";
      writer.u32le(bits);
      key = "nonce";
      writer.u32le(nonce);
    } catch (error) {
      throw withPath(error, key);
    }
  },
};

/** The block's hash: 32 bytes in the order of the wire. */
export function blockHashOf(header: BlockHeader): Uint8Array {
  return hash256Of(blockHeader, header);
}

function checkHash(hash: Uint8Array): void {
  if (hash?.length === 32) return;
  throw new EncodeError("wrong_length", `expected 32 bytes, got ${hash?.length}`);
}
