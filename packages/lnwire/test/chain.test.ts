import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, encode, u32le } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { chainHashOf, type ChainName, chainNameOf, fromHex, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

// The genesis blocks as their headers: version 1, no parent, merkle root, time, bits, nonce.
const classic = "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a";
const testnet4 = "4e7b2b9128fe0291db0693af2ae418b767e657cd407e80cb1434221eaea7a07a";
const headers: readonly (readonly [ChainName, string, number, number, number])[] = [
  ["mainnet", classic, 1231006505, 0x1d00ffff, 2083236893],
  ["testnet3", classic, 1296688602, 0x1d00ffff, 414098458],
  ["testnet4", testnet4, 1714777860, 0x1d00ffff, 393743547],
  ["signet", classic, 1598918400, 0x1e0377ae, 52613770],
  ["regtest", classic, 1296688602, 0x207fffff, 2],
];

describe.each(headers)("%s", (name, merkleRoot, time, bits, nonce) => {
  test("is known by the hash of its genesis block", () => {
    const numbers = [time, bits, nonce].map((value) => encode(u32le, value));
    const header = concatBytes(
      encode(u32le, 1),
      new Uint8Array(32),
      fromHex(merkleRoot),
      ...numbers,
    );
    const hash = sha256(sha256(header));
    expect(toHex(chainHashOf(name))).toBe(toHex(hash));
    expect(chainNameOf(hash)).toBe(name);
  });

  test("hands out bytes of their own", () => {
    chainHashOf(name).fill(0);
    expect(chainNameOf(chainHashOf(name))).toBe(name);
  });
});

test.each([
  ["another chain", "11".repeat(32)],
  ["nothing", ""],
  ["a prefix", "6fe28c0a"],
])("%s has no name", (_what, hex) => {
  expect(chainNameOf(fromHex(hex))).toBeUndefined();
});

test.each(["testnet", "toString", ""])("%j is no name of a chain", (name) => {
  const error = thrown(() => chainHashOf(name as ChainName));
  expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
});
