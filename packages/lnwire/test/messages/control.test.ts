import { expect, test } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  error,
  fromHex,
  init,
  ping,
  pong,
  warning,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const mainnet = "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000";
const other = "11".repeat(32);
const channel = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

describeMessage({
  codec: init,
  id: 16,
  value: { type: "init", globalfeatures: fromHex("2200"), features: fromHex("08a2a1") },
  fields: { globalfeatures: "0002" + "2200", features: "0003" + "08a2a1" },
  more: [
    [
      "without features",
      { type: "init", globalfeatures: fromHex(""), features: fromHex("") },
      "0010" + "0000" + "0000",
    ],
    [
      "with two networks and an IPv4 address",
      {
        type: "init",
        globalfeatures: fromHex(""),
        features: fromHex("02"),
        networks: [fromHex(mainnet), fromHex(other)],
        remoteAddr: { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
      },
      `0010000000010201${"40"}${mainnet}${other}` + "0307" + "01" + "cb007105" + "2607",
    ],
    [
      "with an empty list of networks",
      { type: "init", globalfeatures: fromHex(""), features: fromHex(""), networks: [] },
      "001000000000" + "0100",
    ],
    [
      "with an address of an unknown type",
      {
        type: "init",
        globalfeatures: fromHex(""),
        features: fromHex(""),
        remoteAddr: { type: "opaque", data: fromHex("06abcd") },
      },
      "001000000000" + "0303" + "06abcd",
    ],
    [
      "with an unknown record between the known ones",
      {
        type: "init",
        globalfeatures: fromHex(""),
        features: fromHex(""),
        networks: [],
        unknown: [{ type: 5n, value: fromHex("ff") }],
      },
      "001000000000" + "0100" + "0501ff",
    ],
  ],
  badValues: [
    [
      "features longer than their length",
      { features: new Uint8Array(65536) },
      "too_long",
      ["features"],
    ],
    ["features that are a list", { features: [1] }, "invalid_value", ["features"]],
    ["a network of 31 bytes", { networks: [new Uint8Array(31)] }, "wrong_length", ["networks", 0]],
    [
      "an address of 5 bytes",
      { remoteAddr: { type: "ipv4", address: new Uint8Array(5), port: 1 } },
      "wrong_length",
      ["remoteAddr"],
    ],
    [
      "a known record among the unknown ones",
      { unknown: [{ type: 1n, value: fromHex("") }] },
      "invalid_value",
      ["unknown", 0],
    ],
    [
      "an even record among the unknown ones",
      {
        unknown: [
          { type: 7n, value: fromHex("") },
          { type: 202n, value: fromHex("") },
        ],
      },
      "invalid_value",
      ["unknown", 1],
    ],
    [
      "an unknown record given twice",
      {
        unknown: [
          { type: 7n, value: fromHex("") },
          { type: 7n, value: fromHex("") },
        ],
      },
      "out_of_order",
      [],
    ],
    [
      "a record type that is no bigint",
      { unknown: [{ type: 7, value: fromHex("") }] },
      "invalid_value",
      ["unknown", 0],
    ],
  ],
  badHex: [
    [
      "networks of 33 bytes",
      `001000000000${"0121"}${mainnet}00`,
      "short_read",
      ["networks", 1],
      40,
    ],
    ["an empty address", "001000000000" + "0300", "short_read", ["remoteAddr"]],
    [
      "a byte after the address",
      "001000000000" + "0308" + "01cb0071052607ff",
      "trailing_bytes",
      ["remoteAddr"],
    ],
    ["the address before the networks", "001000000000" + "030306abcd" + "0100", "out_of_order", []],
  ],
});

const text = "74656c6c"; // "tell"

describeMessage({
  codec: error,
  id: 17,
  value: { type: "error", channelId: fromHex(channel), data: fromHex(text) },
  fields: { channelId: channel, data: "0004" + text },
  more: [
    [
      "about every channel, without text",
      { type: "error", channelId: new Uint8Array(32), data: fromHex("") },
      `0011${"00".repeat(32)}0000`,
    ],
  ],
  badValues: [
    ["a channel id of 31 bytes", { channelId: new Uint8Array(31) }, "wrong_length", ["channelId"]],
    ["more text than fits a message", { data: new Uint8Array(65500) }, "too_long", []],
    ["more text than fits its length", { data: new Uint8Array(65536) }, "too_long", ["data"]],
  ],
  badHex: [
    ["text shorter than announced", `0011${channel}0005${text}`, "short_read", ["data"], 36],
  ],
});

describeMessage({
  codec: warning,
  id: 1,
  value: { type: "warning", channelId: fromHex(channel), data: fromHex(text) },
  fields: { channelId: channel, data: "0004" + text },
  badValues: [
    ["a channel id of 33 bytes", { channelId: new Uint8Array(33) }, "wrong_length", ["channelId"]],
    ["text that is no bytes", { data: "tell" }, "invalid_value", ["data"]],
  ],
  badHex: [
    ["text shorter than announced", `0001${channel}ffff${text}`, "short_read", ["data"], 36],
  ],
});

describeMessage({
  codec: ping,
  id: 18,
  value: { type: "ping", numPongBytes: 0x0102, ignored: fromHex("0000") },
  fields: { numPongBytes: "0102", ignored: "0002" + "0000" },
  more: [
    [
      "as cover traffic that wants no answer",
      { type: "ping", numPongBytes: 65535, ignored: fromHex("") },
      "0012" + "ffff" + "0000",
    ],
  ],
  badValues: [
    ["more pong bytes than 16 bits", { numPongBytes: 65536 }, "out_of_range", ["numPongBytes"]],
    ["a negative number", { numPongBytes: -1 }, "out_of_range", ["numPongBytes"]],
    ["a fraction", { numPongBytes: 1.5 }, "out_of_range", ["numPongBytes"]],
    ["one byte more than fits a message", { ignored: new Uint8Array(65530) }, "too_long", []],
  ],
  badHex: [
    ["padding shorter than announced", "0012" + "0000" + "0001", "short_read", ["ignored"], 6],
  ],
});

describeMessage({
  codec: pong,
  id: 19,
  value: { type: "pong", ignored: fromHex("000000") },
  fields: { ignored: "0003" + "000000" },
  more: [["without padding", { type: "pong", ignored: fromHex("") }, "0013" + "0000"]],
  badValues: [
    ["one byte more than fits a message", { ignored: new Uint8Array(65532) }, "too_long", []],
  ],
  badHex: [
    ["padding shorter than announced", "0013" + "0004" + "000000", "short_read", ["ignored"], 4],
  ],
});

test("the longest ping and pong go both ways", () => {
  const longest = [
    { type: "ping", numPongBytes: 65531, ignored: new Uint8Array(65529) },
    { type: "pong", ignored: new Uint8Array(65531) },
  ] as const;
  for (const message of longest) {
    const frame = encodeMessage(message);
    expect(frame.length).toBe(65535);
    expect(decodeMessage(frame)).toStrictEqual(message);
  }
});
