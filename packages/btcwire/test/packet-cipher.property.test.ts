import { defaultV2Crypto } from "#default-v2-crypto";
import { randomBytes } from "@noble/hashes/utils.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateEllswift } from "../src/transport/ellswift.ts";
import { PacketCipher } from "../src/transport/packet-cipher.ts";
import { nobleV2Crypto } from "../src/transport/v2-crypto.ts";
import { cipherPair } from "./support/cipher-pair.ts";

const contents = fc.uint8Array({ maxLength: 200 });
const optionsOf = (aad: Uint8Array, ignore: boolean) => ({ aad, ignore });

test("two sides that only know each other's encoding agree on everything", () => {
  const magic = Uint8Array.of(1, 2, 3, 4);
  for (let i = 0; i < 8; i++) {
    const [a, b] = [0, 1].map(() => generateEllswift(randomBytes));
    if (a === undefined || b === undefined) throw new Error("unreachable");
    const alice = new PacketCipher({
      privateKey: a.privateKey,
      ours: a.publicKey,
      theirs: b.publicKey,
      initiator: true,
      magic,
    });
    const bob = new PacketCipher({
      privateKey: b.privateKey,
      ours: b.publicKey,
      theirs: a.publicKey,
      initiator: false,
      magic,
      crypto: nobleV2Crypto,
    });
    expect(alice.sessionId).toEqual(bob.sessionId);
    expect(alice.sendTerminator).toEqual(bob.receiveTerminator);
    expect(alice.receiveTerminator).toEqual(bob.sendTerminator);
    expect(alice.sendTerminator).not.toEqual(alice.receiveTerminator);
    const packet = bob.encrypt(magic);
    alice.decryptLength(packet.subarray(0, 3));
    expect(alice.decrypt(packet.subarray(3))?.contents).toEqual(magic);
    const other = new PacketCipher({
      privateKey: a.privateKey,
      ours: a.publicKey,
      theirs: b.publicKey,
      initiator: true,
      magic: Uint8Array.of(1, 2, 3, 5),
    });
    expect(other.sessionId).not.toEqual(alice.sessionId);
  }
});

describe.each([
  ["noble", nobleV2Crypto],
  ["default", defaultV2Crypto],
])("%s", (_, crypto) => {
  test("both directions stay in step over rekeys, however they interleave", () => {
    const turns = fc.array(
      fc.record({
        forth: fc.boolean(),
        count: fc.integer({ min: 1, max: 250 }),
        contents,
        ignore: fc.boolean(),
      }),
      { minLength: 3, maxLength: 5 },
    );
    fc.assert(
      fc.property(turns, contents, contents, (list, garbage, otherGarbage) => {
        const [alice, bob] = cipherPair(crypto);
        const sent = [0, 0];
        for (const turn of list) {
          const [from, to] = turn.forth ? [alice, bob] : [bob, alice];
          const side = turn.forth ? 0 : 1;
          for (let i = 0; i < turn.count; i++) {
            const isFirst = sent[side] === 0;
            const aad = (turn.forth ? garbage : otherGarbage).subarray(0, isFirst ? undefined : 0);
            const ignore = turn.ignore !== (i % 3 === 0);
            const bytes = turn.contents.subarray(0, turn.contents.length - (i % 5));
            const packet = from.encrypt(bytes, optionsOf(aad, ignore));
            expect(to.decryptLength(packet.subarray(0, 3))).toBe(bytes.length);
            expect(to.decrypt(packet.subarray(3), { aad })).toEqual({ contents: bytes, ignore });
            sent[side] = (sent[side] ?? 0) + 1;
          }
        }
      }),
      // The example crosses three rekeys in each direction.
      {
        numRuns: 8,
        examples: [
          [
            [true, false, true, false].map((forth) => ({
              forth,
              count: 350,
              contents: Uint8Array.of(1, 2, 3, 4, 5, 6),
              ignore: false,
            })),
            Uint8Array.of(7),
            Uint8Array.of(8),
          ],
        ],
      },
    );
  });

  test("a flipped bit behind the length, or in the additional data, never authenticates", () => {
    const runs = fc.record({ contents, aad: contents, bit: fc.nat(), before: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(runs, ({ contents: bytes, aad, bit, before }) => {
        const [alice, bob] = cipherPair(crypto);
        for (let i = 0; i < before; i++) bob.decrypt(alice.encrypt(bytes).subarray(3));
        const packet = alice.encrypt(bytes, { aad }).slice(3);
        const at = bit % ((packet.length + aad.length) * 8);
        const inAad = at >= packet.length * 8;
        const [target, place] = inAad ? [aad.slice(), at - packet.length * 8] : [packet, at];
        target[place >> 3] = (target[place >> 3] ?? 0) ^ (1 << (place & 7));
        expect(bob.decrypt(packet, { aad: inAad ? target : aad })).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("every bit of one packet matters, and so does every bit of the length", () => {
    const aad = Uint8Array.of(1, 2);
    const bytes = Uint8Array.of(3, 4, 5);
    const [alice] = cipherPair(crypto);
    const packet = alice.encrypt(bytes, { aad });
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const [, bob] = cipherPair(crypto);
      const bad = packet.slice();
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const length = bob.decryptLength(bad.subarray(0, 3));
      if (bit < 24) expect(length).toBe(3 ^ (1 << bit));
      else expect(bob.decrypt(bad.subarray(3), { aad })).toBeUndefined();
    }
  });

  test("a packet in the wrong place, direction or twice does not authenticate", () => {
    const [alice, bob] = cipherPair(crypto);
    const packets = Array.from({ length: 3 }, () => alice.encrypt(Uint8Array.of(1)).slice(3));
    const [first, second, third] = packets as [Uint8Array, Uint8Array, Uint8Array];
    expect(alice.decrypt(first)).toBeUndefined();
    expect(bob.decrypt(first)?.contents).toEqual(Uint8Array.of(1));
    expect(bob.decrypt(first)).toBeUndefined();
    expect(bob.decrypt(second)).toBeUndefined();
    expect(bob.decrypt(third)).toBeUndefined();
  });
});
