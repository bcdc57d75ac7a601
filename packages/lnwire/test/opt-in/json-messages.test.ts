import { describe, expect, test } from "vitest";
import { DecodeError } from "@satwire/codec";
import {
  commandoMessages,
  commandoMsgCmdContinues,
  commandoMsgCmdTerm,
  commandoMsgReplyContinues,
  commandoMsgReplyTerm,
  jsonText,
  lsps0,
  lsps0Messages,
} from "../../src/opt-in/index.ts";
import { fromHex, lightningMessages, messageSet, toHex } from "../../src/index.ts";
import { describeOptIn } from "../support/describe-opt-in.ts";
import { thrown } from "../support/thrown.ts";

const id = "0102030405060708";
const json = "7b7d"; // {}

const tooMuch = [
  ["more than a message holds", { json: new Uint8Array(65535 - 2 - 8 + 1) }, "too_long", []],
  ["an id above 64 bits", { id: 1n << 64n }, "out_of_range", ["id"]],
  ["an id below zero", { id: -1n }, "out_of_range", ["id"]],
  ["JSON that is text", { json: "{}" }, "invalid_value", ["json"]],
] as const;

describeOptIn({
  codec: commandoMsgCmdContinues,
  id: 0x4c4d,
  name: "commando_msg_cmd_continues",
  value: {
    type: "commando_msg_cmd_continues",
    id: 0x0102030405060708n,
    json: fromHex(json),
  },
  fields: { id, json },
  records: {},
  openEnd: true,
  more: [
    [
      "with bytes that are no text",
      { type: "commando_msg_cmd_continues", id: 2n ** 64n - 1n, json: fromHex("c9ffc3") },
      "4c4dffffffffffffffffc9ffc3",
    ],
  ],
  badValues: tooMuch,
  badRecords: [],
});

describeOptIn({
  codec: commandoMsgCmdTerm,
  id: 0x4c4f,
  name: "commando_msg_cmd_term",
  value: { type: "commando_msg_cmd_term", id: 0x0102030405060708n, json: fromHex(json) },
  fields: { id, json },
  records: {},
  openEnd: true,
  more: [
    [
      "without JSON",
      { type: "commando_msg_cmd_term", id: 0n, json: fromHex("") },
      "4c4f0000000000000000",
    ],
  ],
  badValues: tooMuch,
  badRecords: [],
});

describeOptIn({
  codec: commandoMsgReplyContinues,
  id: 0x594b,
  name: "commando_msg_reply_continues",
  value: {
    type: "commando_msg_reply_continues",
    id: 0x0102030405060708n,
    json: fromHex(json),
  },
  fields: { id, json },
  records: {},
  openEnd: true,
  badValues: tooMuch,
  badRecords: [],
});

describeOptIn({
  codec: commandoMsgReplyTerm,
  id: 0x594d,
  name: "commando_msg_reply_term",
  value: { type: "commando_msg_reply_term", id: 0x0102030405060708n, json: fromHex(json) },
  fields: { id, json },
  records: {},
  openEnd: true,
  badValues: tooMuch,
  badRecords: [],
});

describeOptIn({
  codec: lsps0,
  id: 37913,
  name: "lsps0",
  value: { type: "lsps0", payload: fromHex(json) },
  fields: { payload: json },
  records: {},
  openEnd: true,
  more: [
    ["with bytes that are no text", { type: "lsps0", payload: fromHex("ca012a") }, "9419ca012a"],
    ["without a payload", { type: "lsps0", payload: fromHex("") }, "9419"],
  ],
  badValues: [
    ["more than a message holds", { payload: new Uint8Array(65534) }, "too_long", []],
    ["a payload that is text", { payload: "{}" }, "invalid_value", ["payload"]],
  ],
  badRecords: [],
});

test("both chapters have their messages, and they fit the default set", () => {
  expect(commandoMessages.map(({ id: number }) => number)).toEqual([19533, 19535, 22859, 22861]);
  expect(lsps0Messages.map(({ id: number }) => number)).toEqual([37913]);
  const all = messageSet([...lightningMessages.codecs, ...commandoMessages, ...lsps0Messages]);
  expect(all.codecs).toHaveLength(lightningMessages.codecs.length + 5);
});

test("the longest piece goes both ways", () => {
  const set = messageSet(lsps0Messages);
  const frame = set.encode({ type: "lsps0", payload: new Uint8Array(65533).fill(0x20) });
  expect(frame.length).toBe(65535);
  expect(toHex(set.encode(set.decode(frame)))).toBe(toHex(frame));
});

describe("jsonText", () => {
  test("is the text of a message", () => {
    const message = messageSet([lsps0]).decode(fromHex("9419" + "7b22c3a9223a317d"));
    if (message.type !== "lsps0") throw new Error(message.type);
    expect(JSON.parse(jsonText(message.payload))).toEqual({ é: 1 });
  });

  test("is the text of pieces that are cut inside a character", () => {
    expect(jsonText(fromHex("22e2"), fromHex("82"), fromHex(""), fromHex("ac22"))).toBe('"€"');
  });

  test("is empty for nothing", () => {
    expect(jsonText()).toBe("");
    expect(jsonText(fromHex(""))).toBe("");
  });

  test("keeps a byte order mark, for JSON.parse to refuse", () => {
    expect(jsonText(fromHex("efbbbf7b7d"))).toBe("\ufeff{}");
  });

  test.each([
    ["a lone byte", ["80"]],
    ["a character cut at the end", ["22e282"]],
    ["a surrogate", ["eda080"]],
    ["a longer form", ["c0af"]],
    ["pieces in the wrong order", ["82", "22e2", "ac22"]],
  ])("refuses %s", (_what, pieces) => {
    const error = thrown(() => jsonText(...pieces.map(fromHex)));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ code: "invalid_value", offset: 0, path: [] });
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});
