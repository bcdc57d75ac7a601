// Values
export { type Codec, decode, encode } from "./codec.ts";
export { Reader } from "./reader.ts";
export { Writer } from "./writer.ts";

// Numbers
export {
  flag,
  i16,
  i32,
  i32le,
  i64,
  i64le,
  i8,
  u16,
  u16le,
  u32,
  u32le,
  u64,
  u64le,
  u8,
} from "./integers.ts";
export { varint, varintLe } from "./varint.ts";

// Combinators
export {
  bytes,
  fixedArray,
  mapped,
  prefixedArray,
  prefixedBytes,
  repeated,
  rest,
  struct,
  type StructFields,
} from "./combinators.ts";

// Bytes
export { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";

// Errors
export {
  asDecodeError,
  asEncodeError,
  DecodeError,
  type DecodeErrorCode,
  EncodeError,
  type EncodeErrorCode,
  type Path,
  withPath,
} from "./errors.ts";
