import * as bitcoin from "bitcoinjs-lib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockHeader,
  bitsOf,
  checkProofOfWork,
  fromHex,
  parseHash,
  targetOf,
  toHex,
  workOf,
} from "../src/index.ts";

const max256 = 2n ** 256n - 1n;

/** A number as a hash, whose first byte is the lowest. */
const hashOf = (number: bigint): Uint8Array => parseHash(number.toString(16).padStart(64, "0"));

const headerOf = (bits: number): BlockHeader => ({
  version: 1,
  prevBlock: new Uint8Array(32),
  merkleRoot: new Uint8Array(32),
  time: 0,
  bits,
  nonce: 0,
});

describe("targets and their compact form", () => {
  // `bignum_SetCompact` of Bitcoin Core's arith_uint256_tests.cpp; no target where it says zero, negative or overflow.
  test.each([
    ["0", 0x0000_0000],
    ["0", 0x0012_3456],
    ["0", 0x0100_3456],
    ["0", 0x0200_0056],
    ["0", 0x0300_0000],
    ["0", 0x0400_0000],
    ["0", 0x0092_3456],
    ["0", 0x0180_3456],
    ["0", 0x0280_0056],
    ["0", 0x0380_0000],
    ["0", 0x0480_0000],
    ["negative", 0x01fe_dcba],
    ["negative", 0x0492_3456],
    ["overflow", 0xff12_3456],
    ["overflow by one digit", 0x2101_0000],
    ["overflow by one digit", 0x2200_0100],
    ["overflow by one digit", 0x2300_0001],
    ["negative and overflow", 0xff92_3456],
    ["negative", 0x1d80_ffff],
  ])("%s: 0x%x is none", (_, bits) => {
    expect(targetOf(bits)).toBeUndefined();
    expect(workOf(bits)).toBe(0n);
    expect(checkProofOfWork(headerOf(bits), { hash: new Uint8Array(32) })).toBe(false);
  });

  test.each([
    [0x0112_3456, 0x12n, 0x0112_0000],
    [0x0212_3456, 0x1234n, 0x0212_3400],
    [0x0312_3456, 0x123456n, 0x0312_3456],
    [0x0412_3456, 0x12345600n, 0x0412_3456],
    [0x0500_9234, 0x92340000n, 0x0500_9234],
    [0x2012_3456, 0x123456n << 232n, 0x2012_3456],
    // What networks have, and the edges.
    [0x1d00_ffff, 0xffffn << 208n, 0x1d00_ffff],
    [0x1b04_04cb, 0x0404cbn << 192n, 0x1b04_04cb],
    [0x207f_ffff, 0x7fffffn << 232n, 0x207f_ffff],
    [0x1e03_77ae, 0x0377aen << 216n, 0x1e03_77ae],
    [0x2100_ffff, 0xffffn << 240n, 0x2100_ffff],
    [0x2200_00ff, 0xffn << 248n, 0x2100_ff00],
    [0x0101_0000, 1n, 0x0101_0000],
    [0x0300_0001, 1n, 0x0101_0000],
    [0x2000_0001, 1n << 232n, 0x1e01_0000],
  ])("0x%x is %i, whose form is 0x%x", (bits, target, again) => {
    expect(targetOf(bits)).toBe(target);
    expect(bitsOf(target)).toBe(again);
  });

  test.each([
    [0n, 0],
    [0x7fn, 0x017f_0000],
    // Not 0x01800000, which has a sign.
    [0x80n, 0x0200_8000],
    [0xffn, 0x0200_ff00],
    [0x7f_ffffn, 0x037f_ffff],
    [0x80_0000n, 0x0400_8000],
    [0x80_00ffn, 0x0400_8000],
    [0xffff_ffffn, 0x0500_ffff],
    [max256, 0x2100_ffff],
    [1n << 255n, 0x2100_8000],
    // `powLimit` of mainnet, whose lower digits are cut off.
    [2n ** 224n - 1n, 0x1d00_ffff],
  ])("the form of %i is 0x%x", (target, bits) => {
    expect(bitsOf(target)).toBe(bits);
  });

  test.each([-1n, max256 + 1n])("there is no form of %i", (target) => {
    expect(() => bitsOf(target)).toThrow(RangeError);
  });

  test("any form of a target stays as it is when it was made by `bitsOf`", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: max256 }), fc.nat(255), (number, shift) => {
        const target = (number >> BigInt(shift)) + 1n;
        const wanted = target > max256 ? max256 : target;
        const bits = bitsOf(wanted);
        const read = targetOf(bits) as bigint;
        expect(bitsOf(read)).toBe(bits);
        // Nothing but lower digits is lost: at most those behind the first 15 bits.
        expect(read <= wanted && (wanted - read) << 15n <= wanted).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("bitcoinjs-lib computes the same targets", () => {
    const bitsOfTargets = fc
      .tuple(fc.integer({ min: 1, max: 0x20 }), fc.integer({ min: 1, max: 0x7f_ffff }))
      .map(([size, word]) => size * 0x100_0000 + word);
    fc.assert(
      fc.property(bitsOfTargets, (bits) => {
        const theirs = BigInt(`0x${toHex(bitcoin.Block.calculateTarget(bits))}`);
        expect(targetOf(bits) ?? 0n).toBe(theirs);
      }),
      { numRuns: 500 },
    );
  });
});

