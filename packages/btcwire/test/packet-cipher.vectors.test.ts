import { defaultV2Crypto } from "#default-v2-crypto";
import { getPublicKey } from "@noble/secp256k1";
import { equalBytes, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { decodeEllswift } from "../src/transport/ellswift.ts";
import { type Packet, PacketCipher, packetExpansion } from "../src/transport/packet-cipher.ts";
import { derivePacketKeys, sharedSecret } from "../src/transport/packet-keys.ts";
import { nobleV2Crypto } from "../src/transport/v2-crypto.ts";
import vectors from "./vectors/bip324-packet-encoding.json" with { type: "json" };

// packet_encoding_test_vectors.csv next to BIP 324; damage as in Bitcoin Core's bip324_tests.cpp.

const magic = fromHex("f9beb4d9");
const empty = new Uint8Array(0);
const lengthLength = 3;

type Vector = (typeof vectors)[number];

function ourSide(row: Vector): PacketCipher {
  return new PacketCipher({
    privateKey: fromHex(row.in_priv_ours),
    ours: fromHex(row.in_ellswift_ours),
    theirs: fromHex(row.in_ellswift_theirs),
    initiator: row.in_initiating,
    magic,
  });
}

/** The peer, whose private key nobody published; what the two share was. */
function otherSide(row: Vector, initiator: boolean = !row.in_initiating): PacketCipher {
  return new PacketCipher({
    privateKey: empty32,
    ours: fromHex(row.in_ellswift_theirs),
    theirs: fromHex(row.in_ellswift_ours),
    initiator,
    magic,
    crypto: { ...defaultV2Crypto, sharedX: () => fromHex(row.mid_x_shared) },
  });
}
const empty32 = new Uint8Array(32);

function contentsOf(row: Vector): Uint8Array {
  const once = fromHex(row.in_contents);
  const all = new Uint8Array(once.length * row.in_multiply);
  for (let at = 0; at < all.length; at += once.length) all.set(once, at);
  return all;
}

/** Takes packets that are not looked at, right or not. */
function skip(cipher: PacketCipher, packet: Uint8Array): Packet | undefined {
  cipher.decryptLength(packet.subarray(0, lengthLength));
  return cipher.decrypt(packet.subarray(lengthLength));
}

/** Reads a packet as it stands there, whatever its length says: cut, or with zeros behind it. */
function read(cipher: PacketCipher, packet: Uint8Array, aad: Uint8Array): Packet | undefined {
  const length = cipher.decryptLength(packet.subarray(0, lengthLength));
  const whole = new Uint8Array(length + packetExpansion);
  whole.set(packet.subarray(0, whole.length));
  return cipher.decrypt(whole.subarray(lengthLength), { aad });
}

const isHuge = ({ length }: Uint8Array): boolean => length > 5_000_000;

/** One bit of a packet, eight times: all places of the byte, length, header, contents and tag. Twice if it is huge. */
function damaged(packet: Uint8Array): Uint8Array[] {
  const { length } = packet;
  const [header, last] = [lengthLength, length - 1];
  const places = isHuge(packet)
    ? [header, last]
    : [0, 1, 2, header, 4, length >> 1, length - 16, last];
  return places.map((at, bit) => {
    const copy = packet.slice();
    copy[at] = (copy[at] ?? 0) ^ (1 << bit);
    return copy;
  });
}

test("the file is whole", () => {
  expect(vectors.map((row) => row.in_idx)).toEqual([1, 999, 0, 223, 448, 673, 1024]);
});

describe.each(vectors)("packet $in_idx", (row) => {
  const aad = fromHex(row.in_aad);

  test.each([
    ["noble", nobleV2Crypto],
    ["default", defaultV2Crypto],
  ])("keys, %s", (_, crypto) => {
    const [ours, theirs] = [fromHex(row.in_ellswift_ours), fromHex(row.in_ellswift_theirs)];
    const privateKey = fromHex(row.in_priv_ours);
    expect(toHex(getPublicKey(privateKey).subarray(1))).toBe(row.mid_x_ours);
    expect(toHex(decodeEllswift(ours))).toBe(row.mid_x_ours);
    expect(toHex(decodeEllswift(theirs))).toBe(row.mid_x_theirs);
    const x = crypto.sharedX(privateKey, theirs);
    expect(toHex(x)).toBe(row.mid_x_shared);
    const secret = row.in_initiating
      ? sharedSecret(ours, theirs, x)
      : sharedSecret(theirs, ours, x);
    expect(toHex(secret)).toBe(row.mid_shared_secret);
    const keys = derivePacketKeys(secret, magic);
    const terminators = [row.mid_send_garbage_terminator, row.mid_recv_garbage_terminator];
    const [first, second] = row.in_initiating ? terminators : terminators.toReversed();
    expect(Object.fromEntries(Object.entries(keys).map(([k, v]) => [k, toHex(v)]))).toEqual({
      initiatorLength: row.mid_initiator_l,
      initiatorPacket: row.mid_initiator_p,
      responderLength: row.mid_responder_l,
      responderPacket: row.mid_responder_p,
      initiatorTerminator: first,
      responderTerminator: second,
      sessionId: row.out_session_id,
    });
  });

  test("is encrypted, and decrypted by the other side, and not if anything is wrong", () => {
    const sender = ourSide(row);
    expect(toHex(sender.sessionId)).toBe(row.out_session_id);
    expect(toHex(sender.sendTerminator)).toBe(row.mid_send_garbage_terminator);
    expect(toHex(sender.receiveTerminator)).toBe(row.mid_recv_garbage_terminator);
    const before = Array.from({ length: row.in_idx }, () => sender.encrypt(empty));
    const contents = contentsOf(row);
    const packet = sender.encrypt(contents, { aad, ignore: row.in_ignore });
    expect(packet.length).toBe(contents.length + packetExpansion);
    if (row.out_ciphertext !== "") expect(toHex(packet)).toBe(row.out_ciphertext);
    else {
      const end = row.out_ciphertext_endswith;
      expect(toHex(packet.subarray(-end.length / 2))).toBe(end);
    }

    const receiverAt = (index: number): PacketCipher => {
      const receiver = otherSide(row);
      for (let i = 0; i < index; i++) skip(receiver, before[i] ?? new Uint8Array(20));
      return receiver;
    };
    const receiver = receiverAt(row.in_idx);
    expect(receiver.sessionId).toEqual(sender.sessionId);
    expect(receiver.sendTerminator).toEqual(sender.receiveTerminator);
    expect(receiver.receiveTerminator).toEqual(sender.sendTerminator);
    expect(receiver.decryptLength(packet.subarray(0, lengthLength))).toBe(contents.length);
    const found = receiver.decrypt(packet.subarray(lengthLength), { aad });
    expect(found?.ignore).toBe(row.in_ignore);
    // `toEqual` would take minutes for millions of bytes.
    expect(equalBytes(found?.contents ?? empty, contents)).toBe(true);

    const wrongSide = otherSide(row, row.in_initiating);
    expect(wrongSide.sessionId).not.toEqual(sender.sessionId);
    expect(wrongSide.receiveTerminator).not.toEqual(sender.sendTerminator);
    for (const dummy of before) expect(skip(wrongSide, dummy)).toBeUndefined();
    expect(read(wrongSide, packet, aad)).toBeUndefined();

    for (const bad of damaged(packet)) {
      expect(read(receiverAt(row.in_idx), bad, aad)).toBeUndefined();
    }
    for (const at of aad.length === 0 ? [] : [0, aad.length - 1]) {
      const bad = aad.slice();
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      expect(read(receiverAt(row.in_idx), packet, bad)).toBeUndefined();
    }
    const longer = new Uint8Array(aad.length + 1);
    longer.set(aad);
    expect(read(receiverAt(row.in_idx), packet, longer)).toBeUndefined();
    for (const bit of isHuge(packet) ? [8] : [0, 7, 8]) {
      expect(read(receiverAt(row.in_idx ^ (1 << bit)), packet, aad)).toBeUndefined();
    }
  }, 60_000); // 16 MB, several times
});
