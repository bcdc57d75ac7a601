import { EncodeError, fromHex, toHex, Writer } from "@satwire/codec";
import { describe, expect, test } from "vitest";

const failure = (run: () => unknown): EncodeError => {
  try {
    run();
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("numbers are written one after the other, in either byte order", () => {
  const writer = new Writer();
  writer.u8(0x80);
  writer.u16(0x8001);
  writer.u16le(0x8001);
  writer.u32(0x80000001);
  writer.u32le(0x80000001);
  writer.u64(0x8000000000000001n);
  writer.u64le(0x8000000000000001n);
  const hex = "80" + "8001" + "0180" + "80000001" + "01000080" + "8000000000000001";
  expect(toHex(writer.finish())).toBe(`${hex}0100000000000080`);
  expect(writer.length).toBe(29);
});

test("a number that is refused leaves no byte behind", () => {
  const writer = new Writer();
  for (const write of [
    () => writer.u8(256),
    () => writer.u16(-1),
    () => writer.u32le(0.5),
    () => writer.u64(2n ** 64n),
    () => writer.put("ab" as never),
  ]) {
    failure(write);
  }
  expect(writer.length).toBe(0);
});

// The first buffer has 256 bytes: each kind of write once across its end.
describe("growing in the middle of", () => {
  const writes: readonly (readonly [string, (writer: Writer) => void, hex: string])[] = [
    ["u16", (writer) => writer.u16(0x0102), "0102"],
    ["u16le", (writer) => writer.u16le(0x0102), "0201"],
    ["u32", (writer) => writer.u32(0x01020304), "01020304"],
    ["u32le", (writer) => writer.u32le(0x01020304), "04030201"],
    ["u64", (writer) => writer.u64(0x0102030405060708n), "0102030405060708"],
    ["u64le", (writer) => writer.u64le(0x0102030405060708n), "0807060504030201"],
    ["put", (writer) => writer.put(fromHex("010203")), "010203"],
  ];
  test.each(writes)("%s keeps what is there", (_name, write, hex) => {
    for (const before of [254, 255, 256]) {
      const writer = new Writer();
      writer.put(new Uint8Array(before).fill(9));
      write(writer);
      writer.u8(0xee);
      expect(toHex(writer.finish())).toBe(`${"09".repeat(before)}${hex}ee`);
    }
  });
});

test("only a Uint8Array can be put", () => {
  const writer = new Writer();
  for (const value of [
    "ab",
    [1, 2],
    undefined,
    null,
    new ArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
  ]) {
    expect(failure(() => writer.put(value as never)).code).toBe("invalid_value");
  }
});

test("a view is put as what it shows", () => {
  const writer = new Writer();
  writer.put(fromHex("00010203").subarray(1, 3));
  expect(toHex(writer.finish())).toBe("0102");
});

test("two bytes can be overwritten later, up to what they can hold", () => {
  const writer = new Writer();
  writer.u16(0);
  writer.put(new Uint8Array(300));
  writer.patchU16(0, 0xabcd);
  expect(toHex(writer.finish().subarray(0, 4))).toBe("abcd0000");
  expect(failure(() => writer.patchU16(0, 65536)).code).toBe("too_long");
  writer.patchU16(0, 65535);
  expect(toHex(writer.finish().subarray(0, 2))).toBe("ffff");
});

test("two bytes that have not been written are not overwritten", () => {
  const writer = new Writer();
  writer.put(new Uint8Array(10).fill(7));
  const taken = writer.take();
  writer.put(new Uint8Array(4));
  for (const at of [-1, -10, 3, 4, 1000, Number.NaN]) {
    expect(() => writer.patchU16(at, 0xffff)).toThrow(RangeError);
  }
  writer.patchU16(2, 0xabcd);
  expect(toHex(writer.finish())).toBe("0000abcd");
  expect(taken).toEqual(new Uint8Array(10).fill(7));
});

test("finish gives a new copy each time, and writing goes on", () => {
  const writer = new Writer();
  expect(writer.finish()).toEqual(new Uint8Array(0));
  writer.u8(1);
  const first = writer.finish();
  writer.u8(2);
  first[0] = 9;
  expect(toHex(writer.finish())).toBe("0102");
});

test("a writer that is used again starts over, and what it gave away stays as it was", () => {
  const writer = new Writer();
  writer.put(new Uint8Array(1000).fill(1));
  const first = writer.finish();
  writer.reset();
  expect(writer.length).toBe(0);
  writer.u16(0x0203);
  expect(writer.finish()).toEqual(Uint8Array.of(2, 3));
  expect(first).toEqual(new Uint8Array(1000).fill(1));
});

describe("what is taken", () => {
  test("is all that was written, and the writer starts over", () => {
    const writer = new Writer();
    writer.u16(0x0102);
    const first = writer.take();
    expect(writer.length).toBe(0);
    expect(writer.take()).toEqual(new Uint8Array(0));
    writer.u8(3);
    expect(toHex(writer.take())).toBe("03");
    expect(toHex(first)).toBe("0102");
  });

  test("stays as it is, whatever is written later", () => {
    const writer = new Writer();
    const expected: Uint8Array[] = [];
    const taken: Uint8Array[] = [];
    // Lengths up to beyond a block, in an order that meets its end in all kinds of ways.
    for (let i = 0; i < 600; i++) {
      const length = i % 50 === 49 ? 17_000 + i : (i * 337) % 1_500;
      writer.u32(i);
      writer.put(new Uint8Array(length).fill(i));
      if (i % 7 === 3) {
        writer.reset();
        continue;
      }
      if (i % 11 === 5) writer.finish().fill(0xee);
      expected.push(Uint8Array.of(0, 0, i >> 8, i, ...new Uint8Array(length).fill(i)));
      taken.push(writer.take());
    }
    expect(taken.length).toBeGreaterThan(500);
    expect(taken.map(toHex)).toEqual(expected.map(toHex));
  });

  test("is its owner's: nothing written there shows anywhere else", () => {
    const writer = new Writer();
    const taken = [1, 2, 3].map((byte) => {
      writer.put(new Uint8Array(100).fill(byte));
      return writer.take();
    });
    taken[1]?.fill(0xff);
    writer.put(new Uint8Array(100).fill(4));
    expect(toHex(writer.take())).toBe("04".repeat(100));
    expect(taken.map((bytes) => bytes[99])).toEqual([1, 0xff, 3]);
  });

  test("shares a buffer of 16 KiB with others", () => {
    const writer = new Writer();
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 1000; i++) {
      writer.put(new Uint8Array(100));
      buffers.add(writer.take().buffer);
    }
    expect([...buffers].slice(1).map(({ byteLength }) => byteLength)).toEqual(
      Array.from({ length: 7 }, () => 16_384),
    );
  });

  test("has a buffer of its own if it is longer, and so has what comes then", () => {
    const writer = new Writer();
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 500; j++) writer.put(new Uint8Array(100));
      const long = writer.take();
      expect(long.length).toBe(50_000);
      expect(long.buffer.byteLength).toBeLessThanOrEqual(100_000);
      writer.u8(1);
      const short = writer.take();
      expect(short.buffer).not.toBe(long.buffer);
      expect(short.buffer.byteLength).toBe(16_384);
    }
  });

  test("may be transferred with its block, and writing goes on", () => {
    const writer = new Writer();
    writer.u16(0x0102);
    const { buffer } = writer.take();
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
    expect(buffer.byteLength).toBe(0);
    writer.u16(0x0304);
    writer.put(fromHex("05"));
    expect(toHex(writer.take())).toBe("030405");
  });
});

describe("bytes that are claimed", () => {
  test("are set in the block, between what is written before and after", () => {
    const writer = new Writer();
    writer.u8(1);
    const at = writer.claim(3);
    writer.block.set(fromHex("0a0b0c"), at);
    writer.u8(2);
    expect(writer.length).toBe(5);
    expect(toHex(writer.finish())).toBe("010a0b0c02");
  });

  test("are behind what was taken", () => {
    const writer = new Writer();
    writer.put(fromHex("0102"));
    const taken = writer.take();
    writer.block.set(fromHex("03"), writer.claim(1));
    expect(toHex(taken) + toHex(writer.take())).toBe("0102" + "03");
  });

  test("may be more than fit the block", () => {
    const writer = new Writer();
    writer.u8(1);
    const at = writer.claim(40_000);
    writer.block.fill(7, at, at + 40_000);
    expect(writer.finish()).toEqual(Uint8Array.of(1, ...new Uint8Array(40_000).fill(7)));
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 32, "1", undefined])("are not %s", (length) => {
    const writer = new Writer();
    expect(() => writer.claim(length as number)).toThrow(RangeError);
    expect(writer.length).toBe(0);
  });
});
