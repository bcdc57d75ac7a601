import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import {
  type ChannelUpdate2,
  taprootGossipHash,
  taprootGossipMessages,
} from "../../src/opt-in/index.ts";
import { fromHex, messageSet, ping, toHex } from "../../src/index.ts";
import { thrown } from "../support/thrown.ts";

const sig = "a1".repeat(32) + "a2".repeat(32);
const scid = "08083a8400034d0001"; // with its length, 539268x845x1
const shortChannelId = (539268n << 40n) | (845n << 16n) | 1n;
const set = messageSet(taprootGossipMessages);

// The two frames that lnd's tests share with the draft: no unknown even records, no hostname.
const lndSignature = Array.from({ length: 64 }, (_, i) => i.toString(16).padStart(2, "0")).join("");
const lndKey = "28f2af0abe322403480fb3ee172f7f1601e67d1da6cad40b54c4468d48236c39";
const lndChannel =
  `010b0020${"01".repeat(32)}` +
  "02020102" +
  "04080000010000020003" +
  "0502abcd" +
  "060800000000000186a0" +
  `082102${lndKey}` +
  `0a2103${lndKey}` +
  "12220102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f203039" +
  "6f027979" +
  `a040${lndSignature}` +
  "fe3b9aca01027979";
const lndNode =
  "010d00020102" +
  "0103ff0080" +
  "0204000186a0" +
  "03204c696768746e696e67204e6f6465205465737420416c696173204e616d652100" +
  `042102${lndKey}` +
  "050c0a00000123280a0000011f90" +
  "071220010db80000000000000000000000011f40" +
  "09250102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232328" +
  `a040${lndSignature}` +
  "fe3b9aca01027979";

describe("frames of lnd's tests", () => {
  test("a channel comes back, unknown records of both ranges included", () => {
    const message = set.decode(fromHex(lndChannel));
    expect(message).toMatchObject({
      shortChannelId: (1n << 40n) | (2n << 16n) | 3n,
      capacitySatoshis: 100_000n,
      outpoint: { index: 12345 },
      unknown: [{ type: 5n }, { type: 111n }, { type: 1_000_000_001n }],
    });
    expect(toHex(set.encode(message))).toBe(lndChannel);
  });

  test("a node comes back", () => {
    const message = set.decode(fromHex(lndNode));
    expect(message).toMatchObject({
      blockHeight: 100_000,
      ipv4Addrs: [{ port: 9000 }, { port: 8080 }],
      unknown: [{ type: 1_000_000_001n }],
    });
    expect(toHex(set.encode(message))).toBe(lndNode);
  });
});

describe("taprootGossipHash", () => {
  // SHA-256 of two tag hashes and the signed records, computed by other means.
  test.each([
    ["a channel", lndChannel, "41f99453390aec2ac74c6761e88b1608439123827e508e1f4f315e67b12c61c9"],
    ["a node", lndNode, "85cf8bb04685d91f69d4378b2de885eb615266b3b2c632f3029dc7d2e3c4dea6"],
    [
      "an update",
      `010f0020${"01".repeat(32)}02${scid}0a020010a040${sig}`,
      "8519472afae7a21782a91141d4931706175f8d413a58371d3dd959ab2dbe4295",
    ],
    [
      "an update that says nothing",
      "010f",
      "3784a67a5f9c2e34e9aeba8f67fe1b7dffc4dac5955f812cd43ca20150cccbbe",
    ],
  ])("of %s", (_what, frame, hash) => {
    expect(toHex(taprootGossipHash(fromHex(frame)))).toBe(hash);
  });

  const tag = sha256(new TextEncoder().encode("lightningchannel_update_2signature"));
  const hashOf = (signed: string): string =>
    toHex(sha256(fromHex(toHex(tag) + toHex(tag) + signed)));

  test.each([
    ["9f00", true],
    ["a100", false],
    ["fd00fd00", false],
    ["fe3b9ac9ff00", false],
    ["fe3b9aca0100", true],
    ["feb2d05dff00", true],
    ["feb2d05e0100", false],
    ["ff000000010000000100", false],
  ])("covers the record %s: %s", (record, covered) => {
    const first = "040400000100";
    const hash = toHex(taprootGossipHash(fromHex(`010f${first}${record}`)));
    expect(hash).toBe(hashOf(covered ? first + record : first));
  });

  // The borders themselves are even; nobody sends such records yet.
  test.each([
    ["a000", false],
    ["fe3b9aca0000", true],
    ["feb2d05e0000", false],
  ])("would cover the even record %s: %s", (record, covered) => {
    const hash = toHex(taprootGossipHash(fromHex(`010f${record}`)));
    expect(hash).toBe(hashOf(covered ? record : ""));
  });

  test("is that of the message without its signature", () => {
    const update: ChannelUpdate2 = { type: "channel_update_2", shortChannelId, blockHeight: 7 };
    const unsigned = taprootGossipHash(set.encode(update));
    const signed = taprootGossipHash(set.encode({ ...update, signature: fromHex(sig) }));
    expect(toHex(signed)).toBe(toHex(unsigned));
  });

  test("does not change the frame and does not share its bytes", () => {
    const frame = fromHex(lndChannel);
    taprootGossipHash(frame).fill(0);
    expect(toHex(frame)).toBe(lndChannel);
  });

  test.each([
    ["announcement_signatures_2", "0104"],
    [
      "a ping",
      toHex(messageSet([ping]).encode({ type: "ping", numPongBytes: 0, ignored: fromHex("") })),
    ],
  ])("refuses %s", (_what, frame) => {
    const error = thrown(() => taprootGossipHash(fromHex(frame)));
    expect(error).toMatchObject({ name: "DecodeError", code: "invalid_value", offset: 0 });
  });

  test.each([
    ["no type", "01", "short_read", 0],
    ["a record without length", "010f04", "short_read", 3],
    ["a cut record", "010f04040000", "short_read", 4],
    ["a length above 53 bits", "010f04ffffffffffffffffff", "short_read", 12],
    ["a type in a longer form", "010ffd000400", "non_canonical", 2],
    ["a length in a longer form", "010f04fd0000", "non_canonical", 3],
  ])("refuses %s", (_what, frame, code, offset) => {
    const error = thrown(() => taprootGossipHash(fromHex(frame)));
    expect(error).toMatchObject({ name: "DecodeError", code, offset });
  });
});
