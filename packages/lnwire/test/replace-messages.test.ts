import { describe, expect, expectTypeOf, test } from "vitest";
import {
  fromHex,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageOf,
  messageSet,
  type Ping,
  ping,
  type Pong,
  pong,
  replaceMessages,
  u16,
  u32,
  u8,
  type UnknownMessage,
  withTlvs,
} from "../src/index.ts";

interface TimedPing extends Ping {
  readonly sentAt?: number;
}
const timedPing: MessageCodec<TimedPing> = withTlvs(ping, { sentAt: [1, u32] });

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
}
const hello: MessageCodec<Hello> = message(32769, "hello", { volume: u8 });

type Codecs = readonly MessageCodec<Ping | Pong | Hello>[];
const codecs: Codecs = [ping, hello, pong];

describe("replaceMessages", () => {
  test("puts a message in the place of the one of its name", () => {
    const replaced = replaceMessages(codecs, [timedPing]);
    expect(replaced).toEqual([timedPing, hello, pong]);
    expect(replaced[0]).toBe(timedPing);
    expect(codecs).toEqual([ping, hello, pong]);
  });

  test("knows what the messages of the new set are", () => {
    const set = messageSet(replaceMessages(codecs, [timedPing]));
    expectTypeOf<MessageOf<(typeof set.codecs)[number]>>().toEqualTypeOf<
      TimedPing | Pong | Hello
    >();
    const read = set.decode(fromHex("0012" + "0008" + "0000" + "010400000007"));
    expect(read).toMatchObject({ type: "ping", sentAt: 7 });
    expectTypeOf(read).toEqualTypeOf<TimedPing | Pong | Hello | UnknownMessage>();
    if (read.type === "ping") expectTypeOf(read.sentAt).toEqualTypeOf<number | undefined>();
  });

  test("takes another number and other fields under the same name", () => {
    interface Other extends MessageBase<"hello"> {
      readonly loudness: number;
    }
    const other: MessageCodec<Other> = message(32771, "hello", { loudness: u16 });
    const set = messageSet(replaceMessages(codecs, [other]));
    expect(set.decode(fromHex("80030102"))).toEqual({ type: "hello", loudness: 258 });
    expect(set.decode(fromHex("800105"))).toMatchObject({ type: "unknown", id: 32769 });
  });

  test("replaces several, and none", () => {
    expect(replaceMessages(codecs, [pong, timedPing])).toEqual([timedPing, hello, pong]);
    expect(replaceMessages(codecs, [])).toEqual(codecs);
  });

  test("refuses a message that replaces nothing", () => {
    expect(() => replaceMessages([ping, pong], [hello])).toThrow(
      new RangeError('there is no message "hello" to replace'),
    );
  });

  test("refuses two messages for one", () => {
    expect(() => replaceMessages(codecs, [timedPing, pong, ping])).toThrow(
      new RangeError('"ping" is replaced twice'),
    );
  });
});
