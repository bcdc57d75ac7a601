// The handshake of BIP 324 against a peer that is played by hand.
import { concatBytes, equalBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import type { KnownMessage } from "../src/bitcoin.ts";
import type { V2Transport } from "../src/transport/v2-transport.ts";
import { byteByByte, changedAt, cut, pushAll } from "./support/chunks.ts";
import { contentsOf, RawV2Peer } from "./support/raw-v2-peer.ts";
import { bytesOf, keyPairs } from "./support/seeded-crypto.ts";
import { shakeHands, v2Initiator, v2Responder } from "./support/transport-pairs.ts";
import { sides, withKeys } from "./support/v2-sides.ts";

const none = new Uint8Array(0);
const random = bytesOf(99);
const ready = { type: "ready", protocol: "v2" };
const verackEvent = { type: "message", message: { type: "verack" } };

describe("the initiator", () => {
  test("opens with its key and garbage, and again until the peer's key has come", () => {
    const transport = v2Initiator({ garbage: Uint8Array.of(7, 8, 9) });
    const opening = concatBytes(keyPairs[0].publicKey, Uint8Array.of(7, 8, 9));
    expect(transport.open()).toEqual(opening);
    expect(transport.open()).toEqual(opening);
    transport.push(keyPairs[1].publicKey);
    expect(transport.open()).toBeUndefined();
  });

  test("answers the key with its terminator and its version packet", () => {
    const transport = v2Initiator();
    const peer = new RawV2Peer(false);
    peer.receive(transport.open());
    const first = transport.push(peer.key.subarray(0, 63));
    expect([first.reply, transport.established]).toEqual([undefined, false]);
    const { reply, events } = transport.push(peer.key.subarray(63));
    expect([reply?.length, events, transport.established]).toEqual([16 + 20, [], true]);
    peer.receive(reply);
    const garbage = peer.readGarbage();
    expect(garbage).toEqual(Uint8Array.of(1, 2, 3));
    expect(peer.readPacket(garbage)).toEqual(none);
    expect(peer.unread).toBe(0);
  });
});

describe("garbage", () => {
  test.each([0, 1, 15, 16, 17, 4094, 4095])(
    "of %i bytes is accepted, however it is cut",
    (length) => {
      for (const tested of sides) {
        for (const sizes of [[10_000], [1], [length || 1, 1]]) {
          const [transport, peer] = withKeys(tested, random(length));
          const stream = concatBytes(peer.garbage, peer.terminator, peer.version());
          const { events, failure } = pushAll(transport, cut(stream, sizes));
          expect(failure).toBeUndefined();
          expect(events).toMatchObject([ready]);
          expect(transport.bytesBuffered).toBe(0);
        }
      }
    },
  );

  test.each([4096, 4097, 8000])("of %i bytes is refused behind 4,111 bytes", (length) => {
    for (const tested of sides) {
      const [transport, peer] = withKeys(tested, random(length));
      const stream = concatBytes(peer.garbage, peer.terminator, peer.version());
      expect(transport.push(stream.subarray(0, 4110)).failure).toBeUndefined();
      expect(transport.bytesBuffered).toBe(4110);
      const { failure } = transport.push(stream.subarray(4110, 4111));
      expect(failure).toMatchObject({ name: "TransportError", code: "garbage_terminator" });
      expect(transport.bytesBuffered).toBe(0);

      const [other] = withKeys(tested);
      expect(other.push(stream).failure).toMatchObject({ code: "garbage_terminator" });
    }
  });

  test("may hold all of the terminator but its last byte or its first", () => {
    for (const [start, end] of [
      [0, 15],
      [1, 16],
      [0, 8],
    ] as const) {
      const [transport, peer] = withKeys("responder");
      const part = peer.terminator.subarray(start, end);
      peer.garbage = concatBytes(random(100), part, Uint8Array.of(0), part);
      const stream = concatBytes(peer.garbage, peer.terminator, peer.version());
      for (const chunk of byteByByte(stream.subarray(0, -1))) {
        expect(transport.push(chunk)).toEqual({ events: [] });
      }
      expect(transport.push(stream.subarray(-1)).events).toMatchObject([ready]);
    }
  });

  test("may end with the start of the terminator", () => {
    // Fifteen bytes of it, then all of it: whoever forgets what began inside finds none.
    for (let count = 1; count < 16; count++) {
      for (const cutAt of [0, count - 1, count, count + 1, count + 8]) {
        const [transport, peer] = withKeys("initiator");
        peer.garbage = peer.terminator.slice(0, count);
        const stream = concatBytes(peer.garbage, peer.terminator, peer.version());
        const { events } = pushAll(transport, [stream.subarray(0, cutAt), stream.subarray(cutAt)]);
        expect(events).toMatchObject([ready]);
      }
    }
  });

  test("without a terminator, all zeros, is refused with the last of 4,111 bytes", () => {
    const transport = v2Responder();
    const zeros = new Uint8Array(64 + 4110);
    expect(transport.push(zeros).failure).toBeUndefined();
    expect(transport.push(new Uint8Array(1)).failure).toMatchObject({ code: "garbage_terminator" });
  });

  test("is authenticated: another byte of it ends the connection", () => {
    for (const at of [0, 10, 19]) {
      const [transport, peer] = withKeys("initiator", random(20));
      const garbage = changedAt(peer.garbage, at);
      const { events, failure } = transport.push(
        concatBytes(garbage, peer.terminator, peer.version(), peer.message("verack")),
      );
      expect(events).toEqual([]);
      expect(failure).toMatchObject({ name: "TransportError", code: "packet_tag" });
    }
  });

  test("has to be authenticated by the first packet", () => {
    const [transport, peer] = withKeys("initiator", random(20));
    const garbage = peer.garbage;
    peer.garbage = none;
    const { failure } = transport.push(concatBytes(garbage, peer.terminator, peer.version()));
    expect(failure).toMatchObject({ code: "packet_tag" });
  });

  test("of one's own is random, of a length from 0 to 4,095, unless it is given", () => {
    const lengths = new Set<number>();
    for (const [low, high, length] of [
      [0, 0, 0],
      [0xff, 0x0f, 4095],
      [0xff, 0xff, 4095],
      [0x00, 0xf0, 0],
      [0x34, 0x12, 0x234],
    ] as const) {
      const crypto = {
        randomBytes: (count: number) =>
          count === 2 ? Uint8Array.of(low, high) : new Uint8Array(count).fill(3),
      };
      const opening = v2Initiator({ garbage: undefined, crypto: crypto as never }).open();
      expect(opening?.length).toBe(64 + length);
      lengths.add(length);
    }
    expect(lengths.size).toBe(3);
    expect(() => v2Initiator({ garbage: new Uint8Array(4096) })).toThrow(RangeError);
    expect(v2Initiator({ garbage: new Uint8Array(4095) }).open()?.length).toBe(64 + 4095);
  });
});

describe("the first packet", () => {
  test("may be a decoy, which then authenticates the garbage, and the version packet does not", () => {
    for (const count of [1, 2, 9]) {
      const [transport, peer] = withKeys("responder", random(50));
      const decoys = Array.from({ length: count }, (_, i) => peer.packet(random(i * 100), true));
      const stream = concatBytes(peer.garbage, peer.terminator, ...decoys, peer.version());
      const { events } = transport.push(concatBytes(stream, peer.message("verack")));
      expect(events.slice(0, count)).toMatchObject(
        decoys.map(({ length }) => ({ type: "ignored", reason: "decoy", wireLength: length })),
      );
      expect(events.slice(count)).toMatchObject([ready, verackEvent]);
    }
  });

  test("alone authenticates the garbage", () => {
    const garbage = random(50);
    const [transport, peer] = withKeys("responder", garbage);
    const decoy = peer.packet(none, true);
    const version = peer.cipher.encrypt(none, { aad: garbage });
    const { failure } = transport.push(concatBytes(garbage, peer.terminator, decoy, version));
    expect(failure).toMatchObject({ code: "packet_tag" });
  });
});

describe("the version packet", () => {
  test("may hold something, which is ignored", () => {
    for (const contents of [random(5), contentsOf("verack", none), random(999)]) {
      const [transport, peer] = withKeys("initiator", random(9));
      const { events } = transport.push(
        concatBytes(peer.garbage, peer.terminator, peer.version(contents)),
      );
      expect(events).toEqual([{ ...ready, sessionId: peer.cipher.sessionId }]);
    }
  });

  test("is what the session id and the protocol wait for", () => {
    const [transport, peer] = withKeys("responder", random(9));
    const stream = concatBytes(peer.garbage, peer.terminator, peer.packet(none, true));
    transport.push(stream);
    expect([transport.protocol, transport.sessionId]).toEqual(["detecting", undefined]);
    const [event] = transport.push(peer.version()).events;
    expect(transport.protocol).toBe("v2");
    expect(transport.sessionId).toEqual(peer.cipher.sessionId);
    if (event?.type !== "ready") throw new Error("not ready");
    event.sessionId?.fill(0);
    transport.sessionId?.fill(0);
    expect(transport.sessionId).toEqual(peer.cipher.sessionId);
    transport.destroy();
    expect(transport.sessionId).toEqual(peer.cipher.sessionId);
  });
});

describe("a handshake", () => {
  test("gives the same events and answers for every cut, and is `truncated` inside", () => {
    const garbage = random(30);
    const build = (): [V2Transport<KnownMessage>, Uint8Array] => {
      const transport = v2Responder();
      const peer = new RawV2Peer(true, garbage);
      peer.receive(v2Responder().push(peer.key).reply);
      const decoy = peer.packet(random(0), true);
      const parts = [peer.opening, peer.terminator, decoy, peer.version(), peer.message("verack")];
      return [transport, concatBytes(...parts)];
    };
    const [whole, stream] = build();
    const { events, reply } = whole.push(stream);
    expect(events).toMatchObject([{ reason: "decoy" }, ready, verackEvent]);
    for (let at = 0; at <= stream.length; at++) {
      const [transport] = build();
      const first = transport.push(stream.subarray(0, at));
      const versionEnd = stream.length - 33;
      const isBetween = at === 0 || at === versionEnd || at === stream.length;
      if (isBetween) expect(transport.end()).toBeUndefined();
      else expect(transport.end()).toMatchObject({ code: "truncated" });
      const second = transport.push(stream.subarray(at));
      expect([...first.events, ...second.events]).toEqual(events);
      expect(concatBytes(first.reply ?? none, second.reply ?? none)).toEqual(reply);
      expect(transport.bytesBuffered).toBe(0);
    }
    const [transport] = build();
    expect(pushAll(transport, byteByByte(stream)).events).toEqual(events);
  });

  test("holds what has come, and no more than 4,110 bytes", () => {
    const [transport, peer] = withKeys("responder", random(40));
    const fresh = v2Responder();
    const counts = byteByByte(peer.opening).map((chunk) => {
      fresh.push(chunk);
      return fresh.bytesBuffered;
    });
    expect(counts.slice(0, 63)).toEqual(Array.from({ length: 63 }, (_, i) => i + 1));
    expect(counts.slice(63)).toEqual(Array.from({ length: 41 }, (_, i) => i));
    transport.push(concatBytes(peer.garbage, peer.terminator));
    expect(transport.bytesBuffered).toBe(40); // to be authenticated
    transport.push(peer.version().subarray(0, 10));
    expect(transport.bytesBuffered).toBe(50);
  });

  test("between two networks fails", () => {
    const other = { network: { magic: Uint8Array.of(0x0b, 0x11, 0x09, 0x07) } };
    const [initiator, responder] = [v2Initiator({ garbage: none }), v2Responder(other)];
    const answer = responder.push(initiator.open() ?? none).reply ?? none;
    const { failure } = initiator.push(concatBytes(answer, new Uint8Array(4200)));
    expect(failure).toMatchObject({ code: "garbage_terminator" });
  });

  test("with oneself fails", () => {
    const transport = v2Initiator({ garbage: none });
    const own = transport.open() ?? none;
    const { reply } = transport.push(own);
    const { failure } = transport.push(concatBytes(reply ?? none, new Uint8Array(5000)));
    expect(failure).toMatchObject({ code: "garbage_terminator" });
  });

  test("of two sides without given keys and garbage works", () => {
    const fresh = { keyPair: undefined, garbage: undefined, crypto: undefined };
    const [initiator, responder] = [v2Initiator(fresh), v2Responder(fresh)];
    shakeHands(initiator, responder);
    expect([initiator.protocol, responder.protocol]).toEqual(["v2", "v2"]);
    expect(initiator.sessionId).toEqual(responder.sessionId);
    const [again] = [v2Initiator(fresh)];
    expect(equalBytes(again.open() ?? none, initiator.open() ?? none)).toBe(false);
  });
});
