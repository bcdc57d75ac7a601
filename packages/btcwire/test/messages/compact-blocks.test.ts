import { expect, test } from "vitest";
import {
  bitcoinMessages,
  blocktxn,
  type CmpctBlock,
  cmpctblock,
  fromHex,
  getblocktxn,
  maxCompactTransactions,
  type PrefilledTransaction,
  sendcmpct,
  toHex,
} from "../../src/index.ts";
import { badFields } from "../support/bad-fields.ts";
import {
  emptyTx,
  emptyTxHex,
  hashHex,
  hashOf,
  header,
  headerHex,
  plainTx,
  plainTxHex,
  witnessTx,
  witnessTxHex,
} from "../support/block-values.ts";
import { describeMessage } from "../support/describe-message.ts";

describeMessage({
  codec: sendcmpct,
  command: "sendcmpct",
  shortId: 20,
  value: { type: "sendcmpct", announce: true, version: 2n },
  fields: { announce: "01", version: "0200000000000000" },
  more: [
    [
      "a version that nobody knows",
      { type: "sendcmpct", announce: false, version: 2n ** 64n - 1n },
      "00ffffffffffffffff",
    ],
  ],
  badValues: badFields({ announce: "bool", version: "u64" }),
  badHex: [
    ["a 2 for the boolean", "020200000000000000", "invalid_value", ["announce"], 0],
    ["a 255 for the boolean", "ff0200000000000000", "invalid_value", ["announce"], 0],
  ],
});

const nonceHex = "efcdab8967452301";
const nonce = 0x0123_4567_89ab_cdefn;
const emptyTxs = (...indexes: readonly number[]): PrefilledTransaction[] =>
  indexes.map((index) => ({ index, tx: emptyTx }));

describeMessage({
  codec: cmpctblock,
  command: "cmpctblock",
  shortId: 4,
  value: {
    type: "cmpctblock",
    header,
    nonce,
    shortids: [0x0605_0403_0201, 0],
    prefilledtxn: [
      { index: 0, tx: witnessTx },
      { index: 3, tx: plainTx },
    ],
  },
  fields: {
    header: headerHex,
    nonce: nonceHex,
    shortids: "02" + "010203040506" + "000000000000",
    prefilledtxn: `02${"00"}${witnessTxHex}${"02"}${plainTxHex}`,
  },
  more: [
    [
      "nothing in it",
      { type: "cmpctblock", header, nonce, shortids: [], prefilledtxn: [] },
      `${headerHex}${nonceHex}0000`,
    ],
    [
      "the highest short id, and places that follow each other",
      {
        type: "cmpctblock",
        header,
        nonce,
        shortids: [2 ** 48 - 1],
        prefilledtxn: emptyTxs(0, 1, 2),
      },
      `${headerHex}${nonceHex}01ffffffffffff03${`00${emptyTxHex}`.repeat(3)}`,
    ],
    [
      "the last place, in one step",
      { type: "cmpctblock", header, nonce, shortids: [], prefilledtxn: emptyTxs(65_535) },
      `${headerHex}${nonceHex}0001fdffff${emptyTxHex}`,
    ],
    [
      "the last place, in two steps",
      { type: "cmpctblock", header, nonce, shortids: [], prefilledtxn: emptyTxs(252, 65_535) },
      `${headerHex}${nonceHex}0002fc${emptyTxHex}fd02ff${emptyTxHex}`,
    ],
  ],
  badValues: [
    ...badFields({ nonce: "u64" }),
    ["a short id of 49 bits", { shortids: [1, 2 ** 48] }, "out_of_range", ["shortids", 1]],
    ["a short id below 0", { shortids: [-1] }, "out_of_range", ["shortids", 0]],
    ["half a short id", { shortids: [0.5] }, "out_of_range", ["shortids", 0]],
    ["a bigint as a short id", { shortids: [1n] }, "out_of_range", ["shortids", 0]],
    ["a place twice", { prefilledtxn: emptyTxs(4, 4) }, "out_of_order", ["prefilledtxn", 1]],
    ["descending places", { prefilledtxn: emptyTxs(4, 3) }, "out_of_order", ["prefilledtxn", 1]],
    ["a place below 0", { prefilledtxn: emptyTxs(-1) }, "out_of_order", ["prefilledtxn", 0]],
    ["half a place", { prefilledtxn: emptyTxs(0.5) }, "out_of_order", ["prefilledtxn", 0]],
    ["place 65536", { prefilledtxn: emptyTxs(65_536) }, "out_of_order", ["prefilledtxn", 0]],
    [
      "a transaction that is none",
      { prefilledtxn: [{ index: 0, tx: { ...emptyTx, lockTime: -1 } }] },
      "out_of_range",
      ["prefilledtxn", 0, "lockTime"],
    ],
    [
      "65,536 short ids",
      { shortids: Array.from({ length: 65_536 }, () => 0) },
      "too_long",
      ["shortids"],
    ],
    [
      "65,536 transactions together",
      { shortids: Array.from({ length: 65_535 }, () => 0), prefilledtxn: emptyTxs(0) },
      "invalid_value",
      [],
    ],
  ],
  badHex: [
    ["a short id of 5 bytes", `${headerHex}${nonceHex}010102030405`, "short_read", ["shortids", 0]],
    [
      "place 65536, in one step",
      `${headerHex}${nonceHex}0001fe00000100${emptyTxHex}`,
      "invalid_value",
      ["prefilledtxn", 0],
      90,
    ],
    [
      "place 65536, in two steps",
      `${headerHex}${nonceHex}0002fdffff${emptyTxHex}00${emptyTxHex}`,
      "invalid_value",
      ["prefilledtxn", 1],
      103,
    ],
    [
      "a step in a longer form",
      `${headerHex}${nonceHex}0001fd0100${emptyTxHex}`,
      "non_canonical",
      ["prefilledtxn", 0],
      90,
    ],
    [
      "65,536 short ids",
      `${headerHex}${nonceHex}fe00000100${"00".repeat(6 * 65_536)}00`,
      "too_long",
      ["shortids"],
      88,
    ],
    [
      "65,536 transactions together",
      `${headerHex}${nonceHex}fdffff${"00".repeat(6 * 65_535)}0100${emptyTxHex}`,
      "invalid_value",
      [],
    ],
    [
      "a transaction with a flag that is unknown",
      `${headerHex}${nonceHex}000100${"00000000"}0002`,
      "invalid_value",
      ["prefilledtxn", 0],
    ],
  ],
});

