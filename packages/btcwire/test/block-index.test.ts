import { describe, expect, test } from "vitest";
import {
  type Block,
  BlockIndex,
  checkMerkleRoot,
  compactSize,
  decode,
  encode,
  fromHex,
  hash256,
  indexBlock,
  merkleRootOf,
  toHex,
  type Transaction,
  transaction,
  type TransactionInput,
  type TransactionOutput,
  txidOf,
  wtxidOf,
} from "../src/index.ts";
import { buildBlock } from "./support/build-block.ts";
import { thrown } from "./support/thrown.ts";

const legacy = (lockTime: number): Transaction => ({
  version: 1,
  inputs: [
    {
      txid: new Uint8Array(32).fill(7),
      vout: 1,
      scriptSig: fromHex("51"),
      sequence: 0xffff_ffff,
      witness: [],
    },
  ],
  outputs: [{ value: 1000n, scriptPubKey: fromHex("6a02ffff") }],
  lockTime,
});
const segwit = (...witness: Uint8Array[]): Transaction => {
  const { inputs, ...rest } = legacy(5);
  return { ...rest, inputs: [...inputs, { ...inputs[0], witness } as (typeof inputs)[number]] };
};
const empty: Transaction = { version: 3, inputs: [], outputs: [], lockTime: 9 };

describe("the index of a block", () => {
  const transactions = [legacy(1), segwit(fromHex("0102"), new Uint8Array(0)), empty, legacy(2)];
  const block = buildBlock(transactions);
  const index = indexBlock(block);

  test("is of that block, and as long as its list", () => {
    expect(index).toBeInstanceOf(BlockIndex);
    expect(index.block).toBe(block);
    expect(index.length).toBe(4);
  });

  test("gives each transaction, and its bytes as a view", () => {
    expect(index.transactions()).toStrictEqual(transactions);
    for (const [i, value] of transactions.entries()) {
      expect(index.transaction(i)).toStrictEqual(value);
      expect(toHex(index.bytesOf(i))).toBe(toHex(encode(transaction, value)));
      expect(index.bytesOf(i).buffer).toBe(block.body.buffer);
      expect(index.transaction(i).outputs[0]?.scriptPubKey.buffer ?? block.body.buffer).toBe(
        block.body.buffer,
      );
    }
  });

  test("gives ids and hashes", () => {
    expect(index.txids().map(toHex)).toEqual(transactions.map((tx) => toHex(txidOf(tx))));
    expect(index.wtxids().map(toHex)).toEqual(transactions.map((tx) => toHex(wtxidOf(tx))));
    for (const [i, value] of transactions.entries()) {
      expect(toHex(index.txid(i))).toBe(toHex(txidOf(value)));
      expect(toHex(index.wtxid(i))).toBe(toHex(wtxidOf(value)));
    }
  });

  test("knows witnesses", () => {
    expect(transactions.map((_, i) => index.hasWitness(i))).toEqual([false, true, false, false]);
  });

  test("weighs the block", () => {
    const bytes = 80 + block.body.length;
    // Marker, flag, no items of the first input, two of the second.
    const witness = 2 + 1 + (1 + 3 + 1);
    expect(index.weight()).toBe(4 * (bytes - witness) + witness);
    expect(indexBlock(buildBlock([])).weight()).toBe(4 * 81);
  });

  test.each([-1, 4, 0.5, Number.NaN, 2 ** 32, Infinity])("has no transaction %d", (i) => {
    const calls = [
      () => index.bytesOf(i),
      () => index.transaction(i),
      () => index.txid(i),
      () => index.wtxid(i),
      () => index.hasWitness(i),
    ];
    for (const call of calls) expect(call).toThrow(RangeError);
  });

  test("of no transactions is empty", () => {
    const none = indexBlock(buildBlock([]));
    expect([none.length, none.transactions(), none.txids(), none.wtxids()]).toEqual([
      0,
      [],
      [],
      [],
    ]);
    expect(() => none.bytesOf(0)).toThrow(RangeError);
  });

  test("does not depend on where the body is in memory", () => {
    const whole = new Uint8Array(block.body.length + 20);
    whole.set(block.body, 7);
    const body = whole.subarray(7, 7 + block.body.length);
    const moved = indexBlock({ header: block.header, body });
    expect(moved.transactions()).toStrictEqual(transactions);
    expect(moved.txids()).toEqual(index.txids());
  });

  test.each([0xfc, 0xfd, 0x1_0000])("finds %i transactions", (count) => {
    const bytes = encode(transaction, empty);
    const start = encode(compactSize, count);
    const body = new Uint8Array(start.length + count * bytes.length);
    body.set(start);
    for (let i = 0; i < count; i++) body.set(bytes, start.length + i * bytes.length);
    const many = indexBlock({ header: block.header, body });
    expect(many.length).toBe(count);
    expect(many.transaction(count - 1)).toStrictEqual(empty);
    expect(toHex(many.txid(count - 1))).toBe(toHex(hash256(bytes)));
  });
});

