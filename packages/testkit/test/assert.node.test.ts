// Jest runs tests in a realm of their own, where the classes of the language are others.
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { assertEqual, assertRejects } from "../src/assert.ts";
import { printable } from "../src/printable.ts";

const foreign = (code: string): unknown => runInNewContext(code);

test.each([
  ["({ a: [1, 2n] })", { a: [1, 2n] }],
  ["Uint8Array.of(1, 2)", Uint8Array.of(1, 2)],
  ["new Map([['a', new Set([{}])]])", new Map([["a", new Set([{}])]])],
  ["new Date(5)", new Date(5)],
  ["new TypeError('bad')", new TypeError("bad")],
  ["Uint8Array.of(1, 2).buffer", Uint8Array.of(1, 2).buffer],
])("%s of another realm equals ours", (code, ours) => {
  assertEqual(foreign(code), ours, code);
  assertEqual(ours, foreign(code), code);
  expect(printable(foreign(code))).toBe(printable(ours));
});

test("a Buffer equals the bytes that it holds", () => {
  assertEqual(Buffer.from("ab"), Uint8Array.of(97, 98), "bytes");
});

test("an error of another realm has its shape", async () => {
  const error = foreign("Object.assign(new Error('gone'), { code: 'closed' })");
  await assertRejects(Promise.reject(error), { code: "closed", message: /gone/ }, "reading");
  const pattern = foreign("/gone/") as RegExp;
  await assertRejects(Promise.reject(error), { message: pattern }, "reading");
});
