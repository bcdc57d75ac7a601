import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type BitcoinMessage,
  bitcoinMessages,
  commandOf,
  type DecodeError,
  fromHex,
  handshakeMessages,
  type HandshakeMessage,
  type Inspection,
  type KnownMessage,
  maxPayloadLength,
  message,
  type MessageBase,
  type MessageOf,
  type MessageSet,
  messageSet,
  type PartialMessage,
  ping,
  type Ping,
  pong,
  type Pong,
  rest,
  type SendCmpct,
  sendcmpct,
  toHex,
  u16le,
  u8,
  type UnknownMessage,
  verack,
} from "../src/index.ts";

import { type Hello, hello } from "./support/hello.ts";
import { thrown } from "./support/thrown.ts";

const nonce = "0102030405060708";

describe("a set of messages", () => {
  test("reads only what was put in", () => {
    const set = messageSet([ping]);
    expect(set.codecs).toEqual([ping]);
    expect(set.decode("ping", fromHex(nonce))).toStrictEqual({
      type: "ping",
      nonce: 0x0807_0605_0403_0201n,
    });
    expect(set.decode("pong", fromHex(nonce))).toStrictEqual({
      type: "unknown",
      command: "pong",
      payload: fromHex(nonce),
    });
  });

  test("knows commands by their letters, not by their case or beginning", () => {
    const set = messageSet([ping]);
    for (const command of ["Ping", "pin", "ping ", "ping2"]) {
      expect(set.decode(command, fromHex("ff")).type).toBe("unknown");
    }
  });

  test("has the union of its messages as type", () => {
    const set = messageSet([ping, pong, hello]);
    expectTypeOf(set).toEqualTypeOf<MessageSet<Ping | Pong | Hello>>();
    expectTypeOf<ReturnType<typeof set.decode>>().toEqualTypeOf<
      Ping | Pong | Hello | UnknownMessage
    >();
    expectTypeOf<MessageOf<typeof hello>>().toEqualTypeOf<Hello>();
    expectTypeOf(bitcoinMessages).toEqualTypeOf<MessageSet<KnownMessage>>();
    expectTypeOf<BitcoinMessage>().toEqualTypeOf<KnownMessage | UnknownMessage>();
    const chapters = messageSet([...handshakeMessages, hello]);
    expectTypeOf(chapters).toEqualTypeOf<MessageSet<HandshakeMessage | Hello>>();
    // @ts-expect-error `verack` is not in the set
    const encodeVerack = (): Uint8Array => set.encode({ type: "verack" });
    expect(encodeVerack).toThrow();
  });

  test("narrows by type, without a rest", () => {
    const numberIn = (received: Ping | SendCmpct | Hello | UnknownMessage): bigint | number => {
      switch (received.type) {
        case "ping":
          return received.nonce ?? 0n;
        case "sendcmpct":
          return received.version;
        case "hello":
          return received.volume;
        case "unknown":
          return received.payload.length;
        default:
          return received satisfies never;
      }
    };
    const set = messageSet([ping, sendcmpct, hello]);
    const received = [
      ["ping", "0500000000000000"],
      ["sendcmpct", "010200000000000000"],
      ["hello", "0700"],
      ["feefilter", "0000"],
    ] as const;
    expect(received.map(([command, hex]) => numberIn(set.decode(command, fromHex(hex))))).toEqual([
      5n,
      2n,
      7,
      2,
    ]);
  });

  test("does not write what is not in it", () => {
    const set: MessageSet = messageSet([ping]) as never;
    expect(thrown(() => set.encode({ type: "pong" }))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      message: "pong: no such message in this set",
    });
  });

  test("is not made of two messages with one command or one short id", () => {
    const sameCommand = message<MessageBase<"ping">>("ping", {}, { shortId: 250 });
    const sameShortId = message<MessageBase<"other">>("other", {}, { shortId: 18 });
    expect(() => messageSet([ping, sameCommand])).toThrow(
      new RangeError("two messages of a set are ping"),
    );
    expect(() => messageSet([ping, sameShortId])).toThrow(
      new RangeError("other and ping share the short id 18"),
    );
    expect(() => messageSet([ping, ping])).toThrow(RangeError);
    // Messages without a short id share nothing.
    expect(messageSet([verack, hello]).codecs).toHaveLength(2);
  });

  test("may be empty", () => {
    const set = messageSet([]);
    expect(set.decode("ping", fromHex("aa"))).toStrictEqual({
      type: "unknown",
      command: "ping",
      payload: fromHex("aa"),
    });
    expect(set.shortIdOf("ping")).toBeUndefined();
    expect(set.commandOfShortId(18)).toBeUndefined();
  });

  test("knows the short ids of its messages, and no others", () => {
    const set = messageSet([ping, verack]);
    expect([set.shortIdOf("ping"), set.commandOfShortId(18)]).toEqual([18, "ping"]);
    expect([set.shortIdOf("verack"), set.shortIdOf("pong"), set.shortIdOf("18")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([0, 17, 19, 256, -1, Number.NaN].map((id) => set.commandOfShortId(id))).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });

  test("does not take names that every object has for commands", () => {
    for (const command of ["constructor", "toString", "__proto__", "hasOwn"]) {
      expect(bitcoinMessages.decode(command, fromHex("")).type).toBe("unknown");
      expect(bitcoinMessages.shortIdOf(command)).toBeUndefined();
    }
  });
});

test("a description has a codec for each required field, and one in the tail for each other", () => {
  message<Hello>("hello", { volume: u16le }, { tail: { words: rest } });
  // @ts-expect-error the codec of `words` is missing
  message<Hello>("hello", { volume: u16le }, { tail: {} });
  // @ts-expect-error the tail is missing
  message<Hello>("hello", { volume: u16le });
  // @ts-expect-error the codec of `volume` is missing
  message<Hello>("hello", {}, { tail: { words: rest } });
  // @ts-expect-error another command
  message<Hello>("ping", { volume: u16le }, { tail: { words: rest } });
  // @ts-expect-error a codec of another type
  message<Hello>("hello", { volume: rest }, { tail: { words: rest } });
  // @ts-expect-error nothing has a tail that has no optional field
  message<MessageBase<"bare">>("bare", {}, { tail: { more: rest } });
  // @ts-expect-error nothing says what it reads
  const unannotated = message("own", { first: u8 });
  expect(unannotated.command).toBe("own");
});

test("the set of all messages has the commands and short ids of the specifications", () => {
  // BIP 324 "v2 Bitcoin P2P message structure", and BIP 434 for 37.
  const short = [
    "1 addr, 2 block, 3 blocktxn, 4 cmpctblock, 5 feefilter, 6 filteradd, 7 filterclear, 8 filterload",
    "9 getblocks, 10 getblocktxn, 11 getdata, 12 getheaders, 13 headers, 14 inv, 15 mempool",
    "16 merkleblock, 17 notfound, 18 ping, 19 pong, 20 sendcmpct, 21 tx, 22 getcfilters, 23 cfilter",
    "24 getcfheaders, 25 cfheaders, 26 getcfcheckpt, 27 cfcheckpt, 28 addrv2, 37 feature",
  ].flatMap((line) => line.split(", "));
  const long = [
    "getaddr",
    "reject",
    "sendaddrv2",
    "sendheaders",
    "verack",
    "version",
    "wtxidrelay",
  ];
  const { codecs } = bitcoinMessages;
  const withId = codecs.filter(({ shortId }) => shortId !== undefined);
  const ascending = withId.toSorted((a, b) => (a.shortId ?? 0) - (b.shortId ?? 0));
  expect(ascending.map(({ shortId, command }) => `${shortId} ${command}`)).toEqual(short);
  const without = codecs.filter(({ shortId }) => shortId === undefined);
  expect(without.map(({ command }) => command).sort()).toEqual(long);
  for (const { command, shortId } of codecs) {
    expect(bitcoinMessages.shortIdOf(command)).toBe(shortId);
    if (shortId !== undefined) expect(bitcoinMessages.commandOfShortId(shortId)).toBe(command);
  }
});

describe("unknown messages", () => {
  test.each([
    ["dandeliontx", "0102"],
    ["a", ""],
    ["getcfcheckpt", "00"],
    [" ~ !", "ff"],
    ["unknown", "07"],
  ])("%j goes both ways", (command, hex) => {
    const set = messageSet([ping]);
    const unknown = set.decode(command, fromHex(hex));
    expect(unknown).toStrictEqual({ type: "unknown", command, payload: fromHex(hex) });
    expect(commandOf(unknown)).toBe(command);
    expect(toHex(set.encode(unknown))).toBe(hex);
  });

  test("a known command can be written with any payload", () => {
    const payload = bitcoinMessages.encode({
      type: "unknown",
      command: "feefilter",
      payload: fromHex("00"),
    });
    expect(toHex(payload)).toBe("00");
    const error = thrown(() => bitcoinMessages.decode("feefilter", payload));
    expect(error.path).toEqual(["feefilter", "feerate"]);
  });

  test.each([
    ["13 characters", { command: "sendtxrcncl13" }, ["sendtxrcncl13"]],
    ["no character", { command: "" }, [""]],
    ["a control character", { command: "a\u0000" }, ["a\u0000"]],
    ["no command", { command: undefined }, [undefined]],
    ["no payload", { payload: undefined }, ["x"]],
    ["a payload of text", { payload: "00" }, ["x"]],
  ])("are not written with %s", (_what, change, path) => {
    const unknown = { type: "unknown", command: "x", payload: fromHex(""), ...change } as never;
    const error = thrown(() => bitcoinMessages.encode(unknown));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value", path });
  });
});

test("the command of a message is its type, or what an unknown one says", () => {
  expect(commandOf({ type: "ping" })).toBe("ping");
  expect(commandOf({ type: "unknown", command: "pang", payload: fromHex("") })).toBe("pang");
});

describe("4,000,000 bytes", () => {
  const most = new Uint8Array(4_000_000).fill(7);
  const more = new Uint8Array(4_000_001).fill(7);

  test("are the longest payload", () => {
    expect(maxPayloadLength).toBe(4_000_000);
  });

  test.each(["verack", "strange"])("are read and written: %s", (command) => {
    const read = bitcoinMessages.decode(command, most);
    expect(read.type).toBe(command === "verack" ? "verack" : "unknown");
    expect(bitcoinMessages.inspect(command, most)).toMatchObject({ valid: true });
    const written = bitcoinMessages.encode(read);
    expect(written.length).toBe(4_000_000);
    expect(written[3_999_999]).toBe(7);
  });

  test.each(["verack", "strange"])("and one more are not read: %s", (command) => {
    const error = thrown(() => bitcoinMessages.decode(command, more));
    expect(error).toMatchObject({
      name: "DecodeError",
      code: "too_long",
      path: [command],
      offset: 4_000_000,
    });
    const found = bitcoinMessages.inspect(command, more);
    expect(found).toMatchObject({ valid: false, problem: { code: "too_long", path: [command] } });
  });

  test("and one more are not written", () => {
    const known = { type: "verack", trailing: more } as const;
    const unknown = { type: "unknown", command: "strange", payload: more } as const;
    for (const tooLong of [known, unknown]) {
      expect(thrown(() => bitcoinMessages.encode(tooLong))).toMatchObject({
        name: "EncodeError",
        code: "too_long",
        path: [commandOf(tooLong)],
      });
    }
    expect(toHex(bitcoinMessages.encode({ type: "verack" }))).toBe("");
  });
});

test("what is found in a payload has a type for what was read", () => {
  const found = bitcoinMessages.inspect("feefilter", fromHex("00"));
  expectTypeOf(found).toEqualTypeOf<Inspection<KnownMessage>>();
  if (found.valid) {
    expectTypeOf(found.message).toEqualTypeOf<BitcoinMessage>();
  } else {
    expectTypeOf(found.message).toEqualTypeOf<PartialMessage<KnownMessage> | UnknownMessage>();
    expectTypeOf(found.problem).toEqualTypeOf<DecodeError>();
    if (found.message.type === "feefilter") {
      expectTypeOf(found.message.feerate).toEqualTypeOf<bigint | undefined>();
    }
  }
  // @ts-expect-error there is a problem only if it is not valid
  expect(found.problem.code).toBe("short_read");
});

describe("inspect", () => {
  test("takes what decode takes", () => {
    expect(bitcoinMessages.inspect("ping", fromHex(nonce))).toStrictEqual({
      valid: true,
      message: { type: "ping", nonce: 0x0807_0605_0403_0201n },
    });
    const unknown = { type: "unknown", command: "x", payload: fromHex("00") };
    expect(bitcoinMessages.inspect("x", fromHex("00"))).toStrictEqual({
      valid: true,
      message: unknown,
    });
  });

  test("understands all of a message with bytes behind it", () => {
    const payload = fromHex(`${nonce}c0ffee`);
    const found = bitcoinMessages.inspect("ping", payload);
    if (found.valid) throw new Error("inspect takes it");
    expect(found.message).toStrictEqual({ type: "ping", nonce: 0x0807_0605_0403_0201n });
    expect(found.problem).toMatchObject({ code: "trailing_bytes", path: ["ping"], offset: 8 });
    expect(toHex(found.undecoded)).toBe("c0ffee");
    expect(found.undecoded.buffer).toBe(payload.buffer);
  });

  test("names the place inside of a list", () => {
    const item = `01000000${"11".repeat(32)}`;
    const found = bitcoinMessages.inspect("inv", fromHex(`02${item}${item.slice(0, -2)}`));
    if (found.valid) throw new Error("inspect takes it");
    expect(found.message).toStrictEqual({ type: "inv" });
    expect(found.problem).toMatchObject({
      code: "short_read",
      path: ["inv", "inventory", 1, "hash"],
      offset: 41,
    });
    expect(found.undecoded).toHaveLength(72);
  });
});
