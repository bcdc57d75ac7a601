import { describe, expect, test } from "vitest";
import {
  bitcoinMessages,
  equalBytes,
  fromHex,
  getdata,
  type Inv,
  inv,
  type InventoryItem,
  inventoryType,
  mempool,
  type MessageCodec,
  notfound,
  witnessFlag,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

const hash = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const item = (type: number): InventoryItem => ({ type, hash: fromHex(hash) });
const items = (count: number): InventoryItem[] => {
  const one = item(1);
  return Array.from({ length: count }, () => one);
};

/** Every type that somebody has defined, and some that mean nothing yet, with the hex of the number. */
const types: readonly (readonly [number, string])[] = [
  [inventoryType.error, "00000000"],
  [inventoryType.tx, "01000000"],
  [inventoryType.block, "02000000"],
  [inventoryType.filteredBlock, "03000000"],
  [inventoryType.compactBlock, "04000000"],
  [inventoryType.wtx, "05000000"],
  [inventoryType.packageTransactions, "06000000"],
  [inventoryType.ancestorPackage, "07000000"],
  [inventoryType.witnessTx, "01000040"],
  [inventoryType.witnessBlock, "02000040"],
  [inventoryType.filteredBlock + witnessFlag, "03000040"],
  [8, "08000000"],
  [0x8000_0001, "01000080"],
  [0xffff_ffff, "ffffffff"],
];

for (const [original, name, shortId] of [
  [inv, "inv", 14],
  [getdata, "getdata", 11],
  [notfound, "notfound", 17],
] as const) {
  // They differ in their commands only.
  const codec = original as unknown as MessageCodec<Inv>;
  const command = name as "inv";
  describeMessage({
    codec,
    command,
    shortId,
    value: { type: command, inventory: [item(1), { type: 2, hash: fromHex("ee".repeat(32)) }] },
    fields: { inventory: `02${"01000000"}${hash}${"02000000"}${"ee".repeat(32)}` },
    more: [
      ["without an item", { type: command, inventory: [] }, "00"],
      [
        "with an item of each type, known or not",
        { type: command, inventory: types.map(([type]) => item(type)) },
        `0e${types.map(([, hex]) => hex + hash).join("")}`,
      ],
      [
        "with 253 items, the first count of three bytes",
        { type: command, inventory: items(253) },
        `fdfd00${`01000000${hash}`.repeat(253)}`,
      ],
    ],
    badValues: [
      ["50,001 items", { inventory: items(50_001) }, "too_long", ["inventory"]],
      [
        "a type of 33 bits",
        { inventory: [item(2 ** 32)] },
        "out_of_range",
        ["inventory", 0, "type"],
      ],
      ["a negative type", { inventory: [item(-1)] }, "out_of_range", ["inventory", 0, "type"]],
      [
        "a hash of 31 bytes",
        { inventory: [item(1), { type: 1, hash: new Uint8Array(31) }] },
        "wrong_length",
        ["inventory", 1, "hash"],
      ],
      [
        "an item without a hash",
        { inventory: [{ type: 1 }] },
        "missing_field",
        ["inventory", 0, "hash"],
      ],
      ["an item that is null", { inventory: [null] }, "invalid_value", ["inventory"]],
      ["a list that is null", { inventory: null }, "invalid_value", ["inventory"]],
    ],
    badHex: [
      ["50,001 items, and none there", "fd51c3", "too_long", ["inventory"], 0],
      ["33,554,433 items", "fe01000002", "too_long", ["inventory"], 0],
      ["2 ** 32 items", "ff0000000001000000", "too_long", ["inventory"], 0],
      ["50,000 items, and none there", "fd50c3", "short_read", ["inventory"], 3],
      [
        "50,000 items, and 50,000 bytes",
        `fd50c3${"00".repeat(50_000)}`,
        "short_read",
        ["inventory", 1388, "hash"],
        3 + 1388 * 36 + 4,
      ],
      [
        "a count in a longer form",
        `fe01000000${"01000000"}${hash}`,
        "non_canonical",
        ["inventory"],
        0,
      ],
      [
        "a hash of 31 bytes",
        `01${"01000000"}${hash.slice(2)}`,
        "short_read",
        ["inventory", 0, "hash"],
        5,
      ],
    ],
  });
}

describe.each(["inv", "getdata", "notfound"] as const)("%s", (command) => {
  test("goes both ways with 50,000 items, and with no more", () => {
    const inventory = Array.from({ length: 50_000 }, (_, i) => {
      const id = new Uint8Array(32);
      new DataView(id.buffer).setUint32(0, i);
      return { type: 1 + (i % 5), hash: id };
    });
    const payload = bitcoinMessages.encode({ type: command, inventory });
    expect(payload).toHaveLength(3 + 50_000 * 36);
    const found = bitcoinMessages.decode(command, payload) as unknown as {
      readonly inventory: readonly InventoryItem[];
    };
    expect(found.inventory).toHaveLength(50_000);
    for (const at of [0, 1, 252, 253, 25_000, 49_999]) {
      expect(found.inventory[at]).toStrictEqual(inventory[at]);
    }
    // A matcher takes seconds for as many bytes.
    const again = bitcoinMessages.encode({ type: command, inventory: found.inventory });
    expect(equalBytes(again, payload)).toBe(true);

    const longer = new Uint8Array(3 + 50_001 * 36);
    longer.set(fromHex("fd51c3"));
    longer.set(payload.subarray(3), 3);
    expect(thrown(() => bitcoinMessages.decode(command, longer))).toMatchObject({
      code: "too_long",
      path: [command, "inventory"],
      offset: 0,
    });
  });
});

test("the types of inventory are those of BIP 37, 144, 152, 331 and 339", () => {
  expect(inventoryType).toEqual({
    error: 0,
    tx: 1,
    block: 2,
    filteredBlock: 3,
    compactBlock: 4,
    wtx: 5,
    packageTransactions: 6,
    ancestorPackage: 7,
    witnessTx: 0x4000_0001,
    witnessBlock: 0x4000_0002,
  });
  expect(inventoryType.witnessTx).toBe(inventoryType.tx + witnessFlag);
  expect(inventoryType.witnessBlock).toBe(inventoryType.block + witnessFlag);
});

describeMessage({
  codec: mempool,
  command: "mempool",
  shortId: 15,
  value: { type: "mempool" },
  fields: {},
  badValues: [],
  badHex: [],
});

test("items inside a larger buffer are read from their place, with all 32 bits of their type", () => {
  const value = {
    type: "inv",
    inventory: [{ type: 0xffff_fffe, hash: new Uint8Array(32).fill(7) }],
  };
  const payload = bitcoinMessages.encode(value as Inv);
  const larger = new Uint8Array(payload.length + 9).fill(9);
  larger.set(payload, 5);
  const read = bitcoinMessages.decode("inv", larger.subarray(5, 5 + payload.length));
  expect(read).toStrictEqual(value);
});
