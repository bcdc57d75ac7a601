import { describe, expect, test } from "vitest";
import {
  type Codec,
  fromHex,
  isCommand,
  isUnknownMessage,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageSet,
  messageSet,
  ping,
  rest,
  signal,
  toHex,
  type Trailing,
  u16le,
  u64le,
  u8,
  varBytes,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
  readonly words: Uint8Array;
  readonly echo?: bigint;
  readonly mood?: number;
}
const words: Codec<Uint8Array> = varBytes(255);
const hello: MessageCodec<Hello> = message(
  "hello",
  { volume: u16le, words },
  { tail: { echo: u64le, mood: u8 }, shortId: 200 },
);
const set = messageSet([ping, hello]);

describe("a message of one's own", () => {
  const value: Hello = { type: "hello", volume: 11, words: fromHex("6869"), echo: 258n, mood: 7 };
  const hex = "0b00" + "026869" + "0201000000000000" + "07";

  test("goes both ways", () => {
    expect(toHex(set.encode(value))).toBe(hex);
    expect(set.decode("hello", fromHex(hex))).toStrictEqual(value);
  });

  test("keeps its description", () => {
    expect(hello.command).toBe("hello");
    expect(hello.shortId).toBe(200);
    expect(Object.keys(hello.fields)).toEqual(["volume", "words"]);
    expect(hello.fields.words).toBe(words);
    expect(Object.keys(hello.tail)).toEqual(["echo", "mood"]);
    expect(hello.tail.mood).toBe(u8);
  });

  test("ends behind any field of its tail", () => {
    const { mood: _, ...withEcho } = value;
    const { echo: __, ...bare } = withEcho;
    for (const [message, bytes] of [
      [withEcho, hex.slice(0, -2)],
      [bare, hex.slice(0, -18)],
    ] as const) {
      expect(set.decode("hello", fromHex(bytes))).toStrictEqual(message);
      expect(toHex(set.encode(message))).toBe(bytes);
    }
  });

  test("cannot have a hole in its tail", () => {
    const { echo: _, ...holed } = value;
    expect(thrown(() => set.encode(holed))).toMatchObject({
      name: "EncodeError",
      code: "missing_field",
      path: ["hello", "mood"],
      message: 'hello.mood: needs "echo" in front of it',
    });
  });

  test("takes an absent field that is there by name, as nothing", () => {
    const message = { ...value, mood: undefined } as unknown as Hello;
    expect(toHex(set.encode(message))).toBe(hex.slice(0, -2));
  });

  test.each([
    ["a field cut", "0b", "short_read", ["hello", "volume"], 0],
    ["the tail cut", "0b00" + "00" + "0201", "short_read", ["hello", "echo"], 3],
    ["bytes behind its last field", `${hex}00`, "trailing_bytes", ["hello"], 14],
  ])("is not read with %s", (_what, bytes, code, path, offset) => {
    const error = thrown(() => set.decode("hello", fromHex(bytes)));
    expect(error).toMatchObject({ name: "DecodeError", code, path, offset });
    const found = set.inspect("hello", fromHex(bytes));
    expect(found).toMatchObject({ valid: false, problem: { code, path, offset } });
  });

  test("what could be read of it stays", () => {
    const found = set.inspect("hello", fromHex("0b00" + "05" + "6869"));
    if (found.valid) throw new Error("inspect takes it");
    expect(found.message).toStrictEqual({ type: "hello", volume: 11 });
    // From the field on that could not be read, wherever in it the problem was.
    expect(toHex(found.undecoded)).toBe("05" + "6869");
    expect(found.problem.message).toBe("hello.words: need 5 bytes, have 2 (byte 3)");
  });
});

describe("a check of the whole message", () => {
  interface Pair extends MessageBase<"pair"> {
    readonly low: number;
    readonly high: number;
  }
  const pair: MessageCodec<Pair> = message(
    "pair",
    { low: u8, high: u8 },
    { check: ({ low, high }) => (low <= high ? undefined : `${low} is above ${high}`) },
  );
  const pairs = messageSet([pair]);

  test("passes", () => {
    expect(pairs.decode("pair", fromHex("0102"))).toEqual({ type: "pair", low: 1, high: 2 });
    expect(toHex(pairs.encode({ type: "pair", low: 2, high: 2 }))).toBe("0202");
  });

  test("refuses both ways", () => {
    const read = thrown(() => pairs.decode("pair", fromHex("0201")));
    expect(read).toMatchObject({
      name: "DecodeError",
      code: "invalid_value",
      path: ["pair"],
      offset: 2,
      detail: "2 is above 1",
    });
    const written = thrown(() => pairs.encode({ type: "pair", low: 2, high: 1 }));
    expect(written).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path: ["pair"],
      detail: "2 is above 1",
    });
  });

  test("is reported beside all that was read", () => {
    const found = pairs.inspect("pair", fromHex("0201" + "ff"));
    expect(found).toMatchObject({
      valid: false,
      message: { type: "pair", low: 2, high: 1 },
      problem: { code: "invalid_value" },
    });
  });
});

describe("a signal", () => {
  interface Knock extends MessageBase<"knock">, Trailing {}
  const knock: MessageCodec<Knock> = signal("knock", 99);
  const knocks = messageSet([knock]);

  test("has no bytes", () => {
    expect(knock).toMatchObject({
      command: "knock",
      shortId: 99,
      fields: {},
      tail: { trailing: rest },
    });
    expect(knocks.decode("knock", fromHex(""))).toStrictEqual({ type: "knock" });
    expect(toHex(knocks.encode({ type: "knock" }))).toBe("");
  });

  test("keeps bytes that should not be there", () => {
    const noisy: Knock = { type: "knock", trailing: fromHex("0102") };
    expect(knocks.decode("knock", fromHex("0102"))).toStrictEqual(noisy);
    expect(toHex(knocks.encode(noisy))).toBe("0102");
  });

  test("of no bytes kept is a signal without them", () => {
    expect(toHex(knocks.encode({ type: "knock", trailing: fromHex("") }))).toBe("");
  });

  test("needs no short id", () => {
    const quiet: MessageCodec<Knock> = signal("knock");
    expect(quiet.shortId).toBeUndefined();
  });

  test("has a command, as every message", () => {
    expect(() => signal("knock knock knock")).toThrow(RangeError);
  });

  test("is told from others by its type, without an annotation", () => {
    const set = messageSet([knock, signal("bye")]);
    const { type }: { readonly type: "knock" | "bye" | "unknown" } = set.decode("bye", fromHex(""));
    expect(type).toBe("bye");
  });
});

describe("commands", () => {
  test.each(["a", "version", "getcfcheckpt", " ", "~", "Hello World!", "unknown"])(
    "can be %j",
    (text) => {
      expect(isCommand(text)).toBe(true);
    },
  );

  test.each(["", "sendtxrcncl13", "a\u0000", "a\u001f", "a\u007f", "tab\t", "line\n", "ü", "日本"])(
    "cannot be %j",
    (text) => {
      expect(isCommand(text)).toBe(false);
    },
  );

  test.each([[undefined], [null], [7], [["ping"]]])("cannot be %s, which is no text", (value) => {
    expect(isCommand(value as never)).toBe(false);
  });
});

test("unknown messages can be told from others in generic code", () => {
  const commandIn = <M extends MessageBase>(known: MessageSet<M>, command: string): string => {
    const received = known.decode(command, fromHex(""));
    return isUnknownMessage(received) ? `? ${received.command}` : received.type;
  };
  expect(commandIn(messageSet([ping]), "pong")).toBe("? pong");
  expect(commandIn(messageSet([ping]), "ping")).toBe("ping");
});
