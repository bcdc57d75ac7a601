import { chainHashOf, encodeMessage, fromHex, toHex } from "@satwire/lnwire";
import { GossipFileError, GossipStore } from "@satwire/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { announcement, idIn, node, regtest, update } from "../support/unsigned-gossip.ts";

const store = new GossipStore(regtest);
store.addAll([announcement(idIn(7)), update(idIn(7), 0, 5), update(idIn(7), 1, 6), node(1, 2)]);
const saved = store.save();
const headerLength = 8 + 2 + 32 + 4;

const failure = (bytes: Uint8Array): GossipFileError => {
  try {
    GossipStore.load(bytes);
  } catch (error) {
    if (error instanceof GossipFileError) return error;
    throw error;
  }
  throw new Error("it was loaded");
};

const changed = (at: number, ...bytes: number[]): Uint8Array => {
  const copy = saved.slice();
  copy.set(bytes, at);
  return copy;
};

describe("a saved store", () => {
  test("is what its documentation says", () => {
    const expected = [
      toHex(new TextEncoder().encode("satgossp")),
      "0001",
      toHex(regtest),
      "00000004",
      ...[...store].flatMap((message) => {
        const frame = encodeMessage(message);
        return [frame.length.toString(16).padStart(4, "0"), toHex(frame)];
      }),
    ];
    expect(toHex(saved)).toBe(expected.join(""));
  });

  test.each([
    ["nothing", new GossipStore(chainHashOf("signet"))],
    [
      "channels and nodes",
      GossipStore.generate({ nodes: 5, channels: 9, seed: 2, chain: "testnet4" }),
    ],
  ])("with %s is loaded as it was", (_, original) => {
    const copy = GossipStore.load(original.save());
    expect(copy.chainHash).toEqual(original.chainHash);
    expect([...copy]).toEqual([...original]);
    expect([...copy.frames()]).toEqual([...original.frames()]);
  });

  test("is loaded from the middle of a buffer", () => {
    const buffer = new Uint8Array(saved.length + 20);
    buffer.set(saved, 10);
    const copy = GossipStore.load(buffer.subarray(10, 10 + saved.length));
    expect([...copy]).toEqual([...store]);
  });
});

describe("what cannot be loaded", () => {
  test.each<[string, Uint8Array, string, number]>([
    ["nothing", new Uint8Array(0), "not_gossip", 0],
    ["something else", fromHex("89504e470d0a1a0a"), "not_gossip", 0],
    ["a magic with one wrong letter", changed(7, 0x71), "not_gossip", 0],
    ["a version to come", changed(8, 0, 2), "unsupported_version", 8],
    ["a header that is cut", saved.subarray(0, headerLength - 1), "truncated", headerLength - 1],
    ["a count above what follows", changed(42, 0xff, 0xff, 0xff, 0xff), "truncated", saved.length],
    ["a length that is cut", saved.subarray(0, headerLength + 1), "truncated", headerLength + 1],
    ["a message that is cut", saved.subarray(0, saved.length - 1), "truncated", saved.length - 1],
    ["a length beyond the end", changed(headerLength, 0xff, 0xff), "truncated", saved.length],
    ["a count below what follows", changed(42, 0, 0, 0, 0), "trailing_bytes", headerLength],
    ["a message that is none of gossip", changed(headerLength + 2, 0, 18), "bad_message", 48],
    ["a message that is malformed", changed(headerLength, 0, 9), "bad_message", 48],
  ])("%s", (_, bytes, code, offset) => {
    expect(failure(bytes)).toMatchObject({ name: "GossipFileError", code, offset });
  });

  test("messages of another chain than the file says", () => {
    const error = failure(changed(10, 1, 2, 3));
    expect(error).toMatchObject({ code: "bad_message", offset: 48 });
    expect(error.message).toMatch(/^at byte 48: this channel_announcement belongs to nothing/);
  });

  test("says which message was malformed, and why", () => {
    const error = failure(changed(headerLength, 0, 9));
    expect(error.message).toMatch(/^at byte 48: channel_announcement/);
    expect(error.cause).toMatchObject({ name: "DecodeError", code: "short_read" });
  });

  test("any bytes: loaded, or refused with this error and no other", () => {
    const cut = fc.nat({ max: saved.length });
    const patch = fc.tuple(fc.nat({ max: saved.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 4 }), cut, (patches, length) => {
        const bytes = saved.slice();
        for (const [at, value] of patches) bytes[at] = value;
        try {
          GossipStore.load(bytes.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(GossipFileError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
