import * as bitcoin from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import {
  ConversionError,
  fromBitcoinjsBlock,
  fromBitcoinjsHeader,
  fromBitcoinjsTransaction,
  toBitcoinjsBlock,
  toBitcoinjsHeader,
  toBitcoinjsTransaction,
} from "../src/bitcoinjs/index.ts";
import {
  type Block,
  encode,
  fromHex,
  indexBlock,
  merkleRootOf,
  toHex,
  type Transaction,
  transaction,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import { computeWitnessCommitment, witnessCommitmentScript } from "../src/witness-commitment.ts";
import { buildBlock } from "./support/build-block.ts";
import { thrown } from "./support/thrown.ts";

/** The error of the bridge that `run` throws. */
const refused = (run: () => unknown): ConversionError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConversionError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

const spending: Transaction = {
  version: 0xffff_ffff,
  inputs: [
    {
      txid: new Uint8Array(32).fill(7),
      vout: 0xffff_fffe,
      scriptSig: fromHex("5152"),
      sequence: 0x8000_0000,
      witness: [fromHex("01"), new Uint8Array(0)],
    },
    {
      txid: new Uint8Array(32),
      vout: 0,
      scriptSig: new Uint8Array(0),
      sequence: 0,
      witness: [],
    },
  ],
  outputs: [
    { value: -1n, scriptPubKey: fromHex("6a") },
    { value: 2n ** 63n - 1n, scriptPubKey: new Uint8Array(0) },
  ],
  lockTime: 0xffff_ffff,
};

describe("a transaction", () => {
  const rows: readonly (readonly [string, Transaction])[] = [
    ["with numbers at their limits", spending],
    ["without a witness", { ...spending, inputs: spending.inputs.slice(1) }],
    ["without outputs", { ...spending, outputs: [] }],
    ["without anything", { ...spending, inputs: [], outputs: [] }],
    // It has no bytes that could be read back.
    ["without inputs, as wallets begin one", { ...spending, inputs: [] }],
  ];

  test.each(rows)("%s comes back", (_, value) => {
    expect(fromBitcoinjsTransaction(toBitcoinjsTransaction(value))).toStrictEqual(value);
  });

  test.each(rows.slice(0, 4))("%s has the same bytes and id", (_, value) => {
    const theirs = toBitcoinjsTransaction(value);
    expect(theirs).toBeInstanceOf(bitcoin.Transaction);
    expect(toHex(theirs.toBuffer())).toBe(toHex(encode(transaction, value)));
    expect(toHex(theirs.getHash())).toBe(toHex(txidOf(value)));
    expect(theirs).toEqual(bitcoin.Transaction.fromBuffer(encode(transaction, value)));
  });

  test("made with bitcoinjs-lib is ours", () => {
    const theirs = new bitcoin.Transaction();
    theirs.version = 2;
    theirs.addInput(new Uint8Array(32).fill(9), 3, 5, fromHex("51"));
    theirs.addOutput(fromHex("6a"), 1000n);
    theirs.setWitness(0, [fromHex("aabb")]);
    expect(fromBitcoinjsTransaction(theirs)).toStrictEqual({
      version: 2,
      inputs: [
        {
          txid: new Uint8Array(32).fill(9),
          vout: 3,
          scriptSig: fromHex("51"),
          sequence: 5,
          witness: [fromHex("aabb")],
        },
      ],
      outputs: [{ value: 1000n, scriptPubKey: fromHex("6a") }],
      lockTime: 0,
    });
  });

  test("is copied in both directions, so that either may be changed", () => {
    const theirs = toBitcoinjsTransaction(spending);
    const ours = fromBitcoinjsTransaction(theirs);
    for (const { hash, script, witness } of theirs.ins) {
      for (const bytes of [hash, script, ...witness]) bytes.fill(0xee);
    }
    for (const { script } of theirs.outs) script.fill(0xee);
    theirs.ins[1]?.witness.push(fromHex("ff"));
    theirs.ins.pop();
    expect(ours).toStrictEqual(spending);
    expect(spending.inputs[0]?.txid[0]).toBe(7);
    expect(toBitcoinjsTransaction(spending)).toEqual(toBitcoinjsTransaction(ours));
  });

  test("with bytes of another kind of Uint8Array comes out with plain ones", () => {
    class Special extends Uint8Array {}
    const theirs = toBitcoinjsTransaction(spending);
    for (const one of theirs.ins) {
      one.hash = new Special(one.hash);
      one.script = new Special(one.script);
      one.witness = one.witness.map((item) => new Special(item));
    }
    for (const one of theirs.outs) one.script = new Special(one.script);
    const { inputs, outputs } = fromBitcoinjsTransaction(theirs);
    const all = [
      ...inputs.flatMap(({ txid, scriptSig, witness }) => [txid, scriptSig, ...witness]),
      ...outputs.map(({ scriptPubKey }) => scriptPubKey),
    ];
    for (const bytes of all) expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });

  // Each change makes one field of a bitcoinjs-lib transaction impossible.
  test.each([
    ["a version below 0", { version: -1 }, "out_of_range", ["version"]],
    ["a version of 33 bits", { version: 2 ** 32 }, "out_of_range", ["version"]],
    ["a fraction", { locktime: 0.5 }, "out_of_range", ["locktime"]],
    ["no number", { locktime: Number.NaN }, "out_of_range", ["locktime"]],
    ["no lock time", { locktime: undefined }, "out_of_range", ["locktime"]],
    ["a bigint", { locktime: 5n }, "out_of_range", ["locktime"]],
    ["no inputs at all", { ins: undefined }, "invalid_value", ["ins"]],
    ["outputs that are no list", { outs: { length: 1 } }, "invalid_value", ["outs"]],
  ])("with %s is refused", (_, changes, code, path) => {
    const theirs = Object.assign(toBitcoinjsTransaction(spending), changes);
    expect(refused(() => fromBitcoinjsTransaction(theirs))).toMatchObject({ code, path });
  });

  test.each([
    ["a hash of 31 bytes", { hash: new Uint8Array(31) }, "wrong_length", ["hash"]],
    ["a hash as text", { hash: "aa" }, "invalid_value", ["hash"]],
    ["no hash", { hash: undefined }, "missing_field", ["hash"]],
    ["an index of -1", { index: -1 }, "out_of_range", ["index"]],
    ["a sequence of 33 bits", { sequence: 2 ** 32 }, "out_of_range", ["sequence"]],
    ["no script", { script: undefined }, "invalid_value", ["script"]],
    ["no witness", { witness: undefined }, "invalid_value", ["witness"]],
    ["a list in the witness", { witness: [fromHex(""), [1]] }, "invalid_value", ["witness", 1]],
  ])("with %s in an input is refused", (_, changes, code, path) => {
    const theirs = toBitcoinjsTransaction(spending);
    Object.assign(theirs.ins[1] as object, changes);
    expect(refused(() => fromBitcoinjsTransaction(theirs))).toMatchObject({
      code,
      path: ["ins", 1, ...path],
    });
  });

  test.each([
    // As `hashForSignature` blanks outputs.
    ["no value", { value: undefined }, "invalid_value", ["value"]],
    // As bitcoinjs-lib 6 has it.
    ["a number", { value: 1000 }, "invalid_value", ["value"]],
    ["a value of 65 bits", { value: 2n ** 63n }, "out_of_range", ["value"]],
    ["less than 64 bits", { value: -(2n ** 63n) - 1n }, "out_of_range", ["value"]],
    ["a script as text", { script: "6a" }, "invalid_value", ["script"]],
  ])("with %s in an output is refused", (_, changes, code, path) => {
    const theirs = toBitcoinjsTransaction(spending);
    Object.assign(theirs.outs[1] as object, changes);
    expect(refused(() => fromBitcoinjsTransaction(theirs))).toMatchObject({
      code,
      path: ["outs", 1, ...path],
    });
  });

  test("of ours with such fields is refused as well", () => {
    const [first, second] = spending.inputs as [object, object];
    const [output] = spending.outputs;
    const rows: readonly [object, string, readonly unknown[]][] = [
      [{ version: 2 ** 32 }, "out_of_range", ["version"]],
      [{ lockTime: -1 }, "out_of_range", ["lockTime"]],
      [
        { inputs: [first, { ...second, txid: new Uint8Array(33) }] },
        "wrong_length",
        ["inputs", 1, "txid"],
      ],
      [{ inputs: [{ ...first, vout: 0.5 }] }, "out_of_range", ["inputs", 0, "vout"]],
      [{ inputs: [{ ...first, sequence: -1 }] }, "out_of_range", ["inputs", 0, "sequence"]],
      [{ inputs: [{ ...first, scriptSig: "" }] }, "invalid_value", ["inputs", 0, "scriptSig"]],
      [{ inputs: [{ ...first, witness: [""] }] }, "invalid_value", ["inputs", 0, "witness", 0]],
      [{ outputs: [{ ...output, value: 2n ** 63n }] }, "out_of_range", ["outputs", 0, "value"]],
      [
        { outputs: [{ ...output, scriptPubKey: [1] }] },
        "invalid_value",
        ["outputs", 0, "scriptPubKey"],
      ],
    ];
    for (const [changes, code, path] of rows) {
      const bad = { ...spending, ...changes };
      expect(refused(() => toBitcoinjsTransaction(bad))).toMatchObject({ code, path });
    }
  });
});

const coinbase: Transaction = {
  version: 1,
  inputs: [
    {
      txid: new Uint8Array(32),
      vout: 0xffff_ffff,
      scriptSig: fromHex("03010203"),
      sequence: 0,
      witness: [new Uint8Array(32)],
    },
  ],
  outputs: [
    {
      value: 0n,
      scriptPubKey: witnessCommitmentScript(
        computeWitnessCommitment([new Uint8Array(32), wtxidOf(spending)]),
      ),
    },
  ],
  lockTime: 0,
};
const list = [coinbase, spending];
const block = buildBlock(list, { merkleRoot: merkleRootOf(list.map(txidOf)).root });
const rawOf = ({ header, body }: Block): Uint8Array =>
  Uint8Array.of(...toBitcoinjsHeader(header).toBuffer(), ...body);

describe("a block", () => {
  const empty = buildBlock([]);
  const plain = buildBlock([{ ...spending, inputs: spending.inputs.slice(1) }]);

  test.each([
    ["with witnesses", block],
    ["without witnesses", plain],
    ["without transactions", empty],
  ])("%s comes back, and is what bitcoinjs-lib reads", (_, value) => {
    const theirs = toBitcoinjsBlock(value);
    expect(theirs).toBeInstanceOf(bitcoin.Block);
    expect(theirs).toEqual(bitcoin.Block.fromBuffer(rawOf(value)));
    expect(toHex(theirs.toBuffer())).toBe(toHex(rawOf(value)));
    expect(fromBitcoinjsBlock(theirs)).toStrictEqual(value);
    expect(fromBitcoinjsBlock(theirs).body.buffer).not.toBe(value.body.buffer);
  });

  test("may be given as its index", () => {
    expect(toBitcoinjsBlock(indexBlock(block))).toEqual(toBitcoinjsBlock(block));
  });

  test("has its witness commitment, so that bitcoinjs-lib can check it", () => {
    const theirs = toBitcoinjsBlock(block);
    expect(toHex(theirs.witnessCommit as Uint8Array)).toBe(
      toHex(computeWitnessCommitment(list.map(wtxidOf))),
    );
    expect(theirs.checkTxRoots()).toBe(true);
    expect("witnessCommit" in toBitcoinjsBlock(plain)).toBe(true);
    expect(toBitcoinjsBlock(plain).witnessCommit).toBeUndefined();
  });

  test("with a body that is no block is refused as everywhere", () => {
    const body = block.body.subarray(0, -1);
    expect(thrown(() => toBitcoinjsBlock({ ...block, body }))).toMatchObject({
      name: "DecodeError",
      code: "short_read",
      path: ["transactions", 1],
    });
  });

  test("with bytes behind it: bitcoinjs-lib leaves them out, we do not", () => {
    const body = Uint8Array.of(...block.body, 0);
    expect(bitcoin.Block.fromBuffer(rawOf({ ...block, body })).byteLength()).toBe(
      80 + block.body.length,
    );
    expect(thrown(() => toBitcoinjsBlock({ ...block, body }))).toMatchObject({
      code: "trailing_bytes",
    });
  });

  test("that is a header only has no transactions to give", () => {
    const theirs = toBitcoinjsHeader(block.header);
    expect(refused(() => fromBitcoinjsBlock(theirs))).toMatchObject({
      name: "ConversionError",
      code: "missing_field",
      path: ["transactions"],
    });
  });

  test("cannot carry a transaction with outputs and without inputs", () => {
    const theirs = toBitcoinjsBlock(block);
    theirs.transactions?.push(toBitcoinjsTransaction({ ...spending, inputs: [] }));
    const error = refused(() => fromBitcoinjsBlock(theirs));
    expect(error).toMatchObject({ code: "invalid_value", path: ["transactions", 2] });
    expect(error.cause).toMatchObject({ name: "EncodeError", path: ["inputs"] });
  });

  test("says where a field of a transaction is wrong", () => {
    const theirs = toBitcoinjsBlock(block);
    Object.assign(theirs.transactions?.[1]?.outs[0] ?? {}, { value: undefined });
    const error = refused(() => fromBitcoinjsBlock(theirs));
    expect(error).toMatchObject({
      code: "invalid_value",
      path: ["transactions", 1, "outs", 0, "value"],
      detail: "expected a bigint, got undefined",
    });
    expect(error.message).toBe("transactions.1.outs.0.value: expected a bigint, got undefined");
  });
});

describe("a header", () => {
  test.each([0, 1, -1, 0x7fff_ffff, -0x8000_0000])("of version %i comes back", (version) => {
    const header = { ...block.header, version, time: 0xffff_ffff, nonce: 0x8000_0000 };
    const theirs = toBitcoinjsHeader(header);
    expect(theirs).toEqual(bitcoin.Block.fromBuffer(theirs.toBuffer()));
    expect(theirs.transactions).toBeUndefined();
    expect(fromBitcoinjsHeader(theirs)).toStrictEqual(header);
  });

  test("is copied", () => {
    const theirs = toBitcoinjsHeader(block.header);
    const ours = fromBitcoinjsHeader(theirs);
    theirs.prevHash?.fill(0xee);
    theirs.merkleRoot?.fill(0xee);
    expect(ours).toStrictEqual(block.header);
  });

  test("is that of a block with transactions, too", () => {
    expect(fromBitcoinjsHeader(toBitcoinjsBlock(block))).toStrictEqual(block.header);
  });

  test("of a new block is not complete", () => {
    const theirs = new bitcoin.Block();
    expect(refused(() => fromBitcoinjsHeader(theirs))).toMatchObject({
      code: "missing_field",
      path: ["prevHash"],
    });
    theirs.prevHash = new Uint8Array(32);
    expect(refused(() => fromBitcoinjsHeader(theirs))).toMatchObject({
      code: "missing_field",
      path: ["merkleRoot"],
    });
    theirs.merkleRoot = new Uint8Array(31);
    expect(refused(() => fromBitcoinjsHeader(theirs))).toMatchObject({
      code: "wrong_length",
      path: ["merkleRoot"],
    });
    theirs.merkleRoot = new Uint8Array(32);
    expect(fromBitcoinjsHeader(theirs)).toMatchObject({ version: 1, time: 0, bits: 0, nonce: 0 });
  });

  test.each([
    ["version", 2 ** 31, "version"],
    ["version", -(2 ** 31) - 1, "version"],
    ["timestamp", -1, "time"],
    ["bits", 2 ** 32, "bits"],
    ["nonce", 0.5, "nonce"],
    ["version", 1.5, "version"],
    ["version", 1n, "version"],
  ])("whose %s is %s is refused on either side", (theirKey, value, ourKey) => {
    const theirs = Object.assign(toBitcoinjsHeader(block.header), { [theirKey]: value });
    expect(refused(() => fromBitcoinjsHeader(theirs))).toMatchObject({
      code: "out_of_range",
      path: [theirKey],
    });
    expect(refused(() => toBitcoinjsHeader({ ...block.header, [ourKey]: value }))).toMatchObject({
      code: "out_of_range",
      path: [ourKey],
    });
  });
});
