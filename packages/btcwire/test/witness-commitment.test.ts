import { describe, expect, test } from "vitest";
import {
  concatBytes,
  fromHex,
  hash256,
  indexBlock,
  merkleRootOf,
  toHex,
  type Transaction,
  wtxidOf,
} from "../src/index.ts";
import {
  checkWitnessCommitment,
  computeWitnessCommitment,
  findWitnessCommitment,
  witnessCommitmentScript,
  type WitnessCheckOptions,
} from "../src/witness-commitment.ts";
import { buildBlock } from "./support/build-block.ts";
import { thrown } from "./support/thrown.ts";

const zeros = new Uint8Array(32);
const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

const coinbaseWith = (
  witness: readonly Uint8Array[],
  ...scripts: readonly Uint8Array[]
): Transaction => ({
  version: 2,
  inputs: [{ txid: zeros, vout: 0xffff_ffff, scriptSig: filled(1, 3), sequence: 0, witness }],
  outputs: [filled(0x51, 22), ...scripts].map((scriptPubKey) => ({ value: 0n, scriptPubKey })),
  lockTime: 0,
});
const spending = (vout: number, ...witness: Uint8Array[]): Transaction => ({
  version: 2,
  inputs: [{ txid: filled(9), vout, scriptSig: filled(0, 0), sequence: 0, witness }],
  outputs: [{ value: 5n, scriptPubKey: filled(0, 1) }],
  lockTime: 0,
});
const others = [spending(0, filled(3, 64)), spending(1), spending(2, filled(4, 1), filled(5, 0))];

/** What {@link checkWitnessCommitment} says of a block. */
const checked = (
  coinbase: Transaction,
  rest: readonly Transaction[] = others,
  options?: WitnessCheckOptions,
): string => checkWitnessCommitment(indexBlock(buildBlock([coinbase, ...rest])), options);

/** The commitment of {@link others}, computed here once more. */
const expected = (reservedValue: Uint8Array): Uint8Array =>
  hash256(concatBytes(merkleRootOf([zeros, ...others.map(wtxidOf)]).root, reservedValue));
const scriptFor = (reservedValue: Uint8Array): Uint8Array =>
  fromHex(`6a24aa21a9ed${toHex(expected(reservedValue))}`);

describe("the commitment", () => {
  test.each([zeros, filled(0xab)])("is of the wtxids and the reserved value", (reservedValue) => {
    const wtxids = [coinbaseWith([reservedValue]), ...others].map(wtxidOf);
    const commitment = computeWitnessCommitment(wtxids, reservedValue);
    expect(toHex(commitment)).toBe(toHex(expected(reservedValue)));
  });

  test("takes zeros as the reserved value, and for the first transaction whatever it is", () => {
    const wtxids = [filled(0xcc), ...others.map(wtxidOf)];
    expect(computeWitnessCommitment(wtxids)).toEqual(expected(zeros));
    expect(wtxids[0]).toEqual(filled(0xcc));
  });

  test("of the first transaction alone is the hash of zeros", () => {
    const alone = "e2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9";
    expect(toHex(computeWitnessCommitment([filled(1)]))).toBe(alone);
    expect(toHex(computeWitnessCommitment([]))).toBe(alone);
  });

  test("has a script of 38 bytes", () => {
    const script = witnessCommitmentScript(filled(7));
    expect(toHex(script)).toBe(`6a24aa21a9ed${"07".repeat(32)}`);
  });

  test.each([0, 31, 33])("is not made of %i bytes", (length) => {
    const bad = new Uint8Array(length);
    expect(thrown(() => computeWitnessCommitment([], bad))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
      path: ["reservedValue"],
    });
    expect(thrown(() => witnessCommitmentScript(bad))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
      path: ["commitment"],
    });
  });
});

