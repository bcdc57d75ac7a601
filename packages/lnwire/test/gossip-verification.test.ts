import { concatBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  type ChannelAnnouncement,
  DecodeError,
  decodeMessage,
  encodeMessage,
  fromHex,
  gossipHash,
  lightningMessages,
  type NodeAnnouncement,
  nobleSignatures,
  type SignatureCrypto,
  type SignedGossip,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toHex,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "../src/index.ts";
import {
  announcement,
  keys,
  node,
  offCurve,
  privateKeyOf,
  signaturesOf,
  signed,
  signFrame,
  update,
  verify,
  verifyFrame,
  verifyMessage,
  withHighS,
} from "./support/signed-gossip.ts";
import { thrown } from "./support/thrown.ts";
import vectors from "./vectors/gossip-signatures.json" with { type: "json" };

const extension = [{ type: 55555n, value: fromHex("ffffffff00000001") }];

const flip = (frame: Uint8Array, byte: number, bit: number): Uint8Array => {
  const flipped = frame.slice();
  flipped[byte]! ^= 1 << bit;
  return flipped;
};

/** Whether a frame is verified; one that lacks a field is not. */
const isVerified = (type: SignedGossip["type"], frame: Uint8Array): boolean => {
  try {
    return verifyFrame(type, frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return false;
  }
};

describe("messages that other software signed", () => {
  const message = decodeMessage(fromHex(vectors.channelAnnouncement.frame)) as ChannelAnnouncement;
  const valid = (of: ChannelAnnouncement): boolean[] => {
    const digest = gossipHash(encodeMessage(of));
    return [
      nobleSignatures.verify(of.nodeSignature1, digest, of.nodeId1),
      nobleSignatures.verify(of.nodeSignature2, digest, of.nodeId2),
      nobleSignatures.verify(of.bitcoinSignature1, digest, of.bitcoinKey1),
      nobleSignatures.verify(of.bitcoinSignature2, digest, of.bitcoinKey2),
    ];
  };

  test("one end of a channel signed with features and the other without", () => {
    expect(valid(message)).toEqual([false, true, false, true]);
    const bare = { ...message, features: fromHex("") };
    expect(valid(bare)).toEqual([true, false, true, false]);
    expect([verify(message), verify(bare)]).toEqual([false, false]);
  });

  test.each(vectors.nodeAnnouncements)("node announcement 0x%s", (hex) => {
    const read = decodeMessage(fromHex(hex)) as NodeAnnouncement;
    expect(verifyNodeAnnouncement(fromHex(hex))).toBe(true);
    expect(verifyNodeAnnouncement(read)).toBe(true);
    expect(verify({ ...read, timestamp: read.timestamp + 1 })).toBe(false);
  });
});

describe.each(signed.map((message) => [message.type, message] as const))("%s", (type, message) => {
  const frame = encodeMessage(message);
  const signatures = signaturesOf(type);
  const start = 2 + 64 * signatures;

  test("is signed and verified, also after a way over the wire", () => {
    expect(verify(message)).toBe(true);
    expect(verify(decodeMessage(frame) as SignedGossip)).toBe(true);
  });

  test("is verified where it lies in a larger buffer", () => {
    const buffer = concatBytes(fromHex("ffff"), frame, fromHex("ffff"));
    const view = buffer.subarray(2, 2 + frame.length);
    expect(verifyFrame(type, view)).toBe(true);
    expect(verifyMessage(decodeMessage(view) as SignedGossip)).toBe(true);
  });

  test("is signed in the one deterministic way", () => {
    const again = [
      signChannelAnnouncement({ ...announcement }, keys),
      signNodeAnnouncement({ ...node }, keys.nodeKey1),
      signChannelUpdate({ ...update }, privateKeyOf(announcement.nodeId1)),
    ];
    expect(again).toContainEqual(message);
  });

  // Verifying costs milliseconds: one bit of each byte, and every third as a message too.
  test("is refused with a bit of what is signed flipped", () => {
    let messages = 0;
    for (let byte = start; byte < frame.length; byte++) {
      const flipped = flip(frame, byte, byte % 8);
      expect(isVerified(type, flipped)).toBe(false);
      const found = lightningMessages.inspect(flipped);
      if (byte % 3 !== 0 || !found.valid) continue;
      expect(verifyMessage(found.message as SignedGossip)).toBe(false);
      messages += 1;
    }
    expect(messages).toBeGreaterThan((frame.length - start) / 6);
  });

  test("is refused with a bit of any signature flipped", () => {
    for (let i = 0; i < signatures; i++) {
      for (const byte of [0, 31, 32, 63]) {
        const flipped = flip(frame, 2 + 64 * i + byte, 0);
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
    for (const source of ["frame", "message"]) {
      const calls: string[] = [];
      const crypto: SignatureCrypto = {
        ...nobleSignatures,
        verify: (_signature, hash, publicKey) => {
          calls.push(toHex(hash), toHex(publicKey));
          return true;
        },
      };
      const verdict =
        source === "frame"
          ? verifyFrame(type, frame, { crypto })
          : verifyMessage(message, { crypto });
      expect(verdict).toBe(true);
      expect(calls.length).toBe(2 * signatures);
      expect(new Set(calls.filter((_, i) => i % 2 === 0))).toEqual(
        new Set([toHex(gossipHash(frame))]),
      );
    }
  });

  test.each([
    ["an unknown even record", "0000", "unknown_required"],
    ["a record cut in its value", "c902aa", "short_read"],
    ["a record without length", "c9", "short_read"],
    ["records in descending order", "cb00c900", "out_of_order"],
    ["a type in a longer form", "fd00c900", "non_canonical"],
  ])("followed by %s cannot be read, and is verified as it came", (_what, hex, code) => {
    const signedFrame = signFrame(type, concatBytes(frame, fromHex(hex)));
    expect(thrown(() => decodeMessage(signedFrame))).toMatchObject({ code, path: [type] });
    expect(verifyFrame(type, signedFrame)).toBe(true);
    const last = signedFrame.length - 1;
    expect(verifyFrame(type, flip(signedFrame, last, 0))).toBe(false);
    expect(verifyFrame(type, signedFrame.subarray(0, last))).toBe(false);
    expect(verifyFrame(type, signedFrame.subarray(0, frame.length))).toBe(false);
    expect(verifyFrame(type, concatBytes(frame, fromHex(hex)))).toBe(false);
  });

  test("as a frame of another type is none", () => {
    const others = signed.filter((other) => other.type !== type).map(encodeMessage);
    for (const other of [...others, fromHex("0103"), fromHex("001000000000"), fromHex("00ff")]) {
      const error = thrown(() => verifyFrame(type, other));
      expect(error).toMatchObject({ name: "DecodeError", code: "invalid_value", offset: 0 });
      expect(error.detail).toBe(`message ${other[0]! * 256 + other[1]!} is no ${type}`);
    }
  });

  test("of no bytes or one is none", () => {
    for (const hex of ["", "01"]) {
      const error = thrown(() => verifyFrame(type, fromHex(hex)));
      expect(error).toMatchObject({ name: "DecodeError", code: "short_read", offset: 0, path: [] });
    }
  });

  test("cut at any byte is none, and names the field that is cut", () => {
    const decoded = (end: number): unknown => thrown(() => decodeMessage(frame.subarray(0, end)));
    const names = new Set<string | number | undefined>();
    for (let end = 2; end < frame.length; end++) {
      const error = thrown(() => verifyFrame(type, frame.subarray(0, end)));
      expect([error.name, error.code, error.path[0]]).toEqual(["DecodeError", "short_read", type]);
      expect(error).toEqual(decoded(end));
      names.add(error.path[1]);
    }
    expect(names.add("type")).toEqual(new Set(Object.keys(message)));
  });

  test("that could not be sent is an error of its own", () => {
    const fields = { chainHash: fromHex("00"), nodeId: fromHex("00") };
    const field = "chainHash" in message ? "chainHash" : "nodeId";
    const wrong = { ...message, [field]: fields[field] } as SignedGossip;
    expect(thrown(() => verifyMessage(wrong))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
      path: [type, field],
    });
  });
});

describe("unknown records", () => {
  const extended: readonly SignedGossip[] = [
    signChannelAnnouncement({ ...announcement, unknown: extension }, keys),
    signNodeAnnouncement({ ...node, unknown: extension }, keys.nodeKey1),
    signChannelUpdate({ ...update, unknown: extension }, privateKeyOf(announcement.nodeId1)),
  ];

  test.each(extended.map((message) => [message.type, message] as const))(
    "of a %s are signed with it",
    (_type, message) => {
      const frame = encodeMessage(message);
      expect(verify(decodeMessage(frame) as SignedGossip)).toBe(true);
      const changed = flip(frame, frame.length - 1, 0);
      expect(verify(decodeMessage(changed) as SignedGossip)).toBe(false);
      const { unknown: _, ...without } = message;
      expect(verify(without as SignedGossip)).toBe(false);
    },
  );
});

describe("a channel announcement", () => {
  // Signed as they stand.
  test("with node ids out of order or equal is refused, however well signed", () => {
    for (const [nodeId1, nodeId2] of [
      [announcement.nodeId2, announcement.nodeId1],
      [announcement.nodeId1, announcement.nodeId1],
    ] as const) {
      const wrong: ChannelAnnouncement = { ...announcement, nodeId1, nodeId2 };
      const hash = gossipHash(encodeMessage(wrong));
      const signWith = (publicKey: Uint8Array): Uint8Array =>
        nobleSignatures.sign(hash, privateKeyOf(publicKey));
      const resigned: ChannelAnnouncement = {
        ...wrong,
        nodeSignature1: signWith(nodeId1),
        nodeSignature2: signWith(nodeId2),
        bitcoinSignature1: signWith(wrong.bitcoinKey1),
        bitcoinSignature2: signWith(wrong.bitcoinKey2),
      };
      expect(nobleSignatures.verify(resigned.nodeSignature1, hash, nodeId1)).toBe(true);
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
    for (const source of [update, encodeMessage(update)]) {
      expect(verifyChannelUpdate(source, { nodeId1: nodeId, nodeId2: nodeId })).toBe(false);
    }
  });

  test("a key with another prefix is no field", () => {
    const at = 2 + 64 + 2 + 1 + 4;
    const frame = encodeMessage(node);
    expect(frame.subarray(at, at + 33)).toEqual(node.nodeId);
    frame[at] = 5;
    expect(thrown(() => verifyNodeAnnouncement(frame))).toMatchObject({
      name: "DecodeError",
      code: "invalid_value",
      path: ["node_announcement", "nodeId"],
      offset: at,
    });
    expect(
      thrown(() => verifyMessage({ ...node, nodeId: frame.subarray(at, at + 33) })),
    ).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path: ["node_announcement", "nodeId"],
    });
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
