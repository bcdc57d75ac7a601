import { decode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  fromHex,
  onionMessage,
  type OnionmsgTlv,
  onionmsgTlv,
  toHex,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

const pathKey = `02a1${"a2".repeat(30)}a3`;
const onionKey = `03b1${"b2".repeat(30)}b3`;
const payloads = "c1c2c3c4c5";
const hmac = `d1${"d2".repeat(30)}d3`;

const value = {
  type: "onion_message",
  pathKey: fromHex(pathKey),
  onionMessagePacket: {
    version: 0,
    publicKey: fromHex(onionKey),
    hopPayloads: fromHex(payloads),
    hmac: fromHex(hmac),
  },
} as const;
const packet = value.onionMessagePacket;

describeMessage({
  codec: onionMessage,
  id: 513,
  value,
  fields: { pathKey, onionMessagePacket: `0047${"00"}${onionKey}${payloads}${hmac}` }, // 71 bytes
  more: [
    [
      "with the shortest packet, of 66 bytes",
      { ...value, onionMessagePacket: { ...packet, hopPayloads: fromHex("") } },
      `0201${pathKey}0042${"00"}${onionKey}${hmac}`,
    ],
    [
      "with a packet of 1366 bytes",
      { ...value, onionMessagePacket: { ...packet, hopPayloads: new Uint8Array(1300).fill(1) } },
      `0201${pathKey}0556${"00"}${onionKey}${"01".repeat(1300)}${hmac}`,
    ],
    [
      "with a packet of 32834 bytes",
      { ...value, onionMessagePacket: { ...packet, hopPayloads: new Uint8Array(32768).fill(2) } },
      `0201${pathKey}8042${"00"}${onionKey}${"02".repeat(32768)}${hmac}`,
    ],
    // At fault is who made the onion, not who brings it.
    [
      "with a packet of an unknown version and a key that is no point",
      {
        ...value,
        onionMessagePacket: { ...packet, version: 255, publicKey: new Uint8Array(33).fill(4) },
      },
      `0201${pathKey}0047ff${"04".repeat(33)}${payloads}${hmac}`,
    ],
  ],
  badValues: [
    [
      "a path key that starts with 4",
      { pathKey: new Uint8Array(33).fill(4) },
      "invalid_value",
      ["pathKey"],
    ],
    [
      "a path key of 34 bytes",
      { pathKey: new Uint8Array(34).fill(2) },
      "wrong_length",
      ["pathKey"],
    ],
    [
      "a version beyond 8 bits",
      { onionMessagePacket: { ...packet, version: 256 } },
      "out_of_range",
      ["onionMessagePacket", "version"],
    ],
    [
      "an onion's key of 32 bytes",
      { onionMessagePacket: { ...packet, publicKey: new Uint8Array(32) } },
      "wrong_length",
      ["onionMessagePacket", "publicKey"],
    ],
    [
      "an HMAC of 33 bytes",
      { onionMessagePacket: { ...packet, hmac: new Uint8Array(33) } },
      "wrong_length",
      ["onionMessagePacket", "hmac"],
    ],
    [
      "payloads that are text",
      { onionMessagePacket: { ...packet, hopPayloads: payloads } },
      "invalid_value",
      ["onionMessagePacket", "hopPayloads"],
    ],
    [
      "a packet longer than its length can say",
      { onionMessagePacket: { ...packet, hopPayloads: new Uint8Array(65536 - 66) } },
      "too_long",
      ["onionMessagePacket"],
    ],
    [
      "a packet one byte longer than fits a message",
      { onionMessagePacket: { ...packet, hopPayloads: new Uint8Array(65499 - 66) } },
      "too_long",
      [],
    ],
  ],
  badHex: [
    [
      "a path key that starts with 0",
      `0201${"00".repeat(33)}0000`,
      "invalid_value",
      ["pathKey"],
      2,
    ],
    [
      "a packet without bytes",
      `0201${pathKey}0000`,
      "short_read",
      ["onionMessagePacket", "version"],
      37,
    ],
    [
      "a packet that ends in its key",
      `0201${pathKey}0021${"00"}${onionKey}`,
      "short_read",
      ["onionMessagePacket", "publicKey"],
      38,
    ],
    [
      "a packet of 65 bytes",
      `0201${pathKey}0041${"00"}${onionKey}${hmac}`,
      "short_read",
      ["onionMessagePacket", "hmac"],
      71,
    ],
    [
      "a packet shorter than announced",
      `0201${pathKey}0043${"00"}${onionKey}${hmac}`,
      "short_read",
      ["onionMessagePacket"],
      37,
    ],
    ["a length of one byte", `0201${pathKey}00`, "short_read", ["onionMessagePacket"], 35],
  ],
});

test("the longest onion message goes both ways: a packet of 65498 bytes", () => {
  const hopPayloads = new Uint8Array(65498 - 66).fill(3);
  const message = { ...value, onionMessagePacket: { ...packet, hopPayloads } };
  const frame = encodeMessage(message);
  expect(frame.length).toBe(65535);
  expect(decodeMessage(frame)).toStrictEqual(message);
});

describe("what a layer of an onion message holds", () => {
  const replyPath = {
    firstNodeId: { type: "sciddir", direction: 1, shortChannelId: 0x0102030405060708n },
    firstPathKey: fromHex(pathKey),
    path: [{ blindedNodeId: fromHex(onionKey), encryptedRecipientData: fromHex("e1e2") }],
  } as const;
  // 9 + 33 + 1 + 33 + 2 + 2 bytes
  const replyPathHex = `0250${"010102030405060708"}${pathKey}01${onionKey}0002e1e2`;

  test.each<readonly [hex: string, layer: OnionmsgTlv]>([
    ["", {}],
    [replyPathHex, { replyPath }],
    ["0402abcd", { encryptedRecipientData: fromHex("abcd") }],
    ["4003414243", { invoiceRequest: fromHex("414243") }],
    ["4201ff", { invoice: fromHex("ff") }],
    ["44020102", { invoiceError: fromHex("0102") }],
    [
      "0400" + "4000" + "4200" + "4400",
      {
        encryptedRecipientData: fromHex(""),
        invoiceRequest: fromHex(""),
        invoice: fromHex(""),
        invoiceError: fromHex(""),
      },
    ],
    [
      `0101aa${replyPathHex}0402abcd4101bb`,
      {
        replyPath,
        encryptedRecipientData: fromHex("abcd"),
        unknown: [
          { type: 1n, value: fromHex("aa") },
          { type: 65n, value: fromHex("bb") },
        ],
      },
    ],
  ])("0x%s goes both ways", (hex, layer) => {
    expect(decode(onionmsgTlv, fromHex(hex))).toStrictEqual(layer);
    expect(toHex(encode(onionmsgTlv, layer))).toBe(hex);
  });

  test.each([
    ["a reply path without bytes", "0200", "short_read", ["replyPath", "firstNodeId"], 2],
    [
      "a byte behind the reply path",
      `0251${replyPathHex.slice(4)}00`,
      "trailing_bytes",
      ["replyPath"],
      82,
    ],
    [
      "a reply path whose hop is cut",
      `024f${replyPathHex.slice(4, -2)}`,
      "short_read",
      ["replyPath", "path", 0, "encryptedRecipientData"],
      80,
    ],
    ["data beyond the end", "0403abcd", "short_read", [], 2],
    ["an invoice before its request", "420041004000", "out_of_order", [], 2],
    ["an unknown even record", "4600", "unknown_required", [], 0],
  ] as const)("%s is refused", (_what, hex, code, path, offset) => {
    const error = thrown(() => decode(onionmsgTlv, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
  });
});