const askedHex = hashHex("5e");
const asked = hashOf("5e");
const everyIndex = Array.from({ length: 65_536 }, (_, i) => i);

describeMessage({
  codec: getblocktxn,
  command: "getblocktxn",
  shortId: 10,
  value: { type: "getblocktxn", blockhash: asked, indexes: [1, 2, 256, 65_535] },
  fields: { blockhash: askedHex, indexes: "04" + "01" + "00" + "fdfd00" + "fdfefe" },
  more: [
    ["no place", { type: "getblocktxn", blockhash: asked, indexes: [] }, `${askedHex}00`],
    [
      "the first and the last place",
      { type: "getblocktxn", blockhash: asked, indexes: [0, 65_535] },
      `${askedHex}0200fdfeff`,
    ],
    [
      "every place",
      { type: "getblocktxn", blockhash: asked, indexes: everyIndex },
      `${askedHex}fe00000100${"00".repeat(65_536)}`,
    ],
  ],
  badValues: [
    ...badFields({ blockhash: "hash" }),
    ["a place twice", { indexes: [0, 7, 7] }, "out_of_order", ["indexes", 2]],
    ["descending places", { indexes: [1, 0] }, "out_of_order", ["indexes", 1]],
    ["place 65536", { indexes: [65_536] }, "out_of_order", ["indexes", 0]],
    ["a text", { indexes: ["1"] }, "out_of_order", ["indexes", 0]],
    ["65,537 places", { indexes: [...everyIndex, 65_536] }, "too_long", ["indexes"]],
  ],
  badHex: [
    ["place 65536", `${askedHex}01fe00000100`, "invalid_value", ["indexes", 0], 33],
    ["place 65536 as a sum", `${askedHex}02fdfeff01`, "invalid_value", ["indexes", 1], 36],
    ["65,537 places", `${askedHex}fe01000100${"00".repeat(65_537)}`, "too_long", ["indexes"], 32],
    ["a step of 33 bits", `${askedHex}01ff${"01".repeat(8)}`, "too_long", ["indexes", 0], 33],
  ],
});

describeMessage({
  codec: blocktxn,
  command: "blocktxn",
  shortId: 3,
  value: { type: "blocktxn", blockhash: asked, transactions: [plainTx, witnessTx] },
  fields: { blockhash: askedHex, transactions: `02${plainTxHex}${witnessTxHex}` },
  more: [
    ["no transaction", { type: "blocktxn", blockhash: asked, transactions: [] }, `${askedHex}00`],
  ],
  badValues: [
    ...badFields({ blockhash: "hash" }),
    [
      "65,536 transactions",
      { transactions: Array.from({ length: 65_536 }, () => emptyTx) },
      "too_long",
      ["transactions"],
    ],
    [
      "outputs without inputs",
      { transactions: [plainTx, { ...plainTx, inputs: [] }] },
      "invalid_value",
      ["transactions", 1, "inputs"],
    ],
  ],
  badHex: [
    [
      "65,536 transactions",
      `${askedHex}fe00000100${"00".repeat(70_000)}`,
      "too_long",
      ["transactions"],
      32,
    ],
    [
      "the second transaction cut",
      `${askedHex}02${plainTxHex}${witnessTxHex.slice(0, -2)}`,
      "short_read",
      ["transactions", 1, "lockTime"],
    ],
    [
      "an input cut",
      `${askedHex}01${plainTxHex.slice(0, 20)}`,
      "short_read",
      ["transactions", 0, "inputs"],
    ],
  ],
});

test("65,535 transactions are as many as a compact block speaks of", () => {
  expect(maxCompactTransactions).toBe(65_535);
  const most: CmpctBlock = {
    type: "cmpctblock",
    header,
    nonce,
    shortids: Array.from({ length: 65_534 }, (_, i) => i * 2 ** 32 + i),
    prefilledtxn: emptyTxs(0),
  };
  const payload = bitcoinMessages.encode(most);
  expect(payload.length).toBe(80 + 8 + 3 + 6 * 65_534 + 1 + 1 + 10);
  expect(toHex(payload.subarray(88, 91 + 12))).toBe("fdfeff" + "000000000000" + "010000000100");
  expect(bitcoinMessages.decode("cmpctblock", payload)).toStrictEqual(most);
});

test("places start over with each message, also after one that was refused", () => {
  const bad = fromHex(`${askedHex}02fdfeff01`);
  expect(() => bitcoinMessages.decode("getblocktxn", bad)).toThrow("beyond the last transaction");
  for (let i = 0; i < 2; i++) {
    expect(bitcoinMessages.decode("getblocktxn", fromHex(`${askedHex}0105`))).toStrictEqual({
      type: "getblocktxn",
      blockhash: asked,
      indexes: [5],
    });
  }
});
