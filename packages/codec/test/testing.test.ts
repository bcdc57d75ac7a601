import { encode, i32le, i64le, u16, u32, u64, u8 } from "@satwire/codec";
import * as random from "@satwire/codec/testing";
import fc from "fast-check";
import { expect, test } from "vitest";

const numRuns = 500;

test.each([
  ["u8", random.u8, u8, 0, 0xff],
  ["u16", random.u16, u16, 0, 0xffff],
  ["u32", random.u32, u32, 0, 0xffff_ffff],
  ["i32", random.i32, i32le, -1, 0],
  ["u64", random.u64, u64, 0n, 2n ** 64n - 1n],
  ["i64", random.i64, i64le, -1n, 0n],
] as const)(
  "%s fits its field, and its borders are among it",
  (_name, arbitrary, codec, ...borders) => {
    const values = fc.sample(arbitrary as fc.Arbitrary<unknown>, { numRuns, seed: 1 });
    for (const value of values) encode(codec as never, value as never);
    expect(values).toEqual(expect.arrayContaining(borders));
  },
);

test("byte strings have their lengths", () => {
  for (const value of fc.sample(random.bytes(5), 20)) expect(value.length).toBe(5);
  const lengths = fc.sample(random.someBytes, { numRuns, seed: 1 }).map(({ length }) => length);
  expect(Math.min(...lengths)).toBe(0);
  expect(Math.max(...lengths)).toBeGreaterThan(5);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
});

test("an object has what a literal has", () => {
  const [value] = fc.sample(random.record({ a: random.u8 }), 1);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test("damaged bytes are mostly others, by up to three bytes more or less", () => {
  const original = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const changed = fc.sample(random.mutated(fc.constant(original)), { numRuns, seed: 1 });
  const texts = new Set(changed.map(String));
  expect(texts.size).toBeGreaterThan(numRuns / 2);
  const same = changed.filter((bytes) => String(bytes) === String(original));
  expect(same.length).toBeLessThan(numRuns / 10);
  expect(Math.max(...changed.map(({ length }) => length))).toBe(11);
  expect(Math.min(...changed.map(({ length }) => length))).toBe(0);
  expect([...original]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("nothing can be damaged, too", () => {
  const changed = fc.sample(random.mutated(fc.constant(new Uint8Array(0))), { numRuns, seed: 1 });
  expect(changed.some(({ length }) => length > 0)).toBe(true);
});
