import { describe, expect, test } from "vitest";
import {
  type Codec,
  fromHex,
  lightningMessages,
  message,
  type MessageBase,
  messageSet,
  toHex,
  u8,
} from "../src/index.ts";
import { expectFound, invalid, type Problem, problemsOf } from "./support/expect-found.ts";

describe("the length of a frame", () => {
  test.each(["", "00"])("0x%s is too short for a type", (hex) => {
    expectFound(hex, { message: undefined, problems: [["short_read", [], 0]], undecoded: hex });
  });

  const tooLong: Problem = ["too_long", [], 65535];

  test("above the limit it is a problem, and the message is read all the same", () => {
    const ignored = new Uint8Array(65530);
    expectFound(`0012${"0008"}fffa${toHex(ignored)}`, {
      message: { type: "ping", numPongBytes: 8, ignored },
      problems: [tooLong],
      undecoded: "",
    });
    expectFound(`ffff${toHex(new Uint8Array(65534))}`, {
      message: { type: "unknown", id: 65535, payload: new Uint8Array(65534) },
      problems: [tooLong],
      undecoded: "",
    });
  });

  test("above the limit it is a problem besides others", () => {
    const rest = `04${"00".repeat(65530)}`;
    expectFound(`0012${"0008"}ffff${rest}`, {
      message: { type: "ping", numPongBytes: 8 },
      problems: [tooLong, ["short_read", ["ping", "ignored"], 6]],
      undecoded: `ffff${rest}`,
    });
  });
});

describe("the number of problems", () => {
  const pong = "0013" + "0000"; // 4 bytes
  /** Records of type 2: the first one is unknown, all others repeat it. */
  const found = (records: number) => {
    const inspection = invalid(lightningMessages.inspect(fromHex(pong + "0200".repeat(records))));
    const { problems, message: read, undecoded } = inspection;
    const unknown = read !== undefined && "unknown" in read ? read.unknown : [];
    return { problems: problems.length, kept: unknown?.length, undecoded: undecoded.length };
  };

  test("is 64 at most: then reading stops", () => {
    expect(found(63)).toEqual({ problems: 63, kept: 63, undecoded: 0 });
    expect(found(64)).toEqual({ problems: 64, kept: 64, undecoded: 0 });
    expect(found(65)).toEqual({ problems: 64, kept: 64, undecoded: 2 });
    expect(found(32765)).toEqual({ problems: 64, kept: 64, undecoded: 2 * 32701 });
  });

  test("does not count records that are right", () => {
    const odd = Array.from({ length: 100 }, (_, i) => `${toHex(Uint8Array.of(2 * i + 1))}00`);
    const inspection = invalid(lightningMessages.inspect(fromHex(`${pong}${odd.join("")}ca00`)));
    expect(problemsOf(inspection)).toEqual([["unknown_required", ["pong"], 204]]);
  });
});

// A reader's position can be set, and whoever describes messages may do so.
test("a codec that goes past the end is a problem and stops nothing", () => {
  interface Far extends MessageBase<"far"> {
    readonly far: number;
    readonly near: number;
  }
  const skipping: Codec<number> = {
    read(reader) {
      reader.offset += 10;
      return 1;
    },
    write: (writer, value) => writer.u8(value),
  };
  const last = messageSet([message<Far>(32771, "far", { near: u8, far: skipping })]);
  expectFound(
    "8003" + "aabb",
    {
      message: { type: "far", near: 0xaa, far: 1 },
      problems: [["short_read", ["far"], 4]],
      undecoded: "",
    },
    last,
  );
  const first = messageSet([message<Far>(32771, "far", { far: skipping, near: u8 })]);
  const inspection = invalid(first.inspect(fromHex("8003" + "aabb")));
  expect(inspection.problems[0].code).toBe("short_read");
  expect(inspection.undecoded.length).toBe(0);
});
