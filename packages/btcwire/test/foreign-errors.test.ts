// A codec of somebody else may throw anything: what comes out of a set is one kind of error all the same.
import { type Codec, EncodeError, type Reader } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  DecodeError,
  fromHex,
  list,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  u8,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Fragile extends MessageBase<"fragile"> {
  readonly part: number;
  readonly extra?: number;
}

const failing = (error: unknown): Codec<number> => ({
  read(reader: Reader) {
    reader.u8();
    throw error;
  },
  write() {
    throw error;
  },
});
const inField = (codec: Codec<number>): MessageCodec<Fragile> =>
  message("fragile", { part: codec }, { tail: { extra: u8 } });
const inTail = (codec: Codec<number>): MessageCodec<Fragile> =>
  message("fragile", { part: u8 }, { tail: { extra: codec } });

type Thrown = readonly [what: string, cause: unknown];
const foreign: readonly Thrown[] = [
  ["an error", new TypeError("mine")],
  ["no error at all", "text"],
  ["nothing", undefined],
];

describe("reading", () => {
  test.each<Thrown>([...foreign, ["an EncodeError", new EncodeError("too_long", "x")]])(
    "%s becomes a DecodeError",
    (_what, cause) => {
      for (const [codec, field, offset] of [
        [inField(failing(cause)), "part", 1],
        [inTail(failing(cause)), "extra", 2],
      ] as const) {
        const set = messageSet([codec]);
        const expected = { code: "invalid_value", path: ["fragile", field], offset };
        const error = thrown(() => set.decode("fragile", fromHex("0000")));
        expect(error).toMatchObject({ name: "DecodeError", ...expected });
        expect(error.cause).toBe(cause);
        const found = set.inspect("fragile", fromHex("0000"));
        expect(found).toMatchObject({ valid: false, problem: expected });
      }
    },
  );

  test("a DecodeError stays what it is", () => {
    const mine = new DecodeError("out_of_order", "mine", { offset: 1, path: [5] });
    const set = messageSet([inField(failing(mine))]);
    const error = thrown(() => set.decode("fragile", fromHex("00")));
    expect(error).toMatchObject({
      name: "DecodeError",
      code: "out_of_order",
      detail: "mine",
      path: ["fragile", "part", 5],
    });
    expect(error.cause).toBeUndefined();
  });

  test("inside a list ends in one, too", () => {
    interface Parts extends MessageBase<"parts"> {
      readonly parts: readonly number[];
    }
    const cause = new TypeError("mine");
    const parts: MessageCodec<Parts> = message("parts", { parts: list(failing(cause), 9) });
    const error = thrown(() => messageSet([parts]).decode("parts", fromHex("0100")));
    expect(error).toMatchObject({ name: "DecodeError", code: "invalid_value", cause });
    expect(error.path).toEqual(["parts", "parts"]);
  });
});

describe("writing", () => {
  test.each<Thrown>([
    ...foreign,
    ["a DecodeError", new DecodeError("too_long", "x", { offset: 0 })],
  ])("%s becomes an EncodeError", (_what, cause) => {
    for (const [codec, field] of [
      [inField(failing(cause)), "part"],
      [inTail(failing(cause)), "extra"],
    ] as const) {
      const set = messageSet([codec]);
      const error = thrown(() => set.encode({ type: "fragile", part: 1, extra: 2 }));
      expect(error).toMatchObject({
        name: "EncodeError",
        code: "invalid_value",
        path: ["fragile", field],
      });
      expect(error.cause).toBe(cause);
    }
  });

  test("an EncodeError stays what it is", () => {
    const mine = new EncodeError("out_of_order", "mine", { path: [5] });
    const set = messageSet([inField(failing(mine))]);
    const error = thrown(() => set.encode({ type: "fragile", part: 1 }));
    expect(error).toMatchObject({ code: "out_of_order", path: ["fragile", "part", 5] });
    expect(error.cause).toBeUndefined();
  });
});

describe("a codec that is no work of `message`", () => {
  const cause = new TypeError("mine");
  const raise = (): never => {
    throw cause;
  };
  const foreignCodec: MessageCodec<Fragile> = {
    ...inField(u8),
    read: raise,
    inspect: raise,
    write: raise,
  };
  const set = messageSet([foreignCodec]);

  test("throws through no set", () => {
    const expected = { code: "invalid_value", path: ["fragile"], cause };
    const read = thrown(() => set.decode("fragile", fromHex("00")));
    expect(read).toMatchObject({ name: "DecodeError", ...expected });
    const written = thrown(() => set.encode({ type: "fragile", part: 1 }));
    expect(written).toMatchObject({ name: "EncodeError", ...expected });
    const found = set.inspect("fragile", fromHex("00"));
    expect(found).toMatchObject({ valid: false, message: { type: "fragile" }, problem: expected });
  });

  test("reports one problem, the first", () => {
    const twice: MessageCodec<Fragile> = {
      ...inField(u8),
      inspect(reader, report) {
        report(reader.error("too_long", "first"));
        report(reader.error("short_read", "second"));
        throw cause;
      },
    };
    const found = messageSet([twice]).inspect("fragile", fromHex("00"));
    expect(found).toMatchObject({ valid: false, problem: { code: "too_long", detail: "first" } });
  });
});
