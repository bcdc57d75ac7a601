// What happens to who describes messages wrongly, or brings a codec that does not keep to the rules.
import { describe, expect, test } from "vitest";
import {
  type Codec,
  fromHex,
  isUnknownMessage,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageSet,
  messageSet,
  ping,
  toHex,
  u8,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Own extends MessageBase<"own"> {
  readonly first: number;
  readonly second?: number;
}

const own: MessageCodec<Own> = message(32769, "own", { first: u8 }, { second: [1, u8] });

describe("a codec that moves the reader past the end", () => {
  const greedy: Codec<number> = {
    read(reader) {
      reader.offset += 10;
      return 1;
    },
    write: (writer, value) => writer.u8(value),
  };
  const past: MessageCodec<Own> = message(32769, "own", { first: greedy }, { second: [1, u8] });
  const set = messageSet([past]);

  test("makes a short read", () => {
    const error = thrown(() => set.decode(fromHex("8001" + "07")));
    expect(error).toMatchObject({
      name: "DecodeError",
      code: "short_read",
      path: ["own"],
      offset: 3,
    });
  });
});

test("a codec that leaves bytes behind is no reading of them", () => {
  const lazy: MessageCodec<Own> = {
    ...own,
    read: () => ({ type: "own", first: 1 }),
    inspect: () => ({ type: "own", first: 1 }),
  };
  const set = messageSet([lazy]);
  const error = thrown(() => set.decode(fromHex("8001" + "07")));
  expect(error).toMatchObject({ code: "trailing_bytes", path: ["own"], offset: 2 });
  const found = set.inspect(fromHex("8001" + "07"));
  expect(found).toMatchObject({ valid: false, problems: [{ code: "trailing_bytes" }] });
});

test.each(["type", "unknown"])("no field can be called %s", (name) => {
  const describeField = (): unknown => message<MessageBase<"own">>(32769, "own", { [name]: u8 });
  const describeRecord = (): unknown =>
    message<Own>(32769, "own", { first: u8 }, { second: [1, u8], [name]: [3, u8] });
  expect(describeField).toThrow(RangeError);
  expect(describeRecord).toThrow(RangeError);
});

test("no message can be called unknown", () => {
  expect(() => message<MessageBase<"unknown">>(32769, "unknown", {})).toThrow(RangeError);
});

test("a description without an annotation does not compile", () => {
  // @ts-expect-error nothing says what it reads
  const unannotated = message(32769, "own", { first: u8 });
  expect(unannotated.name).toBe("own");
});

test("an unknown record without bytes is named", () => {
  const unknown = [{ type: 1n, value: fromHex("") }, { type: 3n } as never];
  const error = thrown(() =>
    lightningMessages.encode({ type: "pong", ignored: fromHex(""), unknown }),
  );
  expect(error).toMatchObject({ code: "invalid_value", path: ["pong", "unknown", 1] });
});

test("unknown messages can be told from others in generic code", () => {
  const idOf = <M extends MessageBase>(set: MessageSet<M>, hex: string): number | string => {
    const received = set.decode(fromHex(hex));
    return isUnknownMessage(received) ? received.id : received.type;
  };
  expect(idOf(messageSet([ping]), "0013" + "0000")).toBe(19);
  expect(idOf(messageSet([ping]), "0012" + "00000000")).toBe("ping");
});

test("a set that has refused a message that is far too long writes the next one", () => {
  const set = messageSet([ping]);
  const huge = { type: "ping", numPongBytes: 0, ignored: new Uint8Array(70_000) } as const;
  expect(thrown(() => set.encode(huge))).toMatchObject({ code: "too_long" });
  const small = { type: "ping", numPongBytes: 1, ignored: fromHex("") } as const;
  const frame = set.encode(small);
  expect(toHex(frame)).toBe("0012" + "0001" + "0000");
});
