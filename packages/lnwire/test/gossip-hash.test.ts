import { concatBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  channelUpdateChecksum,
  decodeMessage,
  encodeMessage,
  fromHex,
  gossipHash,
  signedPart,
  toHex,
} from "../src/index.ts";
import { signaturesOf, signed, update } from "./support/signed-gossip.ts";
import { thrown } from "./support/thrown.ts";
import vectors from "./vectors/gossip-signatures.json" with { type: "json" };

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** A frame of a type with its signatures, and what follows them. */
const frameOf = (id: string, signatures: number, rest: string): Uint8Array =>
  fromHex(`${id}${"aa".repeat(64 * signatures)}${rest}`);

describe("what is signed", () => {
  test.each([
    ["channel_announcement", "0100", 4],
    ["node_announcement", "0101", 1],
    ["channel_update", "0102", 1],
  ])("of a %s is all that follows its signatures, readable or not", (_name, id, signatures) => {
    for (const rest of ["", "00", "0102030405", "ff".repeat(300)]) {
      expect(toHex(signedPart(frameOf(id, signatures, rest)))).toBe(rest);
    }
  });

  test("is a view of the frame", () => {
    const whole = new Uint8Array(200);
    const frame = whole.subarray(10, 110);
    frame.set(fromHex("0102"));
    const part = signedPart(frame);
    expect([part.buffer, part.byteOffset, part.length]).toEqual([whole.buffer, 10 + 66, 34]);
    whole[109] = 7;
    expect(part[33]).toBe(7);
  });

  test("is hashed twice", () => {
    const { frame, hash } = vectors.channelAnnouncement;
    expect(toHex(gossipHash(fromHex(frame)))).toBe(hash);
    // SHA-256 of SHA-256 of nothing.
    expect(toHex(gossipHash(frameOf("0101", 1, "")))).toBe(
      "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456",
    );
  });

  test.each(signed.map((message) => [message.type, message] as const))(
    "does not depend on the signatures of a %s, and on every other bit",
    (type, message) => {
      const frame = encodeMessage(message);
      const start = 2 + 64 * signaturesOf(type);
      const hash = toHex(gossipHash(frame));
      expect(toHex(gossipHash(frame.slice().fill(0x55, 2, start)))).toBe(hash);
      for (let bit = 8 * start; bit < 8 * frame.length; bit++) {
        const flipped = frame.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(toHex(gossipHash(flipped))).not.toBe(hash);
      }
      for (const more of ["00", "0000", "c9"]) {
        expect(toHex(gossipHash(concatBytes(frame, fromHex(more))))).not.toBe(hash);
      }
    },
  );

  test.each([
    ["announcement_signatures", 259],
    ["init", 16],
    ["query_short_channel_ids", 261],
    ["what nobody knows", 255],
  ])("of %s is nothing", (_name, id) => {
    const frame = filled(500, 1);
    frame.set([id >> 8, id & 255]);
    for (const run of [signedPart, gossipHash]) {
      expect(thrown(() => run(frame))).toMatchObject({
        name: "DecodeError",
        code: "invalid_value",
        offset: 0,
        path: [],
        detail: `message ${id} is no gossip that is signed`,
      });
    }
  });

  test.each([
    ["no bytes", "", 0],
    ["half a type", "01", 0],
    ["a type alone", "0102", 2],
    ["a signature cut", `0102${"aa".repeat(63)}`, 2],
    ["the fourth signature cut", `0100${"aa".repeat(255)}`, 2],
  ])("of %s cannot be said", (_what, hex, offset) => {
    for (const run of [signedPart, gossipHash]) {
      expect(thrown(() => run(fromHex(hex)))).toMatchObject({
        name: "DecodeError",
        code: "short_read",
        offset,
      });
    }
  });
});

