import { describe, expect, test } from "vitest";
import { formatHash, fromHex, hash256, parseHash, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

describe("SHA-256 twice", () => {
  // Computed by other software.
  test.each([
    ["", "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456"],
    ["68656c6c6f", "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"],
  ])("of %j", (hex, expected) => {
    expect(toHex(hash256(fromHex(hex)))).toBe(expected);
  });

  test("leaves its input alone and gives bytes that nobody else has", () => {
    const bytes = fromHex("68656c6c6f");
    const first = hash256(bytes);
    const before = toHex(first);
    hash256(new Uint8Array(100));
    expect(toHex(first)).toBe(before);
    expect(toHex(bytes)).toBe("68656c6c6f");
    expect(first).not.toBe(hash256(bytes));
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
  });
});

describe("the text of a hash", () => {
  const text = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fff";
  const hash = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xff : 32 - i));

  test("begins with the last byte", () => {
    expect(formatHash(hash)).toBe(text);
    expect(parseHash(text)).toEqual(hash);
    expect(parseHash(text.toUpperCase())).toEqual(hash);
  });

  test("is made without turning the hash around", () => {
    const copy = hash.slice();
    formatHash(copy);
    expect(copy).toEqual(hash);
  });

  test.each([
    ["no digits", ""],
    ["63 digits", text.slice(1)],
    ["65 digits", `${text}0`],
    ["66 digits", `0x${text}`],
    ["a letter that is no digit", `${text.slice(0, 10)}g${text.slice(11)}`],
    ["a space", `${text.slice(0, 63)} `],
  ])("is not %s", (_, bad) => {
    expect(thrown(() => parseHash(bad))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
    });
  });
});
