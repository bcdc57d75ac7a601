// Bitcoin's `CompactSize`: the counts and lengths of the wire.
import { type Codec, EncodeError, type Reader, varintLe, type Writer } from "@satwire/codec";

/** The greatest length or count that nodes take, in bytes or items (`MAX_SIZE` of Bitcoin Core). */
export const maxCompactSize = 0x0200_0000;

/**
 * A length or count of 1, 3 or 5 bytes up to {@link maxCompactSize}.
 *
 * Reading refuses longer forms than the shortest with `non_canonical`, more than the maximum with `too_long`.
 */
export const compactSize: Codec<number> = { read: readCompactSize, write: writeCompactSize };

/** `CompactSize` of 1, 3, 5 or 9 bytes where it is not a length: services in `addrv2` (BIP 155). */
export const compactSize64: Codec<bigint> = varintLe;

/** {@link compactSize} for the hot path: a function is called faster than a method. */
export function readCompactSize(reader: Reader): number {
  const first = reader.u8();
  if (first < 0xfd) return first;
  const start = reader.offset - 1;
  const value =
    first === 0xfd ? reader.u16le() : first === 0xfe ? reader.u32le() : Number(reader.u64le());
  const least = first === 0xfd ? 0xfd : first === 0xfe ? 0x1_0000 : 0x1_0000_0000;
  if (value < least) throw reader.error("non_canonical", `${value} has a shorter form`, start);
  if (value > maxCompactSize) {
    throw reader.error("too_long", `${value} is more than ${maxCompactSize}`, start);
  }
  return value;
}

/** {@link compactSize} for the hot path. */
export function writeCompactSize(writer: Writer, value: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= maxCompactSize)) {
    throw new EncodeError("out_of_range", `${value} is no count from 0 to ${maxCompactSize}`);
  }
  if (value < 0xfd) writer.u8(value);
  else if (value < 0x1_0000) {
    writer.u8(0xfd);
    writer.u16le(value);
  } else {
    writer.u8(0xfe);
    writer.u32le(value);
  }
}
