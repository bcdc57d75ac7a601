import { expect, test } from "vitest";
import { base32OfBytes, bytesOfBase32 } from "../src/address/base32.ts";
import { bytesOfText } from "../src/fields.ts";

// RFC 4648 "10", without padding.
const published = [
  ["", ""],
  ["f", "my"],
  ["fo", "mzxq"],
  ["foo", "mzxw6"],
  ["foob", "mzxw6yq"],
  ["fooba", "mzxw6ytb"],
  ["foobar", "mzxw6ytboi"],
] as const;

test.each(published)("%j is %j", (text, base32) => {
  expect(base32OfBytes(bytesOfText(text))).toBe(base32);
  expect(bytesOfBase32(base32)).toEqual(bytesOfText(text));
  expect(bytesOfBase32(base32.toUpperCase())).toEqual(bytesOfText(text));
});

test.each([
  ["a length that no bytes have", "m"],
  ["another length that no bytes have", "mzx"],
  ["a third length that no bytes have", "mzxw6y"],
  ["a bit behind the last byte", "mz"],
  ["a bit behind the last of two bytes", "mzxr"],
  ["a bit behind the last of four bytes", "mzxw6yr"],
  ["padding", "my======"],
  ["a digit that is none", "m1"],
  ["a space", " my"],
  ["the sign of Kelvin, which lower case makes a k", "\u212ay"],
  ["a letter beyond the basic plane", "\u{1d424}y"],
])("%s is no base32", (_, text) => {
  expect(bytesOfBase32(text)).toBeUndefined();
});
