// What happens to who describes messages wrongly, or brings a codec that does not keep to the rules.
import { describe, expect, test } from "vitest";
import {
  type Codec,
  fromHex,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  toHex,
  u8,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Own extends MessageBase<"own"> {
  readonly first: number;
  readonly second?: number;
}
const own: MessageCodec<Own> = message("own", { first: u8 }, { tail: { second: u8 } });
const describeOwn = (command: string, options: object): (() => unknown) => {
  return () => message<Own>(command as "own", { first: u8 }, { tail: { second: u8 }, ...options });
};

describe("a description that cannot be", () => {
  test.each(["", "sendtxrcncl13", "a\u0000", "tab\t", "ü", "unknown"])(
    "has the command %j",
    (command) => {
      expect(describeOwn(command, {})).toThrow(RangeError);
    },
  );

  test.each([[0], [256], [-1], [1.5], [Number.NaN], ["1"]])("has the short id %s", (shortId) => {
    expect(describeOwn("own", { shortId })).toThrow(RangeError);
  });

  test.each([[1], [255], [undefined]])("is none with the short id %s", (shortId) => {
    expect(describeOwn("own", { shortId })()).toMatchObject({ shortId });
  });

  test("has a field that is called type, or one twice", () => {
    const described = (fields: object, tail: object) => (): unknown =>
      message<Own>("own", fields as never, { tail: tail as never });
    expect(described({ type: u8 }, {})).toThrow(RangeError);
    expect(described({ first: u8 }, { type: u8 })).toThrow(RangeError);
    expect(described({ first: u8 }, { first: u8 })).toThrow(RangeError);
    expect(described({ first: u8 }, { second: u8 })).not.toThrow();
  });
});

describe("a codec that moves the reader past the end", () => {
  const greedy: Codec<number> = {
    read(reader) {
      reader.offset += 10;
      return 1;
    },
    write: (writer, value) => writer.u8(value),
  };
  const past: MessageCodec<Own> = message("own", { first: greedy }, { tail: { second: u8 } });
  const set = messageSet([past]);

  test("makes a short read", () => {
    const expected = { code: "short_read", path: ["own"], offset: 1 };
    const error = thrown(() => set.decode("own", fromHex("07")));
    expect(error).toMatchObject({ name: "DecodeError", ...expected });
    const found = set.inspect("own", fromHex("07"));
    expect(found).toMatchObject({ valid: false, problem: expected, undecoded: fromHex("") });
  });
});

test("a codec that leaves bytes behind is no reading of them", () => {
  const lazy: MessageCodec<Own> = {
    ...own,
    read: () => ({ type: "own", first: 1 }),
    inspect: () => ({ type: "own", first: 1 }),
  };
  const set = messageSet([lazy]);
  const expected = { code: "trailing_bytes", path: ["own"], offset: 0 };
  expect(thrown(() => set.decode("own", fromHex("07")))).toMatchObject(expected);
  const found = set.inspect("own", fromHex("07"));
  expect(found).toMatchObject({ valid: false, problem: expected });
});

test("a check that throws is a problem of the message, both ways", () => {
  const cause = new TypeError("mine");
  const touchy: MessageCodec<Own> = message(
    "own",
    { first: u8 },
    {
      tail: { second: u8 },
      check: () => {
        throw cause;
      },
    },
  );
  const set = messageSet([touchy]);
  const expected = { code: "invalid_value", path: ["own"], cause };
  const read = thrown(() => set.decode("own", fromHex("07")));
  expect(read).toMatchObject({ name: "DecodeError", ...expected });
  const found = set.inspect("own", fromHex("07"));
  expect(found).toMatchObject({ valid: false, problem: expected });
  const written = thrown(() => set.encode({ type: "own", first: 1 }));
  expect(written).toMatchObject({ name: "EncodeError", ...expected });
});

test("a list that is changed after a set was made of it changes nothing", () => {
  const codecs: MessageCodec<Own>[] = [own];
  const set = messageSet(codecs);
  codecs.pop();
  expect(set.decode("own", fromHex("07"))).toStrictEqual({ type: "own", first: 7 });
});

test("a message with more fields than its type is written without them", () => {
  const set = messageSet([own]);
  const more = { type: "own", first: 1, third: 3 } as const;
  expect(toHex(set.encode(more as Own))).toBe("01");
});

test("fields that a prototype has are fields", () => {
  class First {
    readonly type = "own";
    get first(): number {
      return 9;
    }
  }
  expect(toHex(messageSet([own]).encode(new First()))).toBe("09");
});
