import { describe, expect, test } from "vitest";
import {
  type Codec,
  DecodeError,
  decodeMessage,
  encodeMessage,
  EncodeError,
  fromHex,
  lightningMessages,
  maxMessageLength,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  type Ping,
  ping,
  toHex,
  u16,
  u8,
} from "../src/index.ts";
import { expectFound, invalid, type Problem, problemsOf } from "./support/expect-found.ts";

const hash = `a1${"a2".repeat(30)}a3`;

describe("a frame that decode takes", () => {
  test.each([
    ["a ping", `0012${"0008"}0001ab`],
    ["with known and unknown records", `001000000000${"0120"}${hash}0501bb`],
    ["of an unknown even type", "80020102"],
    ["of an unknown type without payload", "ffff"],
  ])("is valid and gives the same message: %s", (_what, hex) => {
    const frame = fromHex(hex);
    expect(lightningMessages.inspect(frame)).toStrictEqual({
      valid: true,
      message: decodeMessage(frame),
      frame,
    });
    expect(lightningMessages.inspect(frame).frame).toBe(frame);
  });

  test("is read with the messages of the set alone", () => {
    expect(messageSet([ping]).inspect(fromHex("0013" + "ff"))).toStrictEqual({
      valid: true,
      message: { type: "unknown", id: 19, payload: fromHex("ff") },
      frame: fromHex("0013" + "ff"),
    });
  });

  test("may be as long as a message can be", () => {
    const frame = encodeMessage({ type: "pong", ignored: new Uint8Array(65531) });
    expect(frame.length).toBe(maxMessageLength);
    expect(lightningMessages.inspect(frame).valid).toBe(true);
  });

  test("stands in a larger buffer, and its message is a view of it", () => {
    const buffer = fromHex("ffff" + "0012" + "0008" + "0001ab" + "ffff");
    const found = lightningMessages.inspect(buffer.subarray(2, 9));
    expect(found.valid).toBe(true);
    expect((found.message as Ping).ignored.buffer).toBe(buffer.buffer);
  });
});

describe("a field that cannot be read ends the reading", () => {
  test.each<readonly [what: string, hex: string, message: object, problem: Problem, rest: string]>([
    [
      "the first one",
      "0012" + "00",
      { type: "ping" },
      ["short_read", ["ping", "numPongBytes"], 2],
      "00",
    ],
    [
      "one that is not there",
      "0012",
      { type: "ping" },
      ["short_read", ["ping", "numPongBytes"], 2],
      "",
    ],
    [
      "a later one, from its length on",
      "0012" + "0008" + "0003ab",
      { type: "ping", numPongBytes: 8 },
      ["short_read", ["ping", "ignored"], 6],
      "0003ab",
    ],
    [
      "a point, and what follows it",
      `0085${hash}${hash}04${"d2".repeat(32)}c9012a`,
      { type: "revoke_and_ack", channelId: fromHex(hash), perCommitmentSecret: fromHex(hash) },
      ["invalid_value", ["revoke_and_ack", "nextPerCommitmentPoint"], 66],
      `04${"d2".repeat(32)}c9012a`,
    ],
    [
      "a list, from its count on",
      `0084${hash}${"61".repeat(64)}0002${"72".repeat(64)}8383`,
      {
        type: "commitment_signed",
        channelId: fromHex(hash),
        signature: fromHex("61".repeat(64)),
      },
      ["short_read", ["commitment_signed", "htlcSignatures", 1], 164],
      `0002${"72".repeat(64)}8383`,
    ],
  ])("%s", (_what, hex, read, problem, undecoded) => {
    expectFound(hex, { message: read, problems: [problem], undecoded });
  });
});