describe("work", () => {
  test.each([
    // The first block: 2 ** 32 hashes and a little more.
    [0x1d00_ffff, 0x1_0001_0001n],
    [0x207f_ffff, 2n],
    [0x2100_ffff, 1n],
    [0x0101_0000, 2n ** 255n],
    [0x1b04_04cb, 2n ** 256n / ((0x0404cbn << 192n) + 1n)],
  ])("of 0x%x is %i hashes", (bits, work) => {
    expect(workOf(bits)).toBe(work);
  });
});

describe("the proof of work", () => {
  test.each([
    0x1d00_ffff, 0x1b04_04cb, 0x207f_ffff, 0x0312_3456, 0x0212_3400, 0x0101_0000, 0x2100_ffff,
  ])("of 0x%x is a hash that is not above the target", (bits) => {
    const target = targetOf(bits) as bigint;
    const check = (number: bigint): boolean =>
      checkProofOfWork(headerOf(bits), { hash: hashOf(number) });
    expect(check(target)).toBe(true);
    expect(check(target - 1n)).toBe(true);
    expect(check(0n)).toBe(true);
    expect(check(target + 1n)).toBe(false);
    expect(check(max256)).toBe(false);
    // One more or less in any byte.
    for (let i = 0n; i < 32n; i++) {
      const step = 1n << (8n * i);
      if (target + step <= max256) expect(check(target + step)).toBe(false);
      if (target >= step) expect(check(target - step)).toBe(true);
    }
  });

  test("is what comparing numbers says, for any hash and target", () => {
    const bits = fc
      .tuple(fc.integer({ min: 0, max: 0x24 }), fc.integer({ min: 0, max: 0xff_ffff }))
      .map(([size, word]) => size * 0x100_0000 + word);
    fc.assert(
      fc.property(bits, fc.bigInt({ min: 0n, max: max256 }), fc.nat(255), (form, number, shift) => {
        const hash = number >> BigInt(shift);
        const target = targetOf(form);
        const expected = target !== undefined && hash <= target;
        expect(checkProofOfWork(headerOf(form), { hash: hashOf(hash) })).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("counts for nothing if the target is easier than the network allows", () => {
    const options = { hash: new Uint8Array(32), powLimit: 2n ** 224n - 1n };
    expect(checkProofOfWork(headerOf(0x1d00_ffff), options)).toBe(true);
    expect(checkProofOfWork(headerOf(0x1d01_0000), options)).toBe(false);
    expect(checkProofOfWork(headerOf(0x207f_ffff), options)).toBe(false);
    const exact = { ...options, powLimit: 0xffffn << 208n };
    expect(checkProofOfWork(headerOf(0x1d00_ffff), exact)).toBe(true);
    expect(
      checkProofOfWork(headerOf(0x1d00_ffff), { ...exact, powLimit: exact.powLimit - 1n }),
    ).toBe(false);
  });

  test("is of the header's own hash, unless one is given", () => {
    const genesis: BlockHeader = {
      version: 1,
      prevBlock: new Uint8Array(32),
      merkleRoot: fromHex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"),
      time: 1_231_006_505,
      bits: 0x1d00_ffff,
      nonce: 2_083_236_893,
    };
    expect(checkProofOfWork(genesis)).toBe(true);
    expect(checkProofOfWork({ ...genesis, nonce: 2_083_236_894 })).toBe(false);
    expect(checkProofOfWork(genesis, { hash: hashOf(max256) })).toBe(false);
  });
});