/** CRC32C (RFC 3720) bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

// RFC 3720 B.4: an iSCSI SCSI Read (10) command.
const scsiRead =
  "01c00000000000000000000000000000" +
  "14000000000004000000001400000018" +
  "28000000000000000200000000000000";

describe("the checksum of an update", () => {
  const chainAndChannel = 40;

  // Two updates of regtest whose checksums two other implementations agree on.
  test.each([
    [
      "that is shorter than today's",
      "010276df7e70c63cc2b63ef1c062b99c6d934a80ef2fd4dae9e1d86d277f47674af3255a97fa52ade7f129263f591ed7" +
        "84996eba6383135896cc117a438c8029328206226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188" +
        "910f00006700000100005d50f933000000900000000000000000000003e80000000a",
      0x1112fa30,
    ],
    [
      "of today's form",
      "010206737e9e18d3e4d0ab4066ccaecdcc10e648c5f1c5413f1610747e0d463fa7fa39c1b02ea2fd694275ecfefe4fe9" +
        "631f24afd182ab75b805e16cd550941f858c06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188" +
        "910f00006d00000100005d50f935010000300000000000000000000000640000000b00000000000186a0",
      0xf32ce968,
    ],
  ])("%s", (_what, hex, checksum) => {
    expect(channelUpdateChecksum(fromHex(hex))).toBe(checksum);
  });

  test("needs no update that can be read", () => {
    const short = fromHex(`0102${"00".repeat(64 + 40 + 4)}`);
    expect(thrown(() => decodeMessage(short))).toMatchObject({ code: "short_read" });
    expect(channelUpdateChecksum(short)).toBe(crc32c(filled(40, 0)));
  });

  test("is CRC32C as RFC 3720 has it", () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(crc32c(filled(32, 0))).toBe(0x8a9136aa);
    expect(crc32c(filled(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(ascending)).toBe(0x46dd794e);
    expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c);
    expect(crc32c(fromHex(scsiRead))).toBe(0xd9963a56);

    const head = scsiRead.slice(0, 2 * chainAndChannel);
    const rest = scsiRead.slice(2 * chainAndChannel);
    const frame = frameOf("0102", 1, `${head}ffffffff${rest}`);
    expect(channelUpdateChecksum(frame)).toBe(0xd9963a56);
  });

  test("is CRC32C at any length", () => {
    for (let length = 0; length <= 100; length++) {
      const rest = Uint8Array.from({ length }, (_, i) => (i * 73 + length) & 0xff);
      const frame = concatBytes(encodeMessage(update).subarray(0, 66 + 44), rest);
      const summed = concatBytes(frame.subarray(66, 66 + 40), rest);
      expect(channelUpdateChecksum(frame)).toBe(crc32c(summed));
    }
    const long = concatBytes(fromHex("0102"), filled(65533, 0x9c));
    expect(channelUpdateChecksum(long)).toBe(crc32c(filled(65533 - 64 - 4, 0x9c)));
  });

  test("does not change with signature and timestamp, and with every other bit", () => {
    const frame = concatBytes(encodeMessage(update), fromHex("c902abcd"));
    const checksum = channelUpdateChecksum(frame);
    for (let bit = 16; bit < 8 * frame.length; bit++) {
      const byte = bit >> 3;
      const flipped = frame.slice();
      flipped[byte]! ^= 1 << (bit & 7);
      const isLeftOut = byte < 66 || (byte >= 66 + 40 && byte < 66 + 44);
      expect([byte, channelUpdateChecksum(flipped) === checksum]).toEqual([byte, isLeftOut]);
    }
  });

  test.each([
    ["a channel_announcement", 256],
    ["a node_announcement", 257],
    ["announcement_signatures", 259],
    ["a ping", 18],
  ])("is none of %s", (_name, id) => {
    const frame = filled(500, 1);
    frame.set([id >> 8, id & 255]);
    expect(thrown(() => channelUpdateChecksum(frame))).toMatchObject({
      name: "DecodeError",
      code: "invalid_value",
      offset: 0,
      path: [],
      detail: `message ${id} is no channel_update`,
    });
  });

  test("needs all bytes up to the timestamp's end", () => {
    const frame = encodeMessage(update);
    for (let end = 0; end < 2 + 64 + 40 + 4; end++) {
      const error = thrown(() => channelUpdateChecksum(frame.subarray(0, end)));
      const offset = end < 2 ? 0 : end < 66 ? 2 : end < 106 ? 66 : 106;
      expect(error).toMatchObject({ name: "DecodeError", code: "short_read", offset });
    }
  });
});
