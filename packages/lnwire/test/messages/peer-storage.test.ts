import { expect, test } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  fromHex,
  peerStorage,
  peerStorageRetrieval,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";

const blob = "b10bb10b00ff";
const badBlobs = [
  ["one byte more than fits a message", { blob: new Uint8Array(65532) }, "too_long", []],
  ["more than fits its length", { blob: new Uint8Array(65536) }, "too_long", ["blob"]],
  ["a blob that is text", { blob: "b10b" }, "invalid_value", ["blob"]],
] as const;

describeMessage({
  codec: peerStorage,
  id: 7,
  value: { type: "peer_storage", blob: fromHex(blob) },
  fields: { blob: `0006${blob}` },
  more: [
    ["without bytes", { type: "peer_storage", blob: fromHex("") }, "0007" + "0000"],
    [
      "with a length that takes both bytes",
      { type: "peer_storage", blob: new Uint8Array(0x0201).fill(7) },
      `0007${"0201"}${"07".repeat(0x0201)}`,
    ],
  ],
  badValues: badBlobs,
  badHex: [
    ["a blob shorter than announced", `0007${"0007"}${blob}`, "short_read", ["blob"], 4],
    ["the longest length and no blob", "0007" + "ffff", "short_read", ["blob"], 4],
  ],
});

describeMessage({
  codec: peerStorageRetrieval,
  id: 9,
  value: { type: "peer_storage_retrieval", blob: fromHex(blob) },
  fields: { blob: `0006${blob}` },
  more: [
    ["without bytes", { type: "peer_storage_retrieval", blob: fromHex("") }, "0009" + "0000"],
    [
      "with a length that takes both bytes",
      { type: "peer_storage_retrieval", blob: new Uint8Array(0x0201).fill(9) },
      `0009${"0201"}${"09".repeat(0x0201)}`,
    ],
  ],
  badValues: badBlobs,
  badHex: [
    ["a blob shorter than announced", `0009${"0007"}${blob}`, "short_read", ["blob"], 4],
    ["a length of one byte", "0009" + "00", "short_read", ["blob"], 2],
  ],
});

test.each(["peer_storage", "peer_storage_retrieval"] as const)(
  "the longest %s goes both ways: 65531 bytes",
  (type) => {
    const message = { type, blob: new Uint8Array(65531).fill(1) };
    const frame = encodeMessage(message);
    expect(frame.length).toBe(65535);
    expect(decodeMessage(frame)).toStrictEqual(message);
  },
);
