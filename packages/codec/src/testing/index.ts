// Random values and damaged bytes for the property tests of codecs. Needs `fast-check`.
export { mutated } from "./mutated.ts";
export { bytes, i32, i64, record, someBytes, u16, u32, u64, u8, upTo } from "./values.ts";