describe("bodies that are no transactions", () => {
  const { header } = buildBlock([]);
  const one = toHex(encode(transaction, legacy(0)));
  const start = "0100000000"; // one that begins as with a witness

  test.each([
    ["nothing", "", "short_read", [], 0],
    ["a long count", `fd0100${one}`, "non_canonical", [], 0],
    ["more than bytes", `08${one}`, "short_read", [], 0],
    ["the most there can be", "fe00000002", "short_read", [], 0],
    ["one more than that", "fe01000002", "too_long", [], 0],
    ["a byte less", `01${one.slice(2)}`, "short_read", ["transactions", 0], undefined],
    ["one more than there are", `02${one}`, "short_read", ["transactions", 1], 66],
    ["a byte more", `01${one}00`, "trailing_bytes", [], 66],
    ["a transaction more", `01${one}${one}`, "trailing_bytes", [], 66],
    ["flag 2", `02${one}${start}02${"00".repeat(20)}`, "invalid_value", ["transactions", 1], 71],
    [
      "a witness that is none",
      `01${start}01${one.slice(8, -8)}0000000000`,
      "non_canonical",
      ["transactions", 0],
      undefined,
    ],
    [
      "a witness of no inputs",
      `01${start}01000000000000`,
      "non_canonical",
      ["transactions", 0],
      undefined,
    ],
    [
      "a long length",
      `01${one.slice(0, 82)}fd0100${one.slice(84)}`,
      "non_canonical",
      ["transactions", 0],
      42,
    ],
  ] as const)("%s", (_, hex, code, path, offset) => {
    const error = thrown(() => indexBlock({ header, body: fromHex(hex) }));
    expect(error).toMatchObject({ name: "DecodeError", code, path });
    if (offset !== undefined) expect(error).toMatchObject({ offset });
  });

  test("every beginning of a block", () => {
    const { body } = buildBlock([legacy(1), segwit(fromHex("01")), empty]);
    for (let length = 0; length < body.length; length++) {
      expect(thrown(() => indexBlock({ header, body: body.subarray(0, length) }))).toMatchObject({
        name: "DecodeError",
        code: "short_read",
      });
    }
  });
});

describe("the merkle root of a block", () => {
  const transactions = [legacy(1), segwit(fromHex("01")), legacy(3)];
  const { root } = merkleRootOf(transactions.map(txidOf));
  const checked = (list: readonly Transaction[], merkleRoot: Uint8Array): string =>
    checkMerkleRoot(indexBlock(buildBlock(list, { merkleRoot })));

  test("is that of the txids", () => {
    expect(checked(transactions, root)).toBe("valid");
    expect(checked(transactions, merkleRootOf(transactions.map(wtxidOf)).root)).toBe("mismatch");
    const other = root.slice();
    other[31] = (other[31] as number) ^ 1;
    expect(checked(transactions, other)).toBe("mismatch");
    expect(checked(transactions.slice(1), root)).toBe("mismatch");
  });

  test("does not know witnesses", () => {
    const [first, , third] = transactions as [Transaction, Transaction, Transaction];
    expect(checked([first, segwit(fromHex("02")), third], root)).toBe("valid");
  });

  test("says that some transactions may be there twice", () => {
    const twice = [...transactions, transactions[2] as Transaction];
    expect(checked(twice, root)).toBe("mutated");
    expect(checked(twice, new Uint8Array(32))).toBe("mismatch");
  });

  describe("says that transactions of 64 bytes may be hashes of the tree", () => {
    const [value] = transactions as [Transaction];
    const [output] = value.outputs as [TransactionOutput];
    const scriptPubKey = output.scriptPubKey.subarray(1);
    const short = { ...value, outputs: [{ ...output, scriptPubKey }] };
    const bytes = encode(transaction, short);
    const halves = merkleRootOf([bytes.subarray(0, 32), bytes.subarray(32)]);
    const [input] = short.inputs as [TransactionInput];
    const withWitness = { ...short, inputs: [{ ...input, witness: [fromHex("01")] }] };
    const coinbase = {
      ...value,
      inputs: [{ ...input, txid: new Uint8Array(32), vout: 0xffff_ffff }],
    };

    test("with and without a witness", () => {
      expect(bytes.length).toBe(64);
      expect(indexBlock(buildBlock([withWitness])).strippedLength(0)).toBe(64);
      expect(checked([short], halves.root)).toBe("mutated");
      expect(checked([withWitness], halves.root)).toBe("mutated");
      const both = merkleRootOf([txidOf(value), txidOf(short)]).root;
      expect(checked([value, short], both)).toBe("mutated");
    });

    test("unless a coinbase comes first", () => {
      const both = merkleRootOf([txidOf(coinbase), txidOf(short)]).root;
      expect(checked([coinbase, short], both)).toBe("valid");
    });
  });

  test("of no transactions is zeros", () => {
    expect(checked([], new Uint8Array(32))).toBe("valid");
    expect(checked([], root)).toBe("mismatch");
  });
});

test("a block decoded twice shares nothing that can be changed", () => {
  const block: Block = buildBlock([legacy(1)]);
  const [a, b] = [indexBlock(block), indexBlock(block)];
  const txid = a.txid(0);
  txid.fill(0);
  expect(b.txid(0)).not.toEqual(txid);
  expect(a.txid(0)).toEqual(b.txid(0));
  expect(decode(transaction, a.bytesOf(0))).toStrictEqual(legacy(1));
});
