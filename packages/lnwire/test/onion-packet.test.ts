import { decode, encode, Reader } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { fromHex, type OnionPacket, onionPacket, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const key = `02a1${"a2".repeat(30)}a3`;
const hmac = `b1${"b2".repeat(30)}b3`;
const packet: OnionPacket = {
  version: 0,
  publicKey: fromHex(key),
  hopPayloads: fromHex("c1c2c3"),
  hmac: fromHex(hmac),
};

describe("an onion packet", () => {
  test.each<readonly [what: string, value: OnionPacket, hex: string]>([
    ["of 69 bytes", packet, `00${key}c1c2c3${hmac}`],
    ["without payloads", { ...packet, hopPayloads: fromHex("") }, `00${key}${hmac}`],
    [
      "of a payment: 1366 bytes",
      { ...packet, hopPayloads: new Uint8Array(1300).fill(0xdd) },
      `00${key}${"dd".repeat(1300)}${hmac}`,
    ],
    ["of a version that there is not", { ...packet, version: 255 }, `ff${key}c1c2c3${hmac}`],
    [
      "with a key that is no point",
      { ...packet, publicKey: new Uint8Array(33) },
      `00${"00".repeat(33)}c1c2c3${hmac}`,
    ],
  ])("%s goes both ways", (_what, value, hex) => {
    expect(decode(onionPacket, fromHex(hex))).toStrictEqual(value);
    expect(toHex(encode(onionPacket, value))).toBe(hex);
  });

  // The version, the key or, where its 32 bytes should begin, the HMAC.
  test.each([
    [0, 0],
    [1, 1],
    [33, 1],
    [34, 34],
    [65, 34],
  ])("of %i bytes is too short from byte %i on", (length, offset) => {
    const error = thrown(() => decode(onionPacket, new Uint8Array(length).fill(2)));
    expect(error).toMatchObject({ name: "DecodeError", code: "short_read", offset });
  });

  test("ends with the window it stands in", () => {
    const reader = new Reader(fromHex(`ee00${key}c1${hmac}eeee`));
    reader.u8();
    expect(reader.within(67, onionPacket)).toStrictEqual({
      ...packet,
      hopPayloads: fromHex("c1"),
    });
    expect(toHex(reader.rest())).toBe("eeee");
  });

  test("has fields that are views of what was read", () => {
    const bytes = fromHex(`00${key}c1${hmac}`);
    const { publicKey, hopPayloads, hmac: mac } = decode(onionPacket, bytes);
    for (const field of [publicKey, hopPayloads, mac]) expect(field.buffer).toBe(bytes.buffer);
  });

  test.each([
    ["a version beyond 8 bits", { version: 256 }, "out_of_range"],
    ["a negative version", { version: -1 }, "out_of_range"],
    ["a key of 32 bytes", { publicKey: new Uint8Array(32) }, "wrong_length"],
    ["a key of 34 bytes", { publicKey: new Uint8Array(34) }, "wrong_length"],
    ["an HMAC of 31 bytes", { hmac: new Uint8Array(31) }, "wrong_length"],
    ["an HMAC of 33 bytes", { hmac: new Uint8Array(33) }, "wrong_length"],
    ["payloads that are text", { hopPayloads: "c1c2" }, "invalid_value"],
    ["no payloads", { hopPayloads: undefined }, "missing_field"],
  ])("is not written with %s", (_what, change, code) => {
    const error = thrown(() => encode(onionPacket, { ...packet, ...change } as OnionPacket));
    expect(error).toMatchObject({ name: "EncodeError", code });
  });
});
