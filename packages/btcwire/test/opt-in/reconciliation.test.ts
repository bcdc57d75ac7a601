import { expect, expectTypeOf, test } from "vitest";
import {
  bitcoinMessages,
  fromHex,
  handshakeMessages,
  type HandshakeMessage,
  type MessageSet,
  messageSet,
} from "../../src/index.ts";
import {
  reconcildiff,
  type ReconciliationMessage,
  reconciliationMessages,
  reconciliationPrecision,
  reqrecon,
  reqsketchext,
  sendtxrcncl,
  sketch,
} from "../../src/opt-in/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { describeMessage } from "../support/describe-message.ts";

const set = messageSet([...handshakeMessages, ...reconciliationMessages]);

describeMessage({
  set,
  codec: sendtxrcncl,
  command: "sendtxrcncl",
  value: { type: "sendtxrcncl", version: 1, salt: 0x0102_0304_0506_0708n },
  fields: { version: "01000000", salt: "0807060504030201" },
  more: [
    [
      "a version to come",
      { type: "sendtxrcncl", version: 2 ** 32 - 1, salt: 0n },
      "ffffffff0000000000000000",
    ],
  ],
  badValues: [
    ...badFields({ version: "u32", salt: "u64" }),
    ["version 0", { version: 0 }, "invalid_value", ["version"]],
  ],
  badHex: [["version 0", "000000000000000000000000", "invalid_value", ["version"], 0]],
});

describeMessage({
  set,
  codec: reqrecon,
  command: "reqrecon",
  value: { type: "reqrecon", setSize: 258, q: 32_767 },
  fields: { setSize: "0201", q: "ff7f" },
  more: [["the most", { type: "reqrecon", setSize: 65_535, q: 65_535 }, "ffffffff"]],
  badValues: badFields({ setSize: "u16", q: "u16" }),
  badHex: [],
});

const longest = 4 * 131_070;

describeMessage({
  set,
  codec: sketch,
  command: "sketch",
  value: { type: "sketch", skdata: fromHex("0102030405060708") },
  fields: { skdata: "08" + "0102030405060708" },
  more: [
    ["no element", { type: "sketch", skdata: fromHex("") }, "00"],
    [
      "131,070 elements",
      { type: "sketch", skdata: new Uint8Array(longest).fill(9) },
      `fef8ff0700${"09".repeat(longest)}`,
    ],
  ],
  badValues: [
    ...badFields({ skdata: "bytes" }),
    ["one byte", { skdata: fromHex("01") }, "invalid_value", ["skdata"]],
    ["7 bytes", { skdata: new Uint8Array(7) }, "invalid_value", ["skdata"]],
    ["131,071 elements", { skdata: new Uint8Array(longest + 4) }, "too_long", ["skdata"]],
  ],
  badHex: [
    ["one byte", "01aa", "invalid_value", ["skdata"], 0],
    ["6 bytes", "06aabbccddeeff", "invalid_value", ["skdata"], 0],
    ["131,071 elements", "fefcff0700", "too_long", ["skdata"], 0],
    ["elements that are not there", "0801020304", "short_read", ["skdata"], 1],
  ],
});

describeMessage({
  set,
  codec: reqsketchext,
  command: "reqsketchext",
  value: { type: "reqsketchext" },
  fields: {},
  badValues: [],
  badHex: [],
});

const shortids = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describeMessage({
  set,
  codec: reconcildiff,
  command: "reconcildiff",
  value: { type: "reconcildiff", success: true, askShortids: [1, 0xffff_ffff] },
  fields: { success: "01", askShortids: "02" + "01000000" + "ffffffff" },
  more: [["a failure", { type: "reconcildiff", success: false, askShortids: [] }, "0000"]],
  badValues: [
    ...badFields({ success: "bool" }),
    ["a short id of 33 bits", { askShortids: [2 ** 32] }, "out_of_range", ["askShortids", 0]],
    ["131,071 short ids", { askShortids: shortids(131_071) }, "too_long", ["askShortids"]],
  ],
  badHex: [
    ["a 2 for the boolean", "0200", "invalid_value", ["success"], 0],
    ["131,071 short ids", "01feffff0100", "too_long", ["askShortids"], 1],
    ["131,070 short ids that are not there", "01fefeff0100", "short_read", ["askShortids"], 6],
    ["a short id cut", "0101ffffff", "short_read", ["askShortids", 0], 2],
  ],
});

test("131,070 short ids fit one message", () => {
  const most = { type: "reconcildiff", success: true, askShortids: shortids(131_070) } as const;
  const payload = set.encode(most);
  expect(payload.length).toBe(1 + 5 + 4 * 131_070);
  expect(set.decode("reconcildiff", payload)).toStrictEqual(most);
});

test("q is a part of 32,767", () => {
  expect(reconciliationPrecision).toBe(2 ** 15 - 1);
});

test("the list is a list for sets, and none of it is in the default one", () => {
  expectTypeOf(set).toEqualTypeOf<MessageSet<HandshakeMessage | ReconciliationMessage>>();
  for (const { command } of reconciliationMessages) {
    expect(bitcoinMessages.decode(command, fromHex("")).type).toBe("unknown");
  }
  expect(messageSet([...bitcoinMessages.codecs, ...reconciliationMessages]).codecs).toHaveLength(
    bitcoinMessages.codecs.length + 5,
  );
});
