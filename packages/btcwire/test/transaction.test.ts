import { describe, expect, test } from "vitest";
import {
  concatBytes,
  decode,
  encode,
  equalBytes,
  formatHash,
  fromHex,
  hash256,
  hasWitness,
  isCoinbase,
  sizeOf,
  strippedTransaction,
  toHex,
  type Transaction,
  transaction,
  type TransactionInput,
  type TransactionOutput,
  txidOf,
  wtxidOf,
} from "../src/index.ts";

const txid = fromHex("aa".repeat(32));
const input: TransactionInput = {
  txid,
  vout: 0x0403_0201,
  scriptSig: fromHex("5152"),
  sequence: 0xffff_fffd,
  witness: [],
};
const inputHex = `${"aa".repeat(32)}01020304025152fdffffff`;
const output: TransactionOutput = { value: 5_000_000_000n, scriptPubKey: fromHex("00") };
const outputHex = "00f2052a010000000100";

/** Rows: what it is, the transaction, and its bytes part by part. */
const table: readonly (readonly [string, Transaction, string])[] = [
  [
    "one input and one output",
    { version: 1, inputs: [input], outputs: [output], lockTime: 0 },
    `01000000 01 ${inputHex} 01 ${outputHex} 00000000`,
  ],
  [
    "no inputs and no outputs",
    { version: 2, inputs: [], outputs: [], lockTime: 7 },
    "02000000 00 00 07000000",
  ],
  [
    "no outputs",
    { version: 2, inputs: [input], outputs: [], lockTime: 0xffff_ffff },
    `02000000 01 ${inputHex} 00 ffffffff`,
  ],
  [
    "a version with the highest bit, and a lock time in seconds",
    { version: 0xffff_ffff, inputs: [input], outputs: [output], lockTime: 500_000_000 },
    `ffffffff 01 ${inputHex} 01 ${outputHex} 0065cd1d`,
  ],
  [
    "negative, greatest and no value",
    {
      version: 1,
      inputs: [input],
      outputs: [
        { value: -1n, scriptPubKey: new Uint8Array(0) },
        { value: 2n ** 63n - 1n, scriptPubKey: new Uint8Array(0) },
        { value: -(2n ** 63n), scriptPubKey: new Uint8Array(0) },
        { value: 0n, scriptPubKey: new Uint8Array(0) },
      ],
      lockTime: 0,
    },
    `01000000 01 ${inputHex} 04 ffffffffffffffff 00 ffffffffffffff7f 00` +
      "0000000000000080 00 0000000000000000 00 00000000",
  ],
  [
    "a witness",
    {
      version: 2,
      inputs: [{ ...input, witness: [fromHex("0102"), new Uint8Array(0)] }],
      outputs: [output],
      lockTime: 0,
    },
    `02000000 0001 01 ${inputHex} 01 ${outputHex} 02 020102 00 00000000`,
  ],
  [
    "a witness of the second input alone, and no outputs",
    {
      version: 2,
      inputs: [input, { ...input, witness: [new Uint8Array(0)] }],
      outputs: [],
      lockTime: 9,
    },
    `02000000 0001 02 ${inputHex} ${inputHex} 00 00 0100 09000000`,
  ],
  [
    "a coinbase",
    {
      version: 1,
      inputs: [
        {
          txid: new Uint8Array(32),
          vout: 0xffff_ffff,
          scriptSig: fromHex("03f99304"),
          sequence: 0,
          witness: [new Uint8Array(32)],
        },
      ],
      outputs: [output],
      lockTime: 0,
    },
    `01000000 0001 01 ${"00".repeat(32)} ffffffff 0403f99304 00000000 01 ${outputHex}` +
      `01 20${"00".repeat(32)} 00000000`,
  ],
];
const rows = table.map(([name, value, hex]) => [name, value, hex.replaceAll(" ", "")] as const);

describe.each(rows)("a transaction with %s", (_, value, hex) => {
  test("has these bytes", () => {
    expect(toHex(encode(transaction, value))).toBe(hex);
  });

  test("is read from them", () => {
    expect(decode(transaction, fromHex(hex))).toStrictEqual(value);
  });

  test("has the hash of them as its wtxid", () => {
    expect(toHex(wtxidOf(value))).toBe(toHex(hash256(fromHex(hex))));
  });

  test("has an id that does not depend on its witness", () => {
    const inputs = value.inputs.map((one) => ({ ...one, witness: [] }));
    const bare = { ...value, inputs };
    expect(toHex(txidOf(value))).toBe(toHex(hash256(encode(transaction, bare))));
    expect(encode(strippedTransaction, value)).toEqual(encode(transaction, bare));
    expect(decode(strippedTransaction, encode(transaction, bare))).toStrictEqual(bare);
  });
});

