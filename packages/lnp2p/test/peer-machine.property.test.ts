import { defaultFeatures, PeerError } from "@satwire/lnp2p";
import {
  encodeMessage,
  type KnownMessage,
  lightningMessages,
  type MessageSet,
} from "@satwire/lnwire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PeerMachine } from "../src/peer-machine.ts";
import { plainInit } from "./raw-server.ts";

const machine = (): PeerMachine<KnownMessage> =>
  new PeerMachine<KnownMessage>(lightningMessages as MessageSet<KnownMessage>, {
    features: defaultFeatures(),
    networks: undefined,
    knownFeatures: [],
    onInit: undefined,
  });

/** Bytes that often start with the number of a known message, and sometimes are one, slightly off. */
const ids = [1, 16, 17, 18, 19, 256, 257, 258, 261, 262, 263, 264, 265, 32768, 32769];
const known = [
  encodeMessage(plainInit),
  encodeMessage({ type: "ping", numPongBytes: 3, ignored: new Uint8Array(2) }),
  encodeMessage({ type: "warning", channelId: new Uint8Array(32), data: new Uint8Array(5) }),
];
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc
    .tuple(fc.constantFrom(...ids), fc.uint8Array({ maxLength: 200 }))
    .map(([id, payload]) => Uint8Array.of(id >> 8, id & 255, ...payload)),
  fc
    .tuple(fc.constantFrom(...known), fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([bytes, at, mask]) => {
      const changed = Uint8Array.from(bytes);
      changed[at % changed.length]! ^= mask;
      return changed;
    }),
);

test("any frame, before and after init, is judged without throwing, and even types never slip through", () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.boolean(), (frames, withInit) => {
      const peer = machine();
      let isReady = false;
      if (withInit) isReady = peer.receive(encodeMessage(plainInit)).type === "ready";
      for (const bytes of frames) {
        const effect = peer.receive(bytes);
        if (effect.type === "fail") {
          expect(effect.error).toBeInstanceOf(PeerError);
          expect(effect.error.message).toMatch(/^[ -~…]*$/);
          return;
        }
        if (effect.type === "deliver" && effect.message.type === "unknown") {
          expect(effect.message.id % 2).toBe(1);
          expect(isReady).toBe(true);
        }
        if (effect.type === "ready") {
          expect(isReady).toBe(false);
          isReady = true;
        }
        if (effect.type === "reply") {
          expect(isReady).toBe(true);
          expect(effect.message.ignored.length).toBeLessThan(65532);
        }
      }
    }),
    { numRuns: 3000 },
  );
});