describe("a record that is wrong is kept, and reading goes on", () => {
  const start = "0010" + "0000" + "0000"; // 6 bytes
  const address = "01cb0071052607";
  const init = { type: "init", globalfeatures: fromHex(""), features: fromHex("") };
  const remoteAddr = { type: "ipv4", address: fromHex("cb007105"), port: 9735 };
  const record = (type: bigint, value: string) => ({ type, value: fromHex(value) });

  test.each<readonly [what: string, records: string, fields: object, problems: readonly Problem[]]>(
    [
      [
        "unknown and even",
        `02012a${"0307"}${address}`,
        { remoteAddr, unknown: [record(2n, "2a")] },
        [["unknown_required", ["init"], 6]],
      ],
      [
        "unknown and even, of type 0 and empty",
        `0000${"0307"}${address}`,
        { remoteAddr, unknown: [record(0n, "")] },
        [["unknown_required", ["init"], 6]],
      ],
      [
        "a known one again: the first one counts",
        `0100${"0120"}${hash}0307${address}`,
        { networks: [], remoteAddr, unknown: [record(1n, hash)] },
        [["out_of_order", ["init"], 8]],
      ],
      [
        "an unknown one again",
        `c9012a${"c9012b"}cb00`,
        { unknown: [record(201n, "2a"), record(201n, "2b"), record(203n, "")] },
        [["out_of_order", ["init"], 9]],
      ],
      [
        "a known one in the wrong place: it is not a field then",
        `0307${address}0100`,
        { remoteAddr, unknown: [record(1n, "")] },
        [["out_of_order", ["init"], 15]],
      ],
      [
        "several in the wrong place, behind the highest one",
        "0900" + "0500" + "0700" + "0900" + "0b00",
        {
          unknown: [
            record(9n, ""),
            record(5n, ""),
            record(7n, ""),
            record(9n, ""),
            record(11n, ""),
          ],
        },
        [
          ["out_of_order", ["init"], 8],
          ["out_of_order", ["init"], 10],
          ["out_of_order", ["init"], 12],
        ],
      ],
      [
        "even and in the wrong place",
        "0300" + "0200",
        { unknown: [record(3n, ""), record(2n, "")] },
        [
          ["short_read", ["init", "remoteAddr"], 8],
          ["out_of_order", ["init"], 8],
        ],
      ],
      [
        "too short for its value",
        `0121${"11".repeat(33)}0307${address}`,
        { remoteAddr, unknown: [record(1n, "11".repeat(33))] },
        [["short_read", ["init", "networks", 1], 40]],
      ],
      [
        "longer than its value",
        `0100${"0308"}${address}ff0501bb`,
        { networks: [], unknown: [record(3n, `${address}ff`), record(5n, "bb")] },
        [["trailing_bytes", ["init", "remoteAddr"], 17]],
      ],
      [
        "unreadable, then again: not read a second time",
        `010111${"0100"}`,
        { unknown: [record(1n, "11"), record(1n, "")] },
        [
          ["short_read", ["init", "networks", 0], 8],
          ["out_of_order", ["init"], 9],
        ],
      ],
    ],
  )("%s", (_what, records, fields, problems) => {
    expectFound(start + records, { message: { ...init, ...fields }, problems, undecoded: "" });
  });

  test("even if it is known by an even type", () => {
    const offer = `0080${hash}${"00".repeat(16)}${hash}${"00".repeat(4 + 1366)}`; // 1452 bytes
    const found = invalid(lightningMessages.inspect(fromHex(`${offer}0021${"04".repeat(33)}`)));
    expect(found.message).toStrictEqual({
      ...decodeMessage(fromHex(offer)),
      unknown: [record(0n, "04".repeat(33))],
    });
    expect(problemsOf(found)).toEqual([["invalid_value", ["update_add_htlc", "pathKey"], 1454]]);
  });

  test("as often as it happens", () => {
    const records = [
      [`0121${"11".repeat(33)}`, "short_read", ["init", "networks", 1], 40],
      ["0200", "unknown_required", ["init"], 41],
      ["0100", "out_of_order", ["init"], 43],
      [`0307${address}`],
      ["0301aa", "out_of_order", ["init"], 54],
      ["0501bb"],
      ["0401cc", "out_of_order", ["init"], 60],
      ["0601dd", "unknown_required", ["init"], 63],
      ["ff", "short_read", ["init"], 67],
    ] as const;
    expectFound(start + records.map(([hex]) => hex).join(""), {
      message: {
        ...init,
        remoteAddr,
        unknown: [
          record(1n, "11".repeat(33)),
          record(2n, ""),
          record(1n, ""),
          record(3n, "aa"),
          record(5n, "bb"),
          record(4n, "cc"),
          record(6n, "dd"),
        ],
      },
      problems: records.flatMap(([, ...problem]) => (problem.length === 3 ? [problem] : [])),
      undecoded: "ff",
    });
  });

  test.each<readonly [what: string, end: string, code: DecodeError["code"], offset: number]>([
    ["a type without length", "c9", "short_read", 10],
    ["a type cut short", "fd01", "short_read", 10],
    ["a type in a longer form", "fd00c900", "non_canonical", 9],
    ["a length cut short", "c9fe0001", "short_read", 11],
    ["a length in a longer form", "c9fd00012a", "non_canonical", 10],
    ["a length beyond the end", "c9022a", "short_read", 11],
    ["a length beyond all memory", `c9${"ff".repeat(9)}00`, "short_read", 19],
  ])("but a stream without end is not: %s", (_what, end, code, offset) => {
    expectFound(`${start}05012a${end}`, {
      message: { ...init, unknown: [record(5n, "2a")] },
      problems: [[code, ["init"], offset]],
      undecoded: end,
    });
  });
});

