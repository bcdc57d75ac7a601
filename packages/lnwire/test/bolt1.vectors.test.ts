import { type Codec, decode, type DecodeErrorCode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  bigSize,
  decodeMessage,
  encodeMessage,
  formatShortChannelId,
  fromHex,
  point,
  s16,
  s32,
  s64,
  s8,
  shortChannelId,
  struct,
  type TlvRecord,
  tlvs,
  toHex,
  tu32,
  tu64,
  u16,
  u64,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";
import initVectors from "./vectors/bolt1-init.json" with { type: "json" };
import integerVectors from "./vectors/bolt1-integers.json" with { type: "json" };
import tlvVectors from "./vectors/bolt1-tlv.json" with { type: "json" };

describe("appendix A: BigSize", () => {
  const codes: Record<string, DecodeErrorCode> = {
    "decoded bigsize is not canonical": "non_canonical",
    "unexpected EOF": "short_read",
    EOF: "short_read",
  };

  test.each(integerVectors.bigsizeDecode)("reading: $name (0x$bytes)", (vector) => {
    const read = () => decode(bigSize, fromHex(vector.bytes));
    if (vector.exp_error === undefined) expect(read()).toBe(BigInt(vector.value));
    else expect(thrown(read).code).toBe(codes[vector.exp_error]);
  });

  test.each(integerVectors.bigsizeEncode)("writing: $name (0x$bytes)", ({ value, bytes }) => {
    expect(toHex(encode(bigSize, BigInt(value)))).toBe(bytes);
  });
});

interface Namespace1 {
  readonly amountMsat?: bigint;
  readonly scid?: bigint;
  readonly payment?: Payment;
  readonly cltvDelta?: number;
  readonly unknown?: readonly TlvRecord[];
}
interface Payment {
  readonly nodeId: Uint8Array;
  readonly amountMsat1: bigint;
  readonly amountMsat2: bigint;
}
interface Namespace2 {
  readonly amountMsat?: bigint;
  readonly cltvExpiry?: number;
  readonly unknown?: readonly TlvRecord[];
}

const n1: Codec<Namespace1> = tlvs<Namespace1>({
  amountMsat: [1, tu64],
  scid: [2, shortChannelId],
  payment: [3, struct<Payment>({ nodeId: point, amountMsat1: u64, amountMsat2: u64 })],
  cltvDelta: [254, u16],
});
const n2: Codec<Namespace2> = tlvs<Namespace2>({ amountMsat: [0, tu64], cltvExpiry: [11, tu32] });

const namespacesOf = (name: string): Codec<Namespace1 | Namespace2>[] => {
  if (name === "any") return [n1, n2];
  return [name === "n1" ? n1 : n2];
};

/** The values that the explanation of a valid stream states, in its own words. */
const stated = ({ amountMsat, scid, payment, cltvDelta }: Namespace1): string => {
  if (amountMsat !== undefined) return `\`tlv1\` \`amount_msat\`=${amountMsat}`;
  if (scid !== undefined) return `\`tlv2\` \`scid\`=${formatShortChannelId(scid)}`;
  if (cltvDelta !== undefined) return `\`tlv4\` \`cltv_delta\`=${cltvDelta}`;
  if (payment === undefined) return "nothing";
  const { nodeId, amountMsat1, amountMsat2 } = payment;
  return `\`tlv3\` \`node_id\`=${toHex(nodeId)} \`amount_msat_1\`=${amountMsat1} \`amount_msat_2\`=${amountMsat2}`;
};

describe("appendix B: TLV streams", () => {
  // By the reason that the spec gives; too few or too many bytes for a known encoding have one each.
  const codes: readonly (readonly [reason: RegExp, code: DecodeErrorCode])[] = [
    [/truncated|^missing|^less than/, "short_read"],
    [/greater than/, "trailing_bytes"],
    [/not minimal/, "non_canonical"],
    [/unknown even/, "unknown_required"],
    [/ordering|duplicate/, "out_of_order"],
    [/not a valid point/, "invalid_value"],
  ];

  test("has all its cases", () => {
    expect([tlvVectors.invalid.length, tlvVectors.valid.length]).toEqual([38, 19]);
  });

  test.each(tlvVectors.invalid)("$namespace refuses 0x$stream: $reason", (vector) => {
    const code = codes.find(([reason]) => reason.test(vector.reason))?.[1];
    expect(code).toBeDefined();
    for (const namespace of namespacesOf(vector.namespace)) {
      const error = thrown(() => decode(namespace, fromHex(vector.stream)));
      expect(error).toMatchObject({ name: "DecodeError", code });
    }
  });

  test.each(tlvVectors.valid)("$namespace reads 0x$stream: $explanation", (vector) => {
    for (const namespace of namespacesOf(vector.namespace)) {
      const value = decode(namespace, fromHex(vector.stream));
      if (vector.namespace === "n1") expect(stated(value)).toBe(vector.explanation);
      else expect(value.unknown?.length ?? 0).toBe(vector.stream === "" ? 0 : 1);
      expect(toHex(encode(namespace, value))).toBe(vector.stream);
    }
  });

  const streamsOf = (name: string) =>
    tlvVectors.valid.filter(({ namespace }) => namespace === "any" || namespace === name);

  test.each(["n1", "n2"])("%s: a valid stream followed by an invalid one is refused", (name) => {
    const [namespace] = namespacesOf(name) as [Codec<Namespace1 | Namespace2>];
    for (const { stream } of streamsOf(name)) {
      for (const invalid of tlvVectors.invalid) {
        if (invalid.namespace !== "any" && invalid.namespace !== name) continue;
        thrown(() => decode(namespace, fromHex(stream + invalid.stream)));
      }
    }
  });

  test("two valid streams make one if the second has the higher types", () => {
    const typeOf = (stream: string) => decode(bigSizeAndMore, fromHex(stream)).type;
    const bigSizeAndMore: Codec<{ type: bigint }> = {
      read: (reader) => {
        const type = bigSize.read(reader);
        reader.rest();
        return { type };
      },
      write: () => undefined,
    };
    const streams = streamsOf("n1").filter(({ stream }) => stream !== "");
    let ascending = 0;
    for (const { stream: a } of streams) {
      for (const { stream: b } of streams) {
        const read = () => decode(n1, fromHex(a + b));
        if (typeOf(a) < typeOf(b)) {
          expect(toHex(encode(n1, read()))).toBe(a + b);
          ascending += 1;
        } else {
          expect(thrown(read).code).toBe("out_of_order");
        }
      }
    }
    expect(ascending).toBeGreaterThan(50);
  });
});

describe("appendix C: message extension", () => {
  test.each(initVectors.valid)("init 0x%s is read and written", (hex) => {
    const message = decodeMessage(fromHex(hex));
    expect(message.type).toBe("init");
    expect(toHex(encodeMessage(message))).toBe(hex);
  });

  test("the unknown records are kept", () => {
    expect(decodeMessage(fromHex(initVectors.valid[1] as string))).toMatchObject({
      unknown: [
        { type: 0xc9n, value: Uint8Array.of(0x2a) },
        { type: 0xcbn, value: Uint8Array.of(0x04) },
      ],
    });
  });

  const codes: Record<string, DecodeErrorCode> = {
    "extension truncated": "short_read",
    "unknown even TLV": "unknown_required",
    "duplicate TLV": "out_of_order",
  };
  test.each(initVectors.invalid as [string, string][])(
    "init 0x%s is refused: %s",
    (hex, reason) => {
      const error = thrown(() => decodeMessage(fromHex(hex)));
      expect(error).toMatchObject({ name: "DecodeError", code: codes[reason], path: ["init"] });
    },
  );
});

describe("appendix D: signed integers", () => {
  const numbers = new Map([
    [1, s8],
    [2, s16],
    [4, s32],
  ]);

  test("has its cases for every width", () => {
    const widths = integerVectors.signedInt.map(({ bytes }) => bytes.length / 2);
    expect(widths.length).toBe(23);
    expect(new Set(widths)).toEqual(new Set([1, 2, 4, 8]));
  });

  test.each(integerVectors.signedInt)("$value is 0x$bytes", ({ value, bytes }) => {
    const codec = numbers.get(bytes.length / 2);
    if (codec === undefined) {
      expect(decode(s64, fromHex(bytes))).toBe(BigInt(value));
      expect(toHex(encode(s64, BigInt(value)))).toBe(bytes);
    } else {
      expect(decode(codec, fromHex(bytes))).toBe(Number(value));
      expect(toHex(encode(codec, Number(value)))).toBe(bytes);
    }
  });

  test.each([
    ["s8", s8, 1],
    ["s16", s16, 2],
    ["s32", s32, 4],
  ] as const)("%s has its whole range, and nothing beyond", (_name, codec, width) => {
    const limit = 2 ** (8 * width - 1);
    expect(toHex(encode(codec, -limit))).toBe(`80${"00".repeat(width - 1)}`);
    expect(toHex(encode(codec, limit - 1))).toBe(`7f${"ff".repeat(width - 1)}`);
    for (const value of [limit, -limit - 1, 0.5, Number.NaN]) {
      expect(thrown(() => encode(codec, value)).code).toBe("out_of_range");
    }
  });

  test("s64 has its whole range, and nothing beyond", () => {
    expect(toHex(encode(s64, -(2n ** 63n)))).toBe(`80${"00".repeat(7)}`);
    expect(toHex(encode(s64, 2n ** 63n - 1n))).toBe(`7f${"ff".repeat(7)}`);
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n]) {
      expect(thrown(() => encode(s64, value)).code).toBe("out_of_range");
    }
  });
});
