import { expect, test } from "vitest";
import {
  chainHashOf,
  decodeMessage,
  encodeMessage,
  gossipHash,
  nobleSignatures,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toHex,
} from "../src/index.ts";

// Does not measure: the transport, storing what is read. One thread, messages of usual size.

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const chainHash = chainHashOf("mainnet");
const messages = [
  signChannelUpdate(
    {
      type: "channel_update",
      chainHash,
      shortChannelId: 1n,
      timestamp: 1,
      messageFlags: 1,
      channelFlags: 0,
      cltvExpiryDelta: 40,
      htlcMinimumMsat: 1n,
      feeBaseMsat: 1000,
      feeProportionalMillionths: 1,
      htlcMaximumMsat: 10n ** 9n,
    },
    key(1),
  ),
  signNodeAnnouncement(
    {
      type: "node_announcement",
      features: new Uint8Array(8),
      timestamp: 1,
      rgbColor: new Uint8Array(3),
      alias: new Uint8Array(32),
      addresses: [
        { type: "ipv4", address: new Uint8Array(4), port: 9735 },
        { type: "torv3", address: new Uint8Array(35), port: 9735 },
      ],
    },
    key(1),
  ),
  signChannelAnnouncement(
    { type: "channel_announcement", features: new Uint8Array(0), chainHash, shortChannelId: 1n },
    { nodeKey1: key(1), nodeKey2: key(2), bitcoinKey1: key(3), bitcoinKey2: key(4) },
  ),
];

for (const message of messages) {
  const frame = encodeMessage(message);

  test(`${message.type}, ${frame.length} bytes`, async ({ bench }) => {
    const read = decodeMessage(frame);
    expect(toHex(encodeMessage(read))).toBe(toHex(frame));
    await bench.compare(
      bench("decode", () => {
        decodeMessage(frame);
      }),
      bench("encode", () => {
        encodeMessage(read);
      }),
      bench("hash that is signed", () => {
        gossipHash(frame);
      }),
      { time: 1000 },
    );
  });
}

test("one signature", async ({ bench }) => {
  const publicKey = nobleSignatures.publicKey(key(1));
  const hash = key(7);
  const signature = nobleSignatures.sign(hash, key(1));
  expect(nobleSignatures.verify(signature, hash, publicKey)).toBe(true);
  await bench.compare(
    bench("verify", () => {
      nobleSignatures.verify(signature, hash, publicKey);
    }),
    bench("sign", () => {
      nobleSignatures.sign(hash, key(1));
    }),
    { time: 1000 },
  );
});
