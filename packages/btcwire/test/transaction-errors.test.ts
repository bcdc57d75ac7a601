import { describe, expect, test } from "vitest";
import {
  blockHeader,
  type Codec,
  decode,
  encode,
  fromHex,
  indexBlock,
  strippedTransaction,
  type Transaction,
  transaction,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const version = "02000000";
const lockTime = "00000000";
const marker = "0001";
const outpoint = `${"aa".repeat(32)}01000000`;
const input = `${outpoint}025152ffffffff`;
const output = "e8030000000000000151";
const plain = `${version} 01 ${input} 01 ${output} ${lockTime}`;

const bytesOf = (text: string): Uint8Array => fromHex(text.replaceAll(" ", ""));

describe("bytes that are no transaction", () => {
  test.each([
    ["flag 2", `${version} 0002 01 ${input} 01 ${output} ${lockTime}`, "invalid_value", [], 5],
    ["flag 3", `${version} 0003 01 ${input} 01 ${output} ${lockTime}`, "invalid_value", [], 5],
    ["flag 255", `${version} 00ff`, "invalid_value", [], 5],
    [
      "a witness that is announced and not there",
      `${version} ${marker} 02 ${input} ${input} 01 ${output} 00 00 ${lockTime}`,
      "non_canonical",
      [],
      4,
    ],
    [
      "a witness of no inputs",
      `${version} ${marker} 00 01 ${output} ${lockTime}`,
      "non_canonical",
      [],
      4,
    ],
    ["a long number of inputs", `${version} fd0100 ${input}`, "non_canonical", ["inputs"], 4],
    [
      "a long number of inputs behind a marker",
      `${version} ${marker} fe01000000 ${input}`,
      "non_canonical",
      ["inputs"],
      6,
    ],
    [
      "a long length of an input's script",
      `${version} 01 ${outpoint} fdfc00 ${"00".repeat(0xfc)} ffffffff 00 ${lockTime}`,
      "non_canonical",
      ["inputs", 0],
      41,
    ],
    [
      "a long number of outputs",
      `${version} 01 ${input} fd0100 ${output} ${lockTime}`,
      "non_canonical",
      ["outputs"],
      48,
    ],
    [
      "a long length of an output's script",
      `${version} 01 ${input} 02 ${output} 0000000000000000 ff0000000000000000 ${lockTime}`,
      "non_canonical",
      ["outputs", 1],
      67,
    ],
    [
      "a long number of items",
      `${version} ${marker} 01 ${input} 00 fd0100 00 ${lockTime}`,
      "non_canonical",
      ["inputs", 0, "witness"],
      51,
    ],
    ["more inputs than bytes", `${version} 03 ${input} ${input}`, "short_read", ["inputs"], 4],
    [
      "more outputs than bytes",
      `${version} 01 ${input} 02 ${output} ${lockTime}`,
      "short_read",
      ["outputs"],
      48,
    ],
    [
      "more items than bytes",
      `${version} ${marker} 01 ${input} 00 05 ${lockTime}`,
      "short_read",
      ["inputs", 0, "witness"],
      51,
    ],
    ["the most inputs", `${version} fe00000002 ${input}`, "short_read", ["inputs"], 4],
    ["one more", `${version} fe01000002 ${input}`, "too_long", ["inputs"], 4],
    [
      "the most inputs of 64 bits",
      `${version} ffffffffffffffffff ${input}`,
      "too_long",
      ["inputs"],
      4,
    ],
    [
      "a script that is longer than all",
      `${version} 01 ${outpoint} fd0001 ffffffff`,
      "short_read",
      ["inputs", 0],
      44,
    ],
    ["a byte behind it", `${plain} 00`, "trailing_bytes", [], 63],
    ["another one behind it", `${plain} ${plain}`, "trailing_bytes", [], 63],
  ] as const)("%s", (_, text, code, path, offset) => {
    expect(thrown(() => decode(transaction, bytesOf(text)))).toMatchObject({
      name: "DecodeError",
      code,
      path,
      offset,
    });
  });

  // What a node takes for the marker is a transaction without inputs to those who do not know of witnesses.
  test("without witnesses, the marker is no inputs and the flag one output", () => {
    const value = decode(strippedTransaction, bytesOf(`${version} 00 01 ${output} ${lockTime}`));
    expect(value).toMatchObject({ inputs: [], outputs: [{ value: 1000n }] });
  });
});

describe("every beginning of a transaction ends too early", () => {
  const hex = `${version} ${marker} 02 ${input} ${input} 01 ${output} 00 02 01ff 0201ff ${lockTime}`;
  const bytes = bytesOf(hex);

  // Up to which length the error is at which place: at a number, as long as what it counts cannot be there.
  const steps: readonly (readonly [number, readonly (string | number)[], number | undefined])[] = [
    [4, ["version"], 0],
    [5, [], 4], // the marker is a number of inputs, too
    [6, [], 5],
    [7, ["inputs"], 6],
    [7 + 2 * 41, ["inputs"], 6],
    [7 + 2 * 43, ["inputs", 1], undefined],
    [94, ["outputs"], 93],
    [94 + 9, ["outputs"], 93],
    [94 + 10, ["outputs", 0], 103],
    [105, ["inputs", 0, "witness"], 104],
    [106, ["inputs", 1, "witness"], 105],
    [106 + 2, ["inputs", 1, "witness"], 105],
    [106 + 5, ["inputs", 1, "witness"], undefined],
    [115, ["lockTime"], 111],
  ];
  const stepOf = (length: number): (typeof steps)[number] | undefined =>
    steps.find(([end]) => length < end);

  test("at the field that is cut", () => {
    expect(bytes.length).toBe(115);
    expect(decode(transaction, bytes).inputs[1]?.witness.length).toBe(2);
    for (let length = 0; length < bytes.length; length++) {
      const [, path, offset] = stepOf(length) ?? [];
      const error = thrown(() => decode(transaction, bytes.subarray(0, length)));
      expect(error, `${length} bytes`).toMatchObject({ name: "DecodeError", code: "short_read" });
      if (length === 4) continue; // the first number, which is under its own name
      expect(error.path, `${length} bytes`).toEqual(path);
      if (offset !== undefined) expect(error, `${length} bytes`).toMatchObject({ offset });
    }
    expect(thrown(() => decode(transaction, bytes.subarray(0, 4)))).toMatchObject({
      path: ["inputs"],
      offset: 4,
    });
  });

  test("for the index of a block as well", () => {
    const header = decode(blockHeader, new Uint8Array(80));
    for (let length = 0; length < bytes.length; length++) {
      const body = Uint8Array.of(1, ...bytes.subarray(0, length));
      expect(thrown(() => indexBlock({ header, body }))).toMatchObject({
        name: "DecodeError",
        code: "short_read",
      });
    }
  });
});

describe("values that are no transaction", () => {
  const value: Transaction = {
    version: 2,
    inputs: [
      {
        txid: new Uint8Array(32),
        vout: 0,
        scriptSig: new Uint8Array(0),
        sequence: 0,
        witness: [],
      },
    ],
    outputs: [{ value: 0n, scriptPubKey: new Uint8Array(0) }],
    lockTime: 0,
  };
  const [input] = value.inputs;
  const withInput = (changes: object): Transaction =>
    ({ ...value, inputs: [input, { ...input, ...changes }] }) as Transaction;
  const withOutput = (changes: object): Transaction =>
    ({ ...value, outputs: [{ ...value.outputs[0], ...changes }] }) as Transaction;
  const both: readonly Codec<Transaction>[] = [transaction, strippedTransaction];

  test.each([
    ["a version of 33 bits", { ...value, version: 2 ** 32 }, "out_of_range", ["version"]],
    ["a version below 0", { ...value, version: -1 }, "out_of_range", ["version"]],
    ["a fraction", { ...value, version: 1.5 }, "out_of_range", ["version"]],
    ["no version", { ...value, version: undefined }, "out_of_range", ["version"]],
    ["a lock time of 33 bits", { ...value, lockTime: 2 ** 32 }, "out_of_range", ["lockTime"]],
    ["a lock time below 0", { ...value, lockTime: -1 }, "out_of_range", ["lockTime"]],
    ["a txid of 31 bytes", withInput({ txid: new Uint8Array(31) }), "wrong_length", ["inputs", 1]],
    ["a txid of 33 bytes", withInput({ txid: new Uint8Array(33) }), "wrong_length", ["inputs", 1]],
    ["a txid as text", withInput({ txid: "aa".repeat(16) }), "invalid_value", ["inputs", 1]],
    ["a vout of -1", withInput({ vout: -1 }), "out_of_range", ["inputs", 1]],
    ["a vout of 33 bits", withInput({ vout: 2 ** 32 }), "out_of_range", ["inputs", 1]],
    ["a sequence of 33 bits", withInput({ sequence: 2 ** 32 }), "out_of_range", ["inputs", 1]],
    ["a script as text", withInput({ scriptSig: "51" }), "invalid_value", ["inputs", 1]],
    ["a value of 65 bits", withOutput({ value: 2n ** 63n }), "out_of_range", ["outputs", 0]],
    [
      "a value that is a number",
      withOutput({ value: 1000 as unknown as bigint }),
      "out_of_range",
      ["outputs", 0],
    ],
    ["less than 64 bits", withOutput({ value: -(2n ** 63n) - 1n }), "out_of_range", ["outputs", 0]],
    ["a script as list", withOutput({ scriptPubKey: [81] }), "invalid_value", ["outputs", 0]],
  ] as const)("%s", (_, bad, code, path) => {
    for (const codec of both) {
      const error = thrown(() => encode(codec, bad as unknown as Transaction));
      expect(error).toMatchObject({ name: "EncodeError", code });
      expect(error.path.slice(0, path.length)).toEqual(path);
    }
  });

  test("outputs without inputs, which would be read as a witness", () => {
    expect(thrown(() => encode(transaction, { ...value, inputs: [] }))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path: ["inputs"],
    });
    // Wallets begin so; nobody sends it.
    expect(encode(strippedTransaction, { ...value, inputs: [] }).length).toBe(4 + 1 + 10 + 4);
  });

  test("an item of a witness that is no bytes", () => {
    const bad = withInput({ witness: [new Uint8Array(1), [1]] });
    const error = thrown(() => encode(transaction, bad));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
    expect(error.path.slice(0, 3)).toEqual(["inputs", 1, "witness"]);
  });
});