// The only transaction of the first block: its id is the merkle root there.
test("the first transaction of all has the id that everybody knows", () => {
  const text =
    "04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e20";
  const rest = "6272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73";
  const key =
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6" +
    "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f";
  const value = decode(
    transaction,
    fromHex(
      `0100000001${"00".repeat(32)}ffffffff4d${text}${rest}ffffffff` +
        `0100f2052a010000004341${key}ac00000000`,
    ),
  );
  expect(isCoinbase(value)).toBe(true);
  expect(new TextDecoder().decode(value.inputs[0]?.scriptSig.subarray(8))).toBe(
    "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks",
  );
  expect(formatHash(txidOf(value))).toBe(
    "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
  );
});

test("what is read is a view of the bytes, what is written is not", () => {
  const [, value] = rows[5] as (typeof rows)[number];
  const whole = concatBytes(new Uint8Array(3), encode(transaction, value));
  const read = decode(transaction, whole.subarray(3));
  expect(read).toStrictEqual(value);
  const [first] = read.inputs as [TransactionInput];
  const views = [first.txid, first.scriptSig, first.witness[0], read.outputs[0]?.scriptPubKey];
  for (const view of views) expect(view?.buffer).toBe(whole.buffer);
  expect(encode(transaction, read).buffer).not.toBe(whole.buffer);
});

describe("the numbers of inputs, outputs and items", () => {
  const none: Transaction = { version: 1, inputs: [], outputs: [], lockTime: 0 };
  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

  test.each([
    [0xfc, "fc"],
    [0xfd, "fdfd00"],
    [0xffff, "fdffff"],
    [0x1_0000, "fe00000100"],
  ])("%i are written as %s and read back", (count, hex) => {
    const bare = { ...input, scriptSig: new Uint8Array(0) };
    const empty = { value: 0n, scriptPubKey: new Uint8Array(0) };
    const many: readonly [Transaction, number][] = [
      [{ ...none, inputs: times(count, bare) }, 4],
      [{ ...none, inputs: [bare], outputs: times(count, empty) }, 4 + 1 + 41],
      [
        { ...none, inputs: [{ ...bare, witness: times(count, new Uint8Array(0)) }] },
        4 + 2 + 1 + 41 + 1,
      ],
      [{ ...none, inputs: [{ ...bare, scriptSig: new Uint8Array(count) }] }, 4 + 1 + 36],
    ];
    for (const [value, at] of many) {
      const bytes = encode(transaction, value);
      expect(toHex(bytes.subarray(at, at + hex.length / 2))).toBe(hex);
      const read = decode(transaction, bytes);
      expect(read.inputs.length).toBe(value.inputs.length);
      expect(read.outputs.length).toBe(value.outputs.length);
      expect(read.inputs[0]?.witness.length).toBe(value.inputs[0]?.witness.length);
      expect(equalBytes(encode(transaction, read), bytes)).toBe(true);
    }
  });
});

describe("the size of a transaction", () => {
  test.each([
    [0, { bytes: 63, weight: 252, virtualBytes: 63 }],
    [1, { bytes: 10, weight: 40, virtualBytes: 10 }],
    // 63 bytes without the witness, 2 for marker and flag, 5 for the witness.
    [5, { bytes: 70, weight: 259, virtualBytes: 65 }],
  ])("of row %i is counted with and without its witness", (row, size) => {
    expect(sizeOf((rows[row] as (typeof rows)[number])[1])).toEqual(size);
  });
});

test("a witness is one as soon as any input has an item, were it empty", () => {
  const witnesses = rows.flatMap(([, value], i) => (hasWitness(value) ? [i] : []));
  expect(witnesses).toEqual([5, 6, 7]);
});

describe("a coinbase", () => {
  const nothing = { ...input, txid: new Uint8Array(32), vout: 0xffff_ffff };
  const of = (...inputs: TransactionInput[]): Transaction => ({
    version: 1,
    outputs: [output],
    lockTime: 0,
    inputs,
  });

  test.each([
    ["has one input that spends nothing", of(nothing), true],
    ["has no other input", of(nothing, input), false],
    ["has not two of them", of(nothing, nothing), false],
    ["has one", of(), false],
    ["does not spend output 0", of({ ...nothing, vout: 0 }), false],
    ["does not spend output 0xfffffffe", of({ ...nothing, vout: 0xffff_fffe }), false],
    ["spends no transaction", of({ ...nothing, txid }), false],
    [
      "has a txid without any bit",
      of({ ...nothing, txid: Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0)) }),
      false,
    ],
  ])("%s", (_, value, expected) => {
    expect(isCoinbase(value)).toBe(expected);
  });
});