describe("in the first transaction it is found", () => {
  const found = (...scripts: Uint8Array[]): string | undefined => {
    const commitment = findWitnessCommitment(coinbaseWith([], ...scripts));
    return commitment && toHex(commitment);
  };
  const [one, two] = [witnessCommitmentScript(filled(1)), witnessCommitmentScript(filled(2))];

  test("in the last output that has one", () => {
    expect(found(one, two)).toBe("02".repeat(32));
    expect(found(two, one, filled(0, 40))).toBe("01".repeat(32));
  });

  test("with bytes behind it", () => {
    expect(found(concatBytes(one, filled(9, 4)))).toBe("01".repeat(32));
  });

  test("not in a script that is too short, for which an earlier one counts", () => {
    expect(found(two.subarray(0, 37))).toBeUndefined();
    expect(found(one, two.subarray(0, 37), two.subarray(0, 6))).toBe("01".repeat(32));
  });

  test("not with any other byte in front", () => {
    for (let i = 0; i < 6; i++) {
      const other = one.slice();
      other[i] = (other[i] as number) ^ 1;
      expect(found(other), `byte ${i}`).toBeUndefined();
    }
  });

  test("as a view of the script", () => {
    const coinbase = coinbaseWith([], one);
    expect(findWitnessCommitment(coinbase)?.buffer).toBe(coinbase.outputs[1]?.scriptPubKey.buffer);
  });

  test("or not at all", () => {
    expect(found()).toBeUndefined();
    expect(findWitnessCommitment({ ...coinbaseWith([]), outputs: [] })).toBeUndefined();
  });
});

describe("a block", () => {
  const reserved = filled(0xab);
  const script = scriptFor(reserved);

  test("that commits to its witnesses is valid", () => {
    expect(checked(coinbaseWith([reserved], script))).toBe("valid");
    expect(checked(coinbaseWith([zeros], scriptFor(zeros)))).toBe("valid");
    expect(checked(coinbaseWith([reserved], witnessCommitmentScript(zeros), script))).toBe("valid");
    expect(checked(coinbaseWith([reserved], concatBytes(script, zeros)))).toBe("valid");
  });

  test("that commits to others is not", () => {
    expect(checked(coinbaseWith([zeros], script))).toBe("mismatch");
    expect(checked(coinbaseWith([reserved], script, scriptFor(zeros)))).toBe("mismatch");
    expect(checked(coinbaseWith([reserved], script), others.slice(1))).toBe("mismatch");
    const [first, ...rest] = others.toReversed();
    expect(checked(coinbaseWith([reserved], script), [first as Transaction, ...rest])).toBe(
      "mismatch",
    );
    for (const i of [6, 37]) {
      const other = script.slice();
      other[i] = (other[i] as number) ^ 0x80;
      expect(checked(coinbaseWith([reserved], other))).toBe("mismatch");
    }
  });

  test("may commit to no witnesses", () => {
    const bare = [spending(1)];
    const commitment = computeWitnessCommitment([zeros, ...bare.map(wtxidOf)], reserved);
    const coinbase = coinbaseWith([reserved], witnessCommitmentScript(commitment));
    expect(checked(coinbase, bare)).toBe("valid");
  });

  test.each([
    ["none, as when it was asked for without witnesses", []],
    ["31 bytes", [filled(0xab, 31)]],
    ["33 bytes", [filled(0xab, 33)]],
    ["nothing", [filled(0, 0)]],
    ["a second one", [reserved, reserved]],
    ["an empty second one", [reserved, filled(0, 0)]],
  ])("that commits needs one reserved value of 32 bytes, not %s", (_, witness) => {
    expect(checked(coinbaseWith(witness, script))).toBe("bad_reserved_value");
  });

  test("that does not commit has no witnesses", () => {
    expect(checked(coinbaseWith([]), [spending(1)])).toBe("valid");
    expect(checked(coinbaseWith([]), [])).toBe("valid");
    expect(checked(coinbaseWith([]), others)).toBe("unexpected_witness");
    expect(checked(coinbaseWith([]), [spending(0), spending(1, zeros)])).toBe("unexpected_witness");
    expect(checked(coinbaseWith([zeros]), [])).toBe("unexpected_witness");
  });

  // Miners added commitments for months before they meant something.
  test("from before segwit may commit to anything, and has no witnesses", () => {
    const before = { isSegwitActive: false };
    expect(checked(coinbaseWith([], script), [spending(1)], before)).toBe("valid");
    expect(checked(coinbaseWith([], script), [spending(1)])).toBe("bad_reserved_value");
    expect(checked(coinbaseWith([reserved], script), others, before)).toBe("unexpected_witness");
    expect(checked(coinbaseWith([], script), others, before)).toBe("unexpected_witness");
    expect(checked(coinbaseWith([reserved], script), others, { isSegwitActive: undefined })).toBe(
      "valid",
    );
  });

  test("without transactions has nothing to commit to", () => {
    expect(checkWitnessCommitment(indexBlock(buildBlock([])))).toBe("valid");
  });
});
