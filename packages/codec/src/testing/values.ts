// Arbitraries of the values that codecs are made for.
import fc from "fast-check";

type Arbitrary<T> = fc.Arbitrary<T>;

/** Objects like those of a literal, as decoding gives them. */
export const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

/** 0 to `max`. Numbers near the borders of their encodings are as likely as all others. */
export const upTo = (max: number): Arbitrary<number> =>
  fc.oneof(fc.nat({ max: Math.min(max, 300) }), fc.integer({ min: 0, max }), fc.constant(max));
/** 0 to 255. */
export const u8: Arbitrary<number> = /* @__PURE__ */ upTo(0xff);
/** Two bytes. */
export const u16: Arbitrary<number> = /* @__PURE__ */ upTo(0xffff);
/** Four bytes. */
export const u32: Arbitrary<number> = /* @__PURE__ */ upTo(0xffff_ffff);
/** Eight bytes, of all sizes that `varint` tells apart. */
export const u64: Arbitrary<bigint> = /* @__PURE__ */ fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0xfff0n, max: 0x1_000fn }),
  fc.bigInt({ min: 0xffff_fff0n, max: 0x1_0000_000fn }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constant(2n ** 64n - 1n),
);
/** Four bytes, two's complement. */
export const i32: Arbitrary<number> = /* @__PURE__ */ u32.map((value) => value | 0);
/** Eight bytes, two's complement. */
export const i64: Arbitrary<bigint> = /* @__PURE__ */ u64.map((v) => BigInt.asIntN(64, v));

/** Exactly `length` bytes. */
export const bytes = (length: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
/** Up to 40 bytes. */
export const someBytes: Arbitrary<Uint8Array> = /* @__PURE__ */ fc.uint8Array({ maxLength: 40 });
