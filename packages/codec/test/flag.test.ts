import {
  decode,
  DecodeError,
  encode,
  EncodeError,
  flag,
  fromHex,
  struct,
  toHex,
  u8,
} from "@satwire/codec";
import { describe, expect, test } from "vitest";

const thrown = (run: () => unknown): DecodeError | EncodeError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("flag", () => {
  test.each([
    [false, "00"],
    [true, "01"],
  ])("%s is 0x%s", (value, hex) => {
    expect(toHex(encode(flag, value))).toBe(hex);
    expect(decode(flag, fromHex(hex))).toBe(value);
  });

  test.each(["02", "80", "ff"])("is not read from 0x%s", (hex) => {
    const behind = struct<{ readonly a: number; readonly b: boolean }>({ a: u8, b: flag });
    const error = thrown(() => decode(behind, fromHex(`01${hex}`)));
    expect(error).toMatchObject({ code: "invalid_value", path: ["b"], offset: 1 });
    expect(error.message).toContain(`${Number.parseInt(hex, 16)} is neither 0 nor 1`);
  });

  test("is not read from nothing", () => {
    expect(thrown(() => decode(flag, fromHex("")))).toMatchObject({
      code: "short_read",
      offset: 0,
    });
  });

  test.each([[0], [1], [undefined], [null], ["true"]])("is not written for %s", (value) => {
    const error = thrown(() => encode(flag, value as never));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
    expect(error.message).toContain(`${String(value)} is neither true nor false`);
  });
});
