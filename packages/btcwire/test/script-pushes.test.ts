import { fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { paysToPublicKeys, scriptPushes } from "../src/filter/script-pushes.ts";

const pushes = (hex: string): string[] => Array.from(scriptPushes(fromHex(hex)), toHex);

describe("what a script pushes", () => {
  test.each([
    ["nothing", "", []],
    ["bytes behind their length", "03aabbcc", ["aabbcc"]],
    ["between other operations", "76a9020102030a0b0c88ac", ["0102", "0a0b0c"]],
    ["behind a length of one byte", "4c02aabb01cc", ["aabb", "cc"]],
    ["behind a length of two bytes", "4d0200aabb01cc", ["aabb", "cc"]],
    ["behind a length of four bytes", "4e02000000aabb01cc", ["aabb", "cc"]],
    ["75 bytes, the longest direct push", `4b${"11".repeat(75)}51`, ["11".repeat(75)]],
    ["256 bytes", `4d0001${"22".repeat(256)}`, ["22".repeat(256)]],
    ["no empty strings, no numbers of opcodes", "004c004d00004f51600101", ["01"]],
    ["only what is whole", "01aa02bb", ["aa"]],
    ["nothing from a cut length", "01aa4c", ["aa"]],
    ["nothing from a cut length of two", "01aa4d01", ["aa"]],
    ["nothing from a cut length of four", "01aa4e010000", ["aa"]],
    ["nothing from a length beyond the end", "01aa4effffffff00", ["aa"]],
  ])("%s", (_what, hex, expected) => {
    expect(pushes(hex)).toEqual(expected);
  });
});

const short = `02${"11".repeat(32)}`;
const long = `04${"22".repeat(64)}`;
const multisig = (required: string, keys: readonly string[], count: string): string =>
  `${required}${keys.map((key) => (key.length === 66 ? "21" : "41") + key).join("")}${count}ae`;
const sixteen = Array.from({ length: 16 }, () => short);

describe("a script that pays to public keys", () => {
  test.each([
    ["a short key", `21${short}ac`],
    ["another short key", `2103${"11".repeat(32)}ac`],
    ["a long key", `41${long}ac`],
    ["a hybrid key", `4106${"22".repeat(64)}ac`],
    ["another hybrid key", `4107${"22".repeat(64)}ac`],
    ["1 of 1", multisig("51", [short], "51")],
    ["2 of 3", multisig("52", [short, long, short], "53")],
    ["16 of 16", multisig("60", sixteen, "60")],
    ["1 of 17", multisig("51", [...sixteen, short], "0111")],
    ["20 of 20", multisig("0114", [...sixteen, long, long, long, long], "0114")],
  ])("%s", (_what, hex) => {
    expect(paysToPublicKeys(fromHex(hex))).toBe(true);
  });

  test.each([
    ["an empty script", ""],
    ["a hash", `76a914${"11".repeat(20)}88ac`],
    ["a script's hash", `a914${"11".repeat(20)}87`],
    ["a key of another kind", `2105${"11".repeat(32)}ac`],
    ["a short key with the mark of a long one", `2104${"11".repeat(32)}ac`],
    ["a long key with the mark of a short one", `4102${"11".repeat(64)}ac`],
    ["a key that is pushed in a longer way", `4c21${short}ac`],
    ["two keys", `21${short}21${short}ac`],
    ["a key without an operation", `21${short}`],
    ["an operation without a key", "ac"],
    ["0 of 1", multisig("00", [short], "51")],
    ["2 of 1", multisig("52", [short], "51")],
    ["1 of 2 with one key", multisig("51", [short], "52")],
    ["1 of 1 with two keys", multisig("51", [short, short], "51")],
    ["1 of 0", multisig("51", [], "00")],
    ["21 of 21", multisig("0115", [...sixteen, ...sixteen.slice(0, 5)], "0115")],
    ["1 of 21", multisig("51", [...sixteen, ...sixteen.slice(0, 5)], "0115")],
    ["a number in a longer form", multisig("0101", [short], "51")],
    ["a number of keys in a longer form", multisig("51", sixteen, "0110")],
    ["a key of another kind among several", multisig("51", [short, `05${"11".repeat(32)}`], "52")],
    ["something behind the number", `5121${short}5161ae`],
    ["nothing behind the keys", `5121${short}ae`],
    ["nothing at all", "ae"],
  ])("is not %s", (_what, hex) => {
    expect(paysToPublicKeys(fromHex(hex))).toBe(false);
  });
});
