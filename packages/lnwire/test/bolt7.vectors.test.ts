import { describe, expect, test } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  fromHex,
  type KnownMessage,
  parseShortChannelId,
  toHex,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";
import extendedQueries from "./vectors/bolt7-extended-queries.json" with { type: "json" };

interface Encoded {
  readonly encoding: string;
}
interface Vector {
  readonly hex: string;
  readonly msg: {
    readonly type: string;
    readonly chainHash: string;
    readonly firstBlockNum?: number;
    readonly numberOfBlocks?: number;
    readonly complete?: number;
    readonly shortChannelIds?: Encoded & { readonly array: readonly string[] };
    readonly timestamps?: Encoded & {
      readonly timestamps: readonly { readonly timestamp1: number; readonly timestamp2: number }[];
    };
    readonly checksums?: {
      readonly checksums: readonly { readonly checksum1: number; readonly checksum2: number }[];
    };
    readonly tlvStream?: { readonly records: readonly (string | Encoded)[] };
  };
}

const all: readonly Vector[] = extendedQueries.vectors;
const usesZlib = ({ msg }: Vector): boolean =>
  [msg.shortChannelIds, msg.timestamps, ...(msg.tlvStream?.records ?? [])].some(
    (list) => typeof list === "object" && list.encoding === "COMPRESSED_ZLIB",
  );
const plain = all.filter((vector) => !usesZlib(vector));
const zlib = all.filter(usesZlib);

/** The message that a vector's description stands for. */
const described = ({ msg }: Vector): KnownMessage => {
  const chainHash = fromHex(msg.chainHash);
  const shortChannelIds = msg.shortChannelIds?.array.map(parseShortChannelId) ?? [];
  if (msg.type === "QueryShortChannelIds") {
    return { type: "query_short_channel_ids", chainHash, shortChannelIds };
  }
  const blocks = {
    chainHash,
    firstBlocknum: msg.firstBlockNum as number,
    numberOfBlocks: msg.numberOfBlocks as number,
  };
  if (msg.type === "QueryChannelRange") {
    const wanted = msg.tlvStream?.records.includes("WANT_TIMESTAMPS | WANT_CHECKSUMS");
    return { type: "query_channel_range", ...blocks, ...(wanted ? { queryOption: 3n } : {}) };
  }
  const timestamps = msg.timestamps?.timestamps.map(({ timestamp1: node1, timestamp2: node2 }) => ({
    node1,
    node2,
  }));
  const checksums = msg.checksums?.checksums.map(({ checksum1: node1, checksum2: node2 }) => ({
    node1,
    node2,
  }));
  return {
    type: "reply_channel_range",
    ...blocks,
    syncComplete: msg.complete === 1,
    shortChannelIds,
    ...(timestamps === undefined ? {} : { timestamps }),
    ...(checksums === undefined ? {} : { checksums }),
  };
};

test("half of the queries are plain", () => {
  expect([plain.length, zlib.length]).toEqual([5, 5]);
});

describe("plain queries", () => {
  test.each(plain)("$msg.type 0x$hex is read and written", (vector) => {
    const message = decodeMessage(fromHex(vector.hex));
    expect(message).toStrictEqual(described(vector));
    expect(toHex(encodeMessage(message))).toBe(vector.hex);
  });
});

describe("queries with the encoding that must not be used any more", () => {
  test.each(zlib)("$msg.type 0x$hex is refused", ({ hex }) => {
    const error = thrown(() => decodeMessage(fromHex(hex)));
    expect(error).toMatchObject({ name: "DecodeError", code: "unsupported_encoding" });
  });
});