describe("a codec that throws what is no DecodeError", () => {
  interface Fragile extends MessageBase<"fragile"> {
    readonly before: number;
    readonly part: number;
    readonly extra?: number;
    readonly other?: number;
  }
  const failing = (error: unknown): Codec<number> => ({
    read(reader) {
      reader.u8();
      throw error;
    },
    write: (writer, value) => writer.u8(value),
  });
  const set = (part: Codec<number>, extra: Codec<number>) => {
    const fragile: MessageCodec<Fragile> = message(
      32771,
      "fragile",
      { before: u8, part },
      { extra: [1, extra], other: [3, u16] },
    );
    return messageSet([fragile]);
  };

  test.each([
    ["an error", new TypeError("mine")],
    ["an EncodeError", new EncodeError("too_long", "x")],
    ["no error at all", "text"],
  ])("ends in one all the same: %s", (_what, error) => {
    const cause = error instanceof EncodeError ? expect.any(EncodeError) : error;

    const inField = set(failing(error), u8);
    const field = expectFound(
      "8003" + "07" + "aabb",
      {
        message: { type: "fragile", before: 7 },
        problems: [["invalid_value", ["fragile", "part"], 4]],
        undecoded: "aabb",
      },
      inField,
    );
    expect(field.problems[0]).toMatchObject({ cause });

    const inRecord = set(u8, failing(error));
    const record = expectFound(
      "8003" + "0708" + "0102aabb" + "03021234",
      {
        message: {
          type: "fragile",
          before: 7,
          part: 8,
          other: 0x1234,
          unknown: [{ type: 1n, value: fromHex("aabb") }],
        },
        problems: [["invalid_value", ["fragile", "extra"], 7]],
        undecoded: "",
      },
      inRecord,
    );
    expect(record.problems[0]).toMatchObject({ cause });
  });

  test("ends in one even if it was not made by `message`", () => {
    const error = new TypeError("mine");
    const fragile = set(u8, u8).codecs[0] as MessageCodec<Fragile>;
    const own = messageSet([
      {
        ...fragile,
        inspect() {
          throw error;
        },
      },
    ]);
    const found = invalid(own.inspect(fromHex("8003" + "0708")));
    expect(found.problems[0]).toMatchObject({ code: "invalid_value", offset: 2, cause: error });
    expect(found.problems.length).toBe(1);
    expect([found.message, toHex(found.undecoded)]).toEqual([undefined, "0708"]);
  });
});
