import { describe, expect, test } from "vitest";
import {
  bitcoinMessages,
  formatHash,
  fromHex,
  toHex,
  type Transaction,
  tx,
  txidOf,
  wtxidOf,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const hash = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

const spent: Transaction["inputs"][number] = {
  txid: fromHex(hash),
  vout: 1,
  scriptSig: fromHex("51"),
  sequence: 0xffff_fffd,
  witness: [fromHex(""), fromHex("abcd")],
};
const coins: Transaction = {
  version: 2,
  inputs: [
    spent,
    { ...spent, vout: 0xffff_ffff, scriptSig: fromHex(""), sequence: 0, witness: [] },
  ],
  outputs: [
    { value: 5_000_000_000n, scriptPubKey: fromHex("6a") },
    { value: -1n, scriptPubKey: fromHex("") },
  ],
  lockTime: 500_000_001,
};
const parts = {
  version: "02000000",
  marker: "0001",
  inputs: `02${hash}010000000151fdffffff${hash}ffffffff0000000000`,
  outputs: "02" + "00f2052a01000000016a" + "ffffffffffffffff00",
  witnesses: "020002abcd" + "00",
  lockTime: "0165cd1d",
};
const whole = Object.values(parts).join("");
const bare = parts.version + parts.inputs + parts.outputs + parts.lockTime;

describeMessage({
  codec: tx,
  command: "tx",
  shortId: 21,
  value: { type: "tx", transaction: coins },
  fields: { transaction: whole },
  more: [
    [
      "without a witness",
      {
        type: "tx",
        transaction: {
          ...coins,
          inputs: coins.inputs.map((input) => ({ ...input, witness: [] })),
        },
      },
      bare,
    ],
    [
      "with neither inputs nor outputs",
      { type: "tx", transaction: { version: 0, inputs: [], outputs: [], lockTime: 0 } },
      "00000000" + "0000" + "00000000",
    ],
    [
      "with the greatest of all numbers",
      {
        type: "tx",
        transaction: {
          version: 0xffff_ffff,
          inputs: [{ ...spent, vout: 0xffff_ffff, sequence: 0xffff_ffff, witness: [] }],
          outputs: [{ value: 2n ** 63n - 1n, scriptPubKey: fromHex("") }],
          lockTime: 0xffff_ffff,
        },
      },
      `ffffffff01${hash}ffffffff0151ffffffff` + "01ffffffffffffff7f00" + "ffffffff",
    ],
    [
      "with a witness and no outputs",
      { type: "tx", transaction: { ...coins, inputs: [spent], outputs: [] } },
      `020000000001${`01${hash}010000000151fdffffff`}00${"020002abcd"}${parts.lockTime}`,
    ],
  ],
  badValues: [
    [
      "a version with a sign",
      { transaction: { ...coins, version: -1 } },
      "out_of_range",
      ["transaction", "version"],
    ],
    [
      "a lock time of 33 bits",
      { transaction: { ...coins, lockTime: 2 ** 32 } },
      "out_of_range",
      ["transaction", "lockTime"],
    ],
    [
      "outputs and no inputs",
      { transaction: { ...coins, inputs: [] } },
      "invalid_value",
      ["transaction", "inputs"],
    ],
    [
      "an output of 64 bits without sign",
      { transaction: { ...coins, outputs: [{ value: 2n ** 63n, scriptPubKey: fromHex("") }] } },
      "out_of_range",
      ["transaction", "outputs", 0],
    ],
    [
      "a txid of 31 bytes",
      { transaction: { ...coins, inputs: [spent, { ...spent, txid: new Uint8Array(31) }] } },
      "wrong_length",
      ["transaction", "inputs", 1],
    ],
    ["a transaction that is null", { transaction: null }, "invalid_value", ["transaction"]],
    [
      "the bytes of a transaction",
      { transaction: fromHex(bare) },
      "invalid_value",
      ["transaction"],
    ],
  ],
  badHex: [
    [
      "a flag that is not 1",
      whole.replace("020000000001", "020000000002"),
      "invalid_value",
      ["transaction"],
      5,
    ],
    [
      "a flag for witnesses that are all empty",
      `${parts.version}0001${parts.inputs}${parts.outputs}0000${parts.lockTime}`,
      "non_canonical",
      ["transaction"],
      4,
    ],
    [
      "a flag and neither inputs nor outputs",
      "01000000" + "0001" + "0000" + "00000000",
      "non_canonical",
      ["transaction"],
      4,
    ],
    [
      "more inputs than there are bytes",
      `01000000${"fe00000001"}${hash}`,
      "short_read",
      ["transaction", "inputs"],
      4,
    ],
    [
      "33,554,433 inputs",
      `01000000${"fe01000002"}${hash}`,
      "too_long",
      ["transaction", "inputs"],
      4,
    ],
    [
      "a script beyond the end",
      `01000000${"01"}${hash}${"00000000"}fe00000002${"51".repeat(10)}`,
      "short_read",
      ["transaction", "inputs", 0],
      46,
    ],
    [
      "a count of inputs in a longer form",
      `01000000fd0100${hash}${"00000000"}00${"ffffffff"}00${"00000000"}`,
      "non_canonical",
      ["transaction", "inputs"],
      4,
    ],
  ],
});

// BIP 143 does not state the ids of its transaction: they were computed with Python's hashlib.
describe("tx, as it was published", () => {
  test.each([
    [
      "the first payment from one person to another, in block 170",
      "0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd37040000000048473044" +
        "02204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de" +
        "4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62" +
        "fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7" +
        "303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc" +
        "1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643" +
        "f656b412a3ac00000000",
      "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
      "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
      [[72, 0]],
      [
        [1_000_000_000n, 67],
        [4_000_000_000n, 67],
      ],
    ],
    [
      "BIP 143, native P2WPKH",
      "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f000000004948" +
        "30450221008b9d1dc26ba6a9cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b194b" +
        "a3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc618ef3ed01eeffffffef51e1b804cc89d182d27965" +
        "5c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280" +
        "b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d5" +
        "0ce2f0167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366" +
        "d7f01cc44a0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee0121025476" +
        "c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000",
      "e8151a2af31c368a35053ddd4bdb285a8595c769a3ad83e0fa02314a602d4609",
      "c36c38370907df2324d9ce9d149d191192f338b37665a82e78e76a12c909b762",
      [
        [73, 0],
        [0, 2],
      ],
      [
        [112_340_000n, 25],
        [223_450_000n, 25],
      ],
    ],
  ] as const)("%s", (_source, hex, txid, wtxid, inputs, outputs) => {
    const message = bitcoinMessages.decode("tx", fromHex(hex));
    if (message.type !== "tx") throw new Error("it is no tx", { cause: message });
    const { transaction } = message;
    expect(formatHash(txidOf(transaction))).toBe(txid);
    expect(formatHash(wtxidOf(transaction))).toBe(wtxid);
    expect(
      transaction.inputs.map((input) => [input.scriptSig.length, input.witness.length]),
    ).toEqual(inputs);
    expect(transaction.outputs.map((output) => [output.value, output.scriptPubKey.length])).toEqual(
      outputs,
    );
    expect(toHex(bitcoinMessages.encode(message))).toBe(hex);
  });
});
