import { describe, expect, test } from "vitest";
import {
  bitcoinMessages,
  feefilter,
  fromHex,
  ping,
  pong,
  reject,
  rejectCode,
  sendheaders,
  toHex,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

const nonce = "efcdab8967452301";

describeMessage({
  codec: ping,
  command: "ping",
  shortId: 18,
  value: { type: "ping", nonce: 0x0123_4567_89ab_cdefn },
  fields: { nonce },
  more: [
    ["of a peer up to version 60000", { type: "ping" }, ""],
    ["with a nonce of 0", { type: "ping", nonce: 0n }, "0000000000000000"],
    ["with the greatest nonce", { type: "ping", nonce: 2n ** 64n - 1n }, "ffffffffffffffff"],
  ],
  badValues: [
    ["a nonce of 65 bits", { nonce: 2n ** 64n }, "out_of_range", ["nonce"]],
    ["a negative nonce", { nonce: -1n }, "out_of_range", ["nonce"]],
    ["a nonce that is no bigint", { nonce: 1 }, "invalid_value", ["nonce"]],
    ["a nonce that is null", { nonce: null }, "invalid_value", ["nonce"]],
  ],
  badHex: [
    ["1 byte", "ef", "short_read", ["nonce"], 0],
    ["7 bytes", "efcdab89674523", "short_read", ["nonce"], 0],
  ],
});

describeMessage({
  codec: pong,
  command: "pong",
  shortId: 19,
  value: { type: "pong" },
  fields: {},
  more: [
    ["with the nonce of a ping", { type: "pong", nonce: 0x0123_4567_89ab_cdefn }, nonce],
    [
      "with more than a nonce",
      { type: "pong", nonce: 0x0123_4567_89ab_cdefn, trailing: fromHex("01020304") },
      `${nonce}01020304`,
    ],
    ["of 1 byte", { type: "pong", trailing: fromHex("ef") }, "ef"],
    ["of 7 bytes", { type: "pong", trailing: fromHex("efcdab89674523") }, "efcdab89674523"],
  ],
  badValues: [
    ["a nonce of 65 bits", { nonce: 2n ** 64n }, "out_of_range", ["nonce"]],
    ["a nonce that is no bigint", { nonce: 1 }, "invalid_value", ["nonce"]],
    ["8 bytes in place of a nonce", { trailing: fromHex(nonce) }, "invalid_value", ["trailing"]],
    [
      "trailing bytes that are a text",
      { nonce: 1n, trailing: "ff" },
      "invalid_value",
      ["trailing"],
    ],
    ["a text in place of a nonce", { trailing: "ff" }, "invalid_value", ["trailing"]],
  ],
  badHex: [],
});

describe("pong, cut", () => {
  const payload = fromHex(`${nonce}01020304`);

  test.each(Array.from({ length: 13 }, (_, i) => i))("at %i bytes, is read and kept", (length) => {
    const cut = payload.slice(0, length);
    const message = bitcoinMessages.decode("pong", cut);
    if (length === 0) expect(message).toStrictEqual({ type: "pong" });
    else if (length < 8) expect(message).toStrictEqual({ type: "pong", trailing: cut });
    else {
      expect(message).toStrictEqual({
        type: "pong",
        nonce: 0x0123_4567_89ab_cdefn,
        ...(length > 8 ? { trailing: cut.slice(8) } : {}),
      });
    }
    expect(bitcoinMessages.inspect("pong", cut)).toStrictEqual({ valid: true, message });
    expect(bitcoinMessages.encode(message)).toEqual(cut);
  });
});

describeMessage({
  codec: sendheaders,
  command: "sendheaders",
  value: { type: "sendheaders" },
  fields: {},
  badValues: [],
  badHex: [],
});

describeMessage({
  codec: feefilter,
  command: "feefilter",
  shortId: 5,
  value: { type: "feefilter", feerate: 1000n },
  fields: { feerate: "e803000000000000" },
  more: [
    [
      "of 21 million bitcoin, for no transactions at all",
      { type: "feefilter", feerate: 2_100_000_000_000_000n },
      "0040075af0750700",
    ],
    ["with a negative amount", { type: "feefilter", feerate: -1n }, "ffffffffffffffff"],
    ["with the least number", { type: "feefilter", feerate: -(2n ** 63n) }, "0000000000000080"],
    [
      "with the greatest number",
      { type: "feefilter", feerate: 2n ** 63n - 1n },
      "ffffffffffffff7f",
    ],
  ],
  badValues: [
    ["an amount of 64 bits without sign", { feerate: 2n ** 63n }, "out_of_range", ["feerate"]],
    ["an amount below 64 bits", { feerate: -(2n ** 63n) - 1n }, "out_of_range", ["feerate"]],
    ["an amount that is no bigint", { feerate: 1 }, "out_of_range", ["feerate"]],
  ],
  badHex: [],
});

const genesis = "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000";

describeMessage({
  codec: reject,
  command: "reject",
  value: {
    type: "reject",
    message: "block",
    code: rejectCode.duplicate,
    reason: "duplicate block",
    data: fromHex(genesis),
  },
  // As in btcd's tests.
  fields: {
    message: "05626c6f636b",
    code: "12",
    reason: "0f6475706c696361746520626c6f636b",
    data: genesis,
  },
  openEnd: true,
  more: [
    [
      "without a hash, as in btcd's tests",
      {
        type: "reject",
        message: "version",
        code: rejectCode.duplicate,
        reason: "duplicate version",
        data: fromHex(""),
      },
      "0776657273696f6e" + "12" + "116475706c69636174652076657273696f6e",
    ],
    [
      "of nothing for no reason",
      { type: "reject", message: "", code: 0, reason: "", data: fromHex("") },
      "000000",
    ],
    [
      "with texts that are no ASCII",
      { type: "reject", message: "\0\xff", code: 255, reason: "\x1b[2J\x80", data: fromHex("ff") },
      "0200ff" + "ff" + "051b5b324a80" + "ff",
    ],
    [
      "with a reason of 253 bytes",
      {
        type: "reject",
        message: "tx",
        code: rejectCode.dust,
        reason: "a".repeat(253),
        data: fromHex(""),
      },
      `${"027478"}41fdfd00${"61".repeat(253)}`,
    ],
  ],
  badValues: [
    ["a code of 9 bits", { code: 256 }, "out_of_range", ["code"]],
    ["a negative code", { code: -1 }, "out_of_range", ["code"]],
    ["a command that is no text", { message: 1 }, "invalid_value", ["message"]],
    ["a reason beyond U+00FF", { reason: "₿" }, "invalid_value", ["reason"]],
    ["a hash that is a text", { data: genesis }, "invalid_value", ["data"]],
  ],
  badHex: [
    ["nothing at all", "", "short_read", ["message"], 0],
    ["a reason beyond the end", "027478" + "10" + "05616263", "short_read", ["reason"], 5],
    ["a reason of 33,554,433 bytes", "027478" + "10" + "fe01000002", "too_long", ["reason"], 4],
    [
      "a length in a longer form than the shortest",
      "fd0200747810" + "00",
      "non_canonical",
      ["message"],
      0,
    ],
  ],
});

test("the codes of reject are those of BIP 61", () => {
  expect(rejectCode).toEqual({
    malformed: 1,
    invalid: 16,
    obsolete: 17,
    duplicate: 18,
    nonstandard: 64,
    dust: 65,
    insufficientFee: 66,
    checkpoint: 67,
  });
});

test("the longest reject is as long as a payload can be, and not longer", () => {
  const longest = {
    type: "reject",
    message: "tx",
    code: 1,
    reason: "",
    data: new Uint8Array(4_000_000 - 5),
  } as const;
  const payload = bitcoinMessages.encode(longest);
  expect(payload).toHaveLength(4_000_000);
  expect(toHex(payload.subarray(0, 6))).toBe("027478010000");
  expect(bitcoinMessages.decode("reject", payload)).toMatchObject({ message: "tx", reason: "" });

  const longer = { ...longest, data: new Uint8Array(4_000_000 - 4) };
  expect(thrown(() => bitcoinMessages.encode(longer))).toMatchObject({
    code: "too_long",
    path: ["reject"],
  });
});
