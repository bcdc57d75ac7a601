import { decode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  type BlindedPath,
  blindedPath,
  type EncryptedDataTlv,
  encryptedDataTlv,
  fromHex,
  type SciddirOrPubkey,
  sciddirOrPubkey,
  toHex,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const points = ["02a1", "03b1", "02c1", "03d1"].map((start) => `${start}${"e2".repeat(30)}e3`) as [
  string,
  string,
  string,
  string,
];

describe("sciddir_or_pubkey", () => {
  test.each<readonly [hex: string, value: SciddirOrPubkey]>([
    [points[0], { type: "pubkey", pubkey: fromHex(points[0]) }],
    [points[1], { type: "pubkey", pubkey: fromHex(points[1]) }],
    [
      "00" + "083a8400034d0001",
      { type: "sciddir", direction: 0, shortChannelId: 0x083a84_00034d_0001n },
    ],
    [
      "01" + "0102030405060708",
      { type: "sciddir", direction: 1, shortChannelId: 0x0102030405060708n },
    ],
    ["01" + "ffffffffffffffff", { type: "sciddir", direction: 1, shortChannelId: 2n ** 64n - 1n }],
  ])("0x%s goes both ways", (hex, value) => {
    expect(decode(sciddirOrPubkey, fromHex(hex))).toStrictEqual(value);
    expect(toHex(encode(sciddirOrPubkey, value))).toBe(hex);
  });

  test.each([
    ["nothing", "", "short_read", 0],
    ["a channel of 7 bytes", `00${"11".repeat(7)}`, "short_read", 1],
    ["a channel of 9 bytes", `01${"11".repeat(9)}`, "trailing_bytes", 9],
    ["a point of 32 bytes", `02${"11".repeat(31)}`, "short_read", 0],
    ["a point of 34 bytes", `03${"11".repeat(33)}`, "trailing_bytes", 33],
    ["a first byte of 4", `04${"11".repeat(32)}`, "invalid_value", 0],
    ["a first byte of 255", `ff${"11".repeat(8)}`, "invalid_value", 0],
  ] as const)("is not read from %s", (_what, hex, code, offset) => {
    const error = thrown(() => decode(sciddirOrPubkey, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code, offset });
  });

  test.each([
    ["a direction of 2", { type: "sciddir", direction: 2, shortChannelId: 1n }, "invalid_value"],
    ["a direction of -1", { type: "sciddir", direction: -1, shortChannelId: 1n }, "invalid_value"],
    ["no direction", { type: "sciddir", shortChannelId: 1n }, "invalid_value"],
    [
      "a channel beyond 64 bits",
      { type: "sciddir", direction: 0, shortChannelId: 2n ** 64n },
      "out_of_range",
    ],
    [
      "a channel that is a number",
      { type: "sciddir", direction: 0, shortChannelId: 1 },
      "invalid_value",
    ],
    ["a point of 32 bytes", { type: "pubkey", pubkey: new Uint8Array(32).fill(2) }, "wrong_length"],
    // Otherwise it would be read as a channel.
    [
      "a point that starts with 1",
      { type: "pubkey", pubkey: fromHex(`01${"11".repeat(32)}`) },
      "invalid_value",
    ],
    ["another type", { type: "alias" }, "invalid_value"],
  ])("is not written with %s", (_what, value, code) => {
    const error = thrown(() => encode(sciddirOrPubkey, value as unknown as SciddirOrPubkey));
    expect(error).toMatchObject({ name: "EncodeError", code });
  });
});

describe("blinded_path", () => {
  const path: BlindedPath = {
    firstNodeId: { type: "pubkey", pubkey: fromHex(points[0]) },
    firstPathKey: fromHex(points[1]),
    path: [
      { blindedNodeId: fromHex(points[2]), encryptedRecipientData: fromHex("f1f2f3") },
      { blindedNodeId: fromHex(points[3]), encryptedRecipientData: fromHex("") },
    ],
  };
  const start = points[0] + points[1]; // 66 bytes
  const hex = `${start}02${points[2]}0003f1f2f3${points[3]}0000`;
  const hop = { blindedNodeId: fromHex(points[2]), encryptedRecipientData: new Uint8Array(2) };

  test.each<readonly [what: string, value: BlindedPath, hex: string]>([
    ["of two hops", path, hex],
    [
      "that begins at a channel",
      {
        ...path,
        firstNodeId: { type: "sciddir", direction: 1, shortChannelId: 0x0102030405060708n },
      },
      `01${"0102030405060708"}${hex.slice(66)}`,
    ],
    ["without hops", { ...path, path: [] }, `${start}00`],
    [
      "of 255 hops",
      { ...path, path: Array.from({ length: 255 }, () => hop) },
      `${start}ff${`${points[2]}00020000`.repeat(255)}`,
    ],
    [
      "with data whose length takes both bytes",
      { ...path, path: [{ ...hop, encryptedRecipientData: new Uint8Array(0x0102) }] },
      `${start}01${points[2]}0102${"00".repeat(0x0102)}`,
    ],
  ])("%s goes both ways", (_what, value, bytes) => {
    expect(decode(blindedPath, fromHex(bytes))).toStrictEqual(value);
    expect(toHex(encode(blindedPath, value))).toBe(bytes);
  });

  test("cut at any byte, it is too short and names the field that is cut", () => {
    const ends = [
      [33, ["firstNodeId"]],
      [66, ["firstPathKey"]],
      [67, ["path"]],
    ] as const;
    for (let cut = 0; cut < hex.length / 2; cut++) {
      const error = thrown(() => decode(blindedPath, fromHex(hex.slice(0, 2 * cut))));
      const [, field] = ends.find(([end]) => cut < end) ?? [0, ["path"]];
      expect([error.code, error.path.slice(0, 1)]).toEqual(["short_read", field]);
    }
  });

  test.each([
    ["an unknown kind of first node", `04${hex.slice(2)}`, "invalid_value", ["firstNodeId"], 0],
    [
      "a path key that starts with 5",
      `${points[0]}05${"11".repeat(32)}00`,
      "invalid_value",
      ["firstPathKey"],
      33,
    ],
    // The count is checked first.
    ["more hops than bytes", `${start}ff${points[2]}0000`, "short_read", ["path"], 67],
    [
      "a hop less than announced",
      `${start}03${hex.slice(134)}`,
      "short_read",
      ["path", 2, "blindedNodeId"],
      67 + 38 + 35,
    ],
    ["a hop more than announced", `${start}01${hex.slice(134)}`, "trailing_bytes", [], 67 + 38],
    [
      "a node id that starts with 1",
      `${start}01${"01".repeat(33)}0000`,
      "invalid_value",
      ["path", 0, "blindedNodeId"],
      67,
    ],
    [
      "data beyond the end",
      `${start}01${points[2]}0003f1f2`,
      "short_read",
      ["path", 0, "encryptedRecipientData"],
      67 + 35,
    ],
  ] as const)("is not read with %s", (_what, bytes, code, place, offset) => {
    const error = thrown(() => decode(blindedPath, fromHex(bytes)));
    expect(error).toMatchObject({ name: "DecodeError", code, path: place, offset });
  });

  test.each([
    [
      "a first node that is neither",
      { firstNodeId: { type: "pubkey", pubkey: new Uint8Array(33) } },
      "invalid_value",
      ["firstNodeId"],
    ],
    [
      "a path key of 32 bytes",
      { firstPathKey: new Uint8Array(32).fill(2) },
      "wrong_length",
      ["firstPathKey"],
    ],
    ["256 hops", { path: Array.from({ length: 256 }, () => hop) }, "too_long", ["path"]],
    [
      "a node id of 34 bytes",
      { path: [hop, { ...hop, blindedNodeId: new Uint8Array(34).fill(2) }] },
      "wrong_length",
      ["path", 1, "blindedNodeId"],
    ],
    [
      "data longer than its length can say",
      { path: [{ ...hop, encryptedRecipientData: new Uint8Array(65536) }] },
      "too_long",
      ["path", 0, "encryptedRecipientData"],
    ],
    ["no hops at all", { path: undefined }, "missing_field", ["path"]],
  ])("is not written with %s", (_what, change, code, place) => {
    const error = thrown(() => encode(blindedPath, { ...path, ...change } as BlindedPath));
    expect(error).toMatchObject({ name: "EncodeError", code, path: place });
  });
});

describe("encrypted_data_tlv", () => {
  const paymentRelay = {
    cltvExpiryDelta: 0x0102,
    feeProportionalMillionths: 0x03040506,
    feeBaseMsat: 0x07,
  };
  const paymentConstraints = { maxCltvExpiry: 0x11121314, htlcMinimumMsat: 0x1516n };

  // In ascending order of type.
  const records = [
    ["0103000000", { padding: new Uint8Array(3) }],
    ["0208083a8400034d0001", { shortChannelId: 0x083a84_00034d_0001n }],
    [`0421${points[0]}`, { nextNodeId: fromHex(points[0]) }],
    ["0602dead", { pathId: fromHex("dead") }],
    [`0821${points[1]}`, { nextPathKeyOverride: fromHex(points[1]) }],
    ["0a070102" + "03040506" + "07", { paymentRelay }],
    ["0c0611121314" + "1516", { paymentConstraints }],
    ["0e020201", { allowedFeatures: fromHex("0201") }],
  ] as const;
  const all = records.reduce<EncryptedDataTlv>((sum, [, field]) => ({ ...sum, ...field }), {});

  test.each<readonly [hex: string, value: EncryptedDataTlv]>([
    ["", {}],
    ...records,
    [records.map(([hex]) => hex).join(""), all],
    [
      `${records[0][0]}${records[3][0]}fd00fd0101fdffff02abcd`,
      {
        padding: new Uint8Array(3),
        pathId: fromHex("dead"),
        unknown: [
          { type: 253n, value: fromHex("01") },
          { type: 65535n, value: fromHex("abcd") },
        ],
      },
    ],
    [
      "0100" + "0600" + "0e00",
      { padding: fromHex(""), pathId: fromHex(""), allowedFeatures: fromHex("") },
    ],
    // Truncated integers: zero takes no bytes.
    [
      "0a06ffff" + "00000000",
      { paymentRelay: { cltvExpiryDelta: 65535, feeProportionalMillionths: 0, feeBaseMsat: 0 } },
    ],
    [
      "0a0a0000" + "ffffffff" + "ffffffff",
      {
        paymentRelay: {
          cltvExpiryDelta: 0,
          feeProportionalMillionths: 0xffffffff,
          feeBaseMsat: 0xffffffff,
        },
      },
    ],
    ["0c04ffffffff", { paymentConstraints: { maxCltvExpiry: 0xffffffff, htlcMinimumMsat: 0n } }],
    [
      "0c0c00000000" + "ffffffffffffffff",
      { paymentConstraints: { maxCltvExpiry: 0, htlcMinimumMsat: 2n ** 64n - 1n } },
    ],
  ])("0x%s goes both ways", (hex, value) => {
    expect(decode(encryptedDataTlv, fromHex(hex))).toStrictEqual(value);
    expect(toHex(encode(encryptedDataTlv, value))).toBe(hex);
  });

  test.each([
    ["a channel of 7 bytes", `0207${"11".repeat(7)}`, "short_read", ["shortChannelId"], 2],
    ["a channel of 9 bytes", `0209${"11".repeat(9)}`, "trailing_bytes", ["shortChannelId"], 10],
    ["a next node of 32 bytes", `0420${"02".repeat(32)}`, "short_read", ["nextNodeId"], 2],
    ["a next node of 34 bytes", `0422${"02".repeat(34)}`, "trailing_bytes", ["nextNodeId"], 35],
    // As a `sciddir_or_pubkey` it would be a channel; the spec has a point here.
    ["a channel as next node", `0409${"00".repeat(9)}`, "short_read", ["nextNodeId"], 2],
    [
      "a next node that starts with 4",
      `0421${"04".repeat(33)}`,
      "invalid_value",
      ["nextNodeId"],
      2,
    ],
    ["a path key of 32 bytes", `0820${"02".repeat(32)}`, "short_read", ["nextPathKeyOverride"], 2],
    [
      "a path key of 34 bytes",
      `0822${"02".repeat(34)}`,
      "trailing_bytes",
      ["nextPathKeyOverride"],
      35,
    ],
    ["a relay of one byte", "0a0100", "short_read", ["paymentRelay", "cltvExpiryDelta"], 2],
    [
      "a relay of 5 bytes",
      "0a050000" + "000000",
      "short_read",
      ["paymentRelay", "feeProportionalMillionths"],
      4,
    ],
    [
      "a relay whose base fee starts with a zero",
      "0a080000" + "00000000" + "0001",
      "non_canonical",
      ["paymentRelay", "feeBaseMsat"],
      8,
    ],
    [
      "a relay whose base fee has 5 bytes",
      "0a0b0000" + "00000000" + "0100000000",
      "trailing_bytes",
      ["paymentRelay", "feeBaseMsat"],
      8,
    ],
    [
      "constraints of 3 bytes",
      "0c03000000",
      "short_read",
      ["paymentConstraints", "maxCltvExpiry"],
      2,
    ],
    [
      "constraints whose minimum starts with a zero",
      "0c0500000000" + "00",
      "non_canonical",
      ["paymentConstraints", "htlcMinimumMsat"],
      6,
    ],
    [
      "constraints whose minimum has 9 bytes",
      `0c0d00000000${"01".repeat(9)}`,
      "trailing_bytes",
      ["paymentConstraints", "htlcMinimumMsat"],
      6,
    ],
    ["a path id beyond the end", "0603dead", "short_read", [], 2],
    ["padding behind the rest", "0600" + "0100", "out_of_order", [], 2],
    ["padding twice", "0100" + "0100", "out_of_order", [], 2],
    ["an unknown even record", "1000", "unknown_required", [], 0],
  ] as const)("is not read with %s", (_what, hex, code, path, offset) => {
    const error = thrown(() => decode(encryptedDataTlv, fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
  });

  test.each([
    ["a channel beyond 64 bits", { shortChannelId: 2n ** 64n }, "out_of_range", ["shortChannelId"]],
    ["a next node of 32 bytes", { nextNodeId: new Uint8Array(32) }, "wrong_length", ["nextNodeId"]],
    [
      "a path key of zeros",
      { nextPathKeyOverride: new Uint8Array(33) },
      "invalid_value",
      ["nextPathKeyOverride"],
    ],
    ["a path id that is text", { pathId: "dead" }, "invalid_value", ["pathId"]],
    [
      "a delta beyond 16 bits",
      { paymentRelay: { ...paymentRelay, cltvExpiryDelta: 65536 } },
      "out_of_range",
      ["paymentRelay", "cltvExpiryDelta"],
    ],
    [
      "a rate beyond 32 bits",
      { paymentRelay: { ...paymentRelay, feeProportionalMillionths: 2 ** 32 } },
      "out_of_range",
      ["paymentRelay", "feeProportionalMillionths"],
    ],
    [
      "a base fee beyond 32 bits",
      { paymentRelay: { ...paymentRelay, feeBaseMsat: 2 ** 32 } },
      "out_of_range",
      ["paymentRelay", "feeBaseMsat"],
    ],
    [
      "a relay without a base fee",
      { paymentRelay: { ...paymentRelay, feeBaseMsat: undefined } },
      "missing_field",
      ["paymentRelay", "feeBaseMsat"],
    ],
    [
      "an expiry beyond 32 bits",
      { paymentConstraints: { ...paymentConstraints, maxCltvExpiry: 2 ** 32 } },
      "out_of_range",
      ["paymentConstraints", "maxCltvExpiry"],
    ],
    [
      "a minimum beyond 64 bits",
      { paymentConstraints: { ...paymentConstraints, htlcMinimumMsat: 2n ** 64n } },
      "out_of_range",
      ["paymentConstraints", "htlcMinimumMsat"],
    ],
    [
      "a known record among the unknown ones",
      { unknown: [{ type: 1n, value: fromHex("00") }] },
      "invalid_value",
      ["unknown", 0],
    ],
  ])("is not written with %s", (_what, value, code, path) => {
    const error = thrown(() => encode(encryptedDataTlv, value as unknown as EncryptedDataTlv));
    expect(error).toMatchObject({ name: "EncodeError", code, path });
  });
});
