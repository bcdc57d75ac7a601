import { describe, expect, test } from "vitest";
import {
  chainHashOf,
  type ChannelAnnouncement,
  type ChannelKeys,
  type ChannelUpdate,
  compareBytes,
  decodeMessage,
  directionOf,
  encodeMessage,
  fromHex,
  gossipHash,
  type NodeAnnouncement,
  nobleSignatures,
  type SignatureCrypto,
  type SignedGossip,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toHex,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";
import vectors from "./vectors/gossip-signatures.json" with { type: "json" };

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keys: ChannelKeys = {
  nodeKey1: key(1),
  nodeKey2: key(2),
  bitcoinKey1: key(3),
  bitcoinKey2: key(4),
};
const extension = [{ type: 55555n, value: fromHex("ffffffff00000001") }];

const announcement = signChannelAnnouncement(
  {
    type: "channel_announcement",
    features: fromHex(""),
    chainHash: chainHashOf("regtest"),
    shortChannelId: 1n,
  },
  keys,
);
const node = signNodeAnnouncement(
  {
    type: "node_announcement",
    features: fromHex("02"),
    timestamp: 1,
    rgbColor: fromHex("ff0000"),
    alias: new Uint8Array(32),
    addresses: [
      { type: "ipv4", address: fromHex("cb007105"), port: 9735 },
      { type: "opaque", data: fromHex("06abcd") },
    ],
  },
  keys.nodeKey1,
);
const unsignedUpdate: Omit<ChannelUpdate, "signature"> = {
  type: "channel_update",
  chainHash: chainHashOf("regtest"),
  shortChannelId: 1n,
  timestamp: 1,
  messageFlags: 1,
  channelFlags: 0,
  cltvExpiryDelta: 40,
  htlcMinimumMsat: 1n,
  feeBaseMsat: 1000,
  feeProportionalMillionths: 1,
  htlcMaximumMsat: 10n ** 9n,
};

/** The private key behind the first or second node id of the announcement. */
const nodeKeyOf = (nodeId: Uint8Array): Uint8Array =>
  compareBytes(nobleSignatures.publicKey(keys.nodeKey1), nodeId) === 0
    ? keys.nodeKey1
    : keys.nodeKey2;
const update = signChannelUpdate(unsignedUpdate, nodeKeyOf(announcement.nodeId1));

const verify = (message: SignedGossip, crypto: SignatureCrypto = nobleSignatures): boolean => {
  switch (message.type) {
    case "channel_announcement":
      return verifyChannelAnnouncement(message, { crypto });
    case "node_announcement":
      return verifyNodeAnnouncement(message, { crypto });
    case "channel_update":
      return verifyChannelUpdate(message, announcement, { crypto });
  }
};
const signed: readonly SignedGossip[] = [announcement, node, update];

/** S replaced by n - S: as good for the curve, and not the one form that is accepted. */
const withHighS = (signature: Uint8Array): Uint8Array => {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = BigInt(`0x${toHex(signature.subarray(32))}`);
  return fromHex(toHex(signature.subarray(0, 32)) + (n - s).toString(16).padStart(64, "0"));
};
// No point of the curve has this x.
const offCurve = fromHex(`02${"00".repeat(31)}05`);

describe("messages that other software signed", () => {
  const { frame, hash } = vectors.channelAnnouncement;
  const message = decodeMessage(fromHex(frame)) as ChannelAnnouncement;
  const valid = (of: ChannelAnnouncement): boolean[] => {
    const digest = gossipHash(encodeMessage(of));
    return [
      nobleSignatures.verify(of.nodeSignature1, digest, of.nodeId1),
      nobleSignatures.verify(of.nodeSignature2, digest, of.nodeId2),
      nobleSignatures.verify(of.bitcoinSignature1, digest, of.bitcoinKey1),
      nobleSignatures.verify(of.bitcoinSignature2, digest, of.bitcoinKey2),
    ];
  };

  test("a channel announcement has the hash that another node computed", () => {
    expect(toHex(gossipHash(fromHex(frame)))).toBe(hash);
  });

  test("one end of it signed with features and the other without", () => {
    expect(valid(message)).toEqual([false, true, false, true]);
    const bare = { ...message, features: fromHex("") };
    expect(valid(bare)).toEqual([true, false, true, false]);
    expect([verify(message), verify(bare)]).toEqual([false, false]);
  });

  test.each(vectors.nodeAnnouncements)("node announcement 0x%s", (hex) => {
    const read = decodeMessage(fromHex(hex)) as NodeAnnouncement;
    expect(verifyNodeAnnouncement(read)).toBe(true);
    expect(verifyNodeAnnouncement({ ...read, timestamp: read.timestamp + 1 })).toBe(false);
  });
});

describe.each(signed.map((message) => [message.type, message] as const))("%s", (type, message) => {
  const frame = encodeMessage(message);
  const signatures = type === "channel_announcement" ? 4 : 1;
  const start = 2 + 64 * signatures;

  test("is signed and verified, also after a way over the wire", () => {
    expect(verify(message)).toBe(true);
    expect(verify(decodeMessage(frame) as SignedGossip)).toBe(true);
  });

  test("is signed in the one deterministic way", () => {
    const again = [
      signChannelAnnouncement({ ...announcement }, keys),
      signNodeAnnouncement({ ...node }, keys.nodeKey1),
      signChannelUpdate({ ...update }, nodeKeyOf(announcement.nodeId1)),
    ];
    expect(again).toContainEqual(message);
  });

  test("is refused with any bit of what is signed flipped", () => {
    const hash = toHex(gossipHash(frame));
    let refused = 0;
    for (let bit = 8 * start; bit < 8 * frame.length; bit++) {
      const flipped = frame.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(toHex(gossipHash(flipped))).not.toBe(hash);
      // Verifying costs milliseconds: one bit of each byte.
      if ((bit & 7) !== (bit >> 3) % 8) continue;
      let read: SignedGossip;
      try {
        read = decodeMessage(flipped) as SignedGossip;
      } catch {
        continue;
      }
      expect(verify(read)).toBe(false);
      refused += 1;
    }
    expect(refused).toBeGreaterThan((frame.length - start) / 2);
  });

  test("is refused with a bit of any signature flipped", () => {
    for (let i = 0; i < signatures; i++) {
      for (const byte of [0, 31, 32, 63]) {
        const flipped = frame.slice();
        flipped[2 + 64 * i + byte]! ^= 1;
        expect(verify(decodeMessage(flipped) as SignedGossip)).toBe(false);
      }
    }
  });

  test("is refused with signatures of zeros or of ones", () => {
    for (const byte of [0, 255]) {
      const forged = frame.slice().fill(byte, 2, start);
      expect(verify(decodeMessage(forged) as SignedGossip)).toBe(false);
    }
  });

  test("is refused with a high S", () => {
    const changed = { ...message } as Record<string, unknown>;
    for (const [field, value] of Object.entries(message)) {
      if (/signature/i.test(field)) {
        expect(verify({ ...message, [field]: withHighS(value as Uint8Array) })).toBe(false);
        changed[field] = withHighS(value as Uint8Array);
      }
    }
    expect(verify(changed as unknown as SignedGossip)).toBe(false);
  });

  test("is covered to its end, unknown records included", () => {
    expect(verify({ ...message, unknown: extension } as SignedGossip)).toBe(false);
  });

  test("is verified by the backend that is passed in", () => {
    const calls: string[] = [];
    const crypto: SignatureCrypto = {
      ...nobleSignatures,
      verify: (_signature, hash, publicKey) => {
        calls.push(toHex(hash), toHex(publicKey));
        return true;
      },
    };
    expect(verify(message, crypto)).toBe(true);
    expect(calls.length).toBe(2 * signatures);
    expect(new Set(calls.filter((_, i) => i % 2 === 0))).toEqual(
      new Set([toHex(gossipHash(frame))]),
    );
  });
});

describe("unknown records", () => {
  const extended: readonly SignedGossip[] = [
    signChannelAnnouncement({ ...announcement, unknown: extension }, keys),
    signNodeAnnouncement({ ...node, unknown: extension }, keys.nodeKey1),
    signChannelUpdate({ ...update, unknown: extension }, nodeKeyOf(announcement.nodeId1)),
  ];

  test.each(extended.map((message) => [message.type, message] as const))(
    "of a %s are signed with it",
    (_type, message) => {
      const frame = encodeMessage(message);
      expect(verify(decodeMessage(frame) as SignedGossip)).toBe(true);
      const changed = frame.slice();
      changed[changed.length - 1]! ^= 1;
      expect(verify(decodeMessage(changed) as SignedGossip)).toBe(false);
      const { unknown: _, ...without } = message;
      expect(verify(without as SignedGossip)).toBe(false);
    },
  );
});

describe("a channel announcement", () => {
  test("orders its ends by node id, whichever way the keys come", () => {
    const swapped = signChannelAnnouncement(announcement, {
      nodeKey1: keys.nodeKey2,
      nodeKey2: keys.nodeKey1,
      bitcoinKey1: keys.bitcoinKey2,
      bitcoinKey2: keys.bitcoinKey1,
    });
    expect(swapped).toEqual(announcement);
    expect(compareBytes(announcement.nodeId1, announcement.nodeId2)).toBeLessThan(0);
  });

  // Signed as they stand, by a backend that gives out its public keys in the wrong order.
  test("with node ids out of order or equal is refused, however well signed", () => {
    for (const [first, second] of [
      [nodeKeyOf(announcement.nodeId2), nodeKeyOf(announcement.nodeId1)],
      [keys.nodeKey1, keys.nodeKey1],
    ] as const) {
      const wrong: ChannelAnnouncement = {
        ...announcement,
        nodeId1: nobleSignatures.publicKey(first),
        nodeId2: nobleSignatures.publicKey(second),
      };
      const hash = gossipHash(encodeMessage(wrong));
      const resigned: ChannelAnnouncement = {
        ...wrong,
        nodeSignature1: nobleSignatures.sign(hash, first),
        nodeSignature2: nobleSignatures.sign(hash, second),
        bitcoinSignature1: nobleSignatures.sign(hash, bitcoinKeyOf(wrong.bitcoinKey1)),
        bitcoinSignature2: nobleSignatures.sign(hash, bitcoinKeyOf(wrong.bitcoinKey2)),
      };
      expect(nobleSignatures.verify(resigned.nodeSignature1, hash, resigned.nodeId1)).toBe(true);
      expect(verify(resigned)).toBe(false);
    }
  });

  test("needs each of its four signatures", () => {
    const fields = [
      "nodeSignature1",
      "nodeSignature2",
      "bitcoinSignature1",
      "bitcoinSignature2",
    ] as const;
    for (const field of fields) {
      for (const other of fields.filter((name) => name !== field)) {
        expect(verify({ ...announcement, [field]: announcement[other] })).toBe(false);
      }
    }
  });

  const bitcoinKeyOf = (publicKey: Uint8Array): Uint8Array =>
    compareBytes(nobleSignatures.publicKey(keys.bitcoinKey1), publicKey) === 0
      ? keys.bitcoinKey1
      : keys.bitcoinKey2;
});

describe("a channel update", () => {
  test.each([
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
    [254, 0],
    [255, 1],
  ])("with flags %i has direction %i", (channelFlags, direction) => {
    expect(directionOf({ channelFlags })).toBe(direction);
  });

  test("comes from the node that its direction names", () => {
    const [one, two] = [nodeKeyOf(announcement.nodeId1), nodeKeyOf(announcement.nodeId2)];
    const back = { ...unsignedUpdate, channelFlags: 3 };
    expect(verify(signChannelUpdate(back, two))).toBe(true);
    expect(verify(signChannelUpdate(back, one))).toBe(false);
    expect(verify(signChannelUpdate(unsignedUpdate, two))).toBe(false);
  });
});

describe("malformed keys and signatures", () => {
  test("a key off the curve verifies nothing", () => {
    expect(verify({ ...node, nodeId: offCurve })).toBe(false);
    expect(verify({ ...announcement, nodeId1: offCurve })).toBe(false);
    expect(verify({ ...announcement, bitcoinKey2: offCurve })).toBe(false);
  });

  test.each([
    ["off the curve", offCurve],
    ["with another prefix", fromHex(`05${"11".repeat(32)}`)],
    ["of no bytes", fromHex("")],
    ["of 65 bytes", fromHex(`04${"11".repeat(64)}`)],
  ])("an announced key %s verifies no update", (_what, nodeId) => {
    expect(verifyChannelUpdate(update, { nodeId1: nodeId, nodeId2: nodeId })).toBe(false);
  });

  test("a message that could not be sent is an error of its own", () => {
    const error = thrown(() => verify({ ...node, nodeId: fromHex(`05${"11".repeat(32)}`) }));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
    expect(thrown(() => verify({ ...update, signature: fromHex("00") })).code).toBe("wrong_length");
  });

  test("the backend says false, never throws", () => {
    const hash = gossipHash(encodeMessage(node));
    expect(nobleSignatures.verify(node.signature, hash, node.nodeId)).toBe(true);
    expect(nobleSignatures.verify(node.signature.subarray(1), hash, node.nodeId)).toBe(false);
    expect(nobleSignatures.verify(node.signature, hash.subarray(1), node.nodeId)).toBe(false);
    expect(nobleSignatures.verify(node.signature, hash, node.nodeId.subarray(1))).toBe(false);
    expect(nobleSignatures.verify(node.signature, hash, offCurve)).toBe(false);
  });
});
