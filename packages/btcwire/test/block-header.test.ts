import { describe, expect, test } from "vitest";
import {
  blockHashOf,
  type BlockHeader,
  blockHeader,
  blockHeaderLength,
  decode,
  encode,
  formatHash,
  fromHex,
  parseHash,
  toHex,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const header: BlockHeader = {
  version: 0x0403_0201,
  prevBlock: fromHex("a1".repeat(32)),
  merkleRoot: fromHex("b2".repeat(32)),
  time: 0xf8f7_f6f5,
  bits: 0x1d00_ffff,
  nonce: 0xfffe_fdfc,
};
const hex = `01020304${"a1".repeat(32)}${"b2".repeat(32)}f5f6f7f8ffff001dfcfdfeff`;

describe("a header", () => {
  test("has 80 bytes", () => {
    expect(blockHeaderLength).toBe(80);
    expect(toHex(encode(blockHeader, header))).toBe(hex);
    expect(decode(blockHeader, fromHex(hex))).toStrictEqual(header);
  });

  test.each([
    [-1, "ffffffff"],
    [0, "00000000"],
    [0x7fff_ffff, "ffffff7f"],
    [-0x8000_0000, "00000080"],
    [0x2000_0000, "00000020"],
  ])("may have the version %i", (version, start) => {
    const bytes = fromHex(start + hex.slice(8));
    expect(toHex(encode(blockHeader, { ...header, version }))).toBe(toHex(bytes));
    expect(decode(blockHeader, bytes).version).toBe(version);
  });

  test("is read as views, and written into bytes of its own", () => {
    const bytes = fromHex(hex);
    const { prevBlock, merkleRoot } = decode(blockHeader, bytes);
    expect([prevBlock.buffer, prevBlock.byteOffset]).toEqual([bytes.buffer, 4]);
    expect([merkleRoot.buffer, merkleRoot.byteOffset]).toEqual([bytes.buffer, 36]);
  });

  test("ends too early at any byte", () => {
    for (let length = 0; length < 80; length++) {
      expect(thrown(() => decode(blockHeader, fromHex(hex).subarray(0, length)))).toMatchObject({
        name: "DecodeError",
        code: "short_read",
      });
    }
    expect(thrown(() => decode(blockHeader, fromHex(`${hex}00`)))).toMatchObject({
      code: "trailing_bytes",
      offset: 80,
    });
  });

  test.each([
    ["a version of 32 bits without a sign", { version: 0x8000_0000 }, "out_of_range", ["version"]],
    ["a version below 32 bits", { version: -0x8000_0001 }, "out_of_range", ["version"]],
    ["a fraction", { version: 0.5 }, "out_of_range", ["version"]],
    ["no version", { version: undefined }, "out_of_range", ["version"]],
    ["a hash of 31 bytes", { prevBlock: new Uint8Array(31) }, "wrong_length", ["prevBlock"]],
    ["a root of 33 bytes", { merkleRoot: new Uint8Array(33) }, "wrong_length", ["merkleRoot"]],
    ["no root", { merkleRoot: undefined }, "wrong_length", ["merkleRoot"]],
  ])("has not %s", (_, changes, code, path) => {
    const bad = { ...header, ...changes } as BlockHeader;
    expect(thrown(() => encode(blockHeader, bad))).toMatchObject({
      name: "EncodeError",
      code,
      path,
    });
  });

  test.each([
    ["time", -1],
    ["time", 2 ** 32],
    ["bits", 2 ** 32],
    ["nonce", -1],
    ["nonce", 0.5],
  ])("has no %s of %d", (key, value) => {
    expect(thrown(() => encode(blockHeader, { ...header, [key]: value }))).toMatchObject({
      name: "EncodeError",
      code: "out_of_range",
    });
  });
});

test("the first block has the hash that everybody knows", () => {
  const genesis: BlockHeader = {
    version: 1,
    prevBlock: new Uint8Array(32),
    merkleRoot: parseHash("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"),
    time: 1_231_006_505,
    bits: 0x1d00_ffff,
    nonce: 2_083_236_893,
  };
  expect(formatHash(blockHashOf(genesis))).toBe(
    "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
  );
  // Every field counts.
  const changes: Partial<BlockHeader>[] = [
    { version: 2 },
    { prevBlock: new Uint8Array(32).fill(1) },
    { merkleRoot: new Uint8Array(32) },
    { time: 1_231_006_506 },
    { bits: 0x1d00_fffe },
    { nonce: 2_083_236_894 },
  ];
  const hashes = changes.map((change) => toHex(blockHashOf({ ...genesis, ...change })));
  expect(new Set([...hashes, toHex(blockHashOf(genesis))]).size).toBe(7);
});
