import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nobleCrypto } from "../src/crypto.ts";
import { HandshakeError } from "../src/errors.ts";
import { initiate, respond } from "../src/handshake.ts";
import { publicKeyOf } from "../src/local-key.ts";
import type { NoiseTransport } from "../src/transport.ts";
import { initiator, responder } from "./support/pair.ts";
import { thrown } from "./support/thrown.ts";

const privateKey = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => nobleCrypto.isPrivateKey(bytes));

/** Sends `count` numbered messages and expects each to arrive. */
function exchange(from: NoiseTransport, to: NoiseTransport, count: number): void {
  for (let i = 0; i < count; i++) {
    const message = new Uint8Array(i % 7).fill(i);
    expect(to.push(from.encrypt(message))).toEqual([message]);
  }
}

test("two sides agree for any keys, in both directions and across rotations", () => {
  const count = fc.integer({ min: 0, max: 1100 });
  fc.assert(
    fc.property(
      fc.tuple(privateKey, privateKey, privateKey, privateKey),
      fc.array(fc.tuple(fc.boolean(), count), { maxLength: 3 }),
      ([left, right, leftEphemeral, rightEphemeral], turns) => {
        const step = initiate({
          localKey: left,
          remoteKey: publicKeyOf(right),
          ephemeralKey: leftEphemeral,
        });
        const next = respond({ localKey: right, ephemeralKey: rightEphemeral }).readAct1(step.act1);
        const dialler = step.readAct2(next.act2);
        const listener = next.readAct3(dialler.act3);
        expect(listener.remoteKey).toEqual(publicKeyOf(left));
        for (const [forth, messages] of turns) {
          if (forth) exchange(dialler.transport, listener.transport, messages);
          else exchange(listener.transport, dialler.transport, messages);
        }
      },
    ),
    { numRuns: 8 },
  );
});

const act1 = initiator().act1;
const act2 = responder(act1).act2;
const { act3 } = initiator().readAct2(act2);

test.each([
  ["one", 1, act1, (bytes: Uint8Array) => responder(bytes)],
  ["two", 2, act2, (bytes: Uint8Array) => initiator().readAct2(bytes)],
  ["three", 3, act3, (bytes: Uint8Array) => responder(act1).readAct3(bytes)],
] as const)("any flipped bit in act %s ends the handshake", (_, number, act, read) => {
  fc.assert(
    fc.property(fc.nat(act.length * 8 - 1), (bit) => {
      const bytes = act.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const error = thrown(() => read(bytes));
      expect(error).toBeInstanceOf(HandshakeError);
      expect(error).toMatchObject({ act: number });
    }),
    { numRuns: 40, examples: [[0], [8], [16], [act.length * 8 - 1]] },
  );
});

test("bytes that are no act at all end the handshake", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 70 }), (bytes) => {
      expect(thrown(() => responder(bytes))).toBeInstanceOf(HandshakeError);
      expect(thrown(() => responder(act1).readAct3(bytes))).toBeInstanceOf(HandshakeError);
    }),
    { numRuns: 30 },
  );
});
