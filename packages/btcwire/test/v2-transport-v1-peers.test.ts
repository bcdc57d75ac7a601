// Peers of v1 on both sides of a connection that was meant to be v2.
import { concatBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { V1Transport } from "../src/transport/v1-transport.ts";
import { byteByByte, changedAt, cut, pushAll } from "./support/chunks.ts";
import { RawV2Peer } from "./support/raw-v2-peer.ts";
import { bytesOf, keyPairs } from "./support/seeded-crypto.ts";
import {
  magic,
  options,
  v2Initiator,
  v2Responder,
  versionMessage,
} from "./support/transport-pairs.ts";

const none = new Uint8Array(0);
const random = bytesOf(99);
const verackEvent = { type: "message", message: { type: "verack" } };

/** What a v1 peer sends first. */
const prefix = concatBytes(magic, new TextEncoder().encode("version\0\0\0\0\0"));

describe("the responder", () => {
  test("sends nothing first, and its key with the first byte that v1 does not have", () => {
    for (let index = 0; index < 16; index++) {
      const transport = v2Responder();
      expect(transport.open()).toBeUndefined();
      const before = transport.push(prefix.subarray(0, index));
      expect(before).toEqual({ events: [] });
      expect(transport.protocol).toBe("detecting");
      const other = changedAt(prefix, index).subarray(index, index + 1);
      const { reply, failure } = transport.push(other);
      expect(failure).toBeUndefined();
      expect(reply).toEqual(concatBytes(keyPairs[1].publicKey, Uint8Array.of(4, 5, 6, 7, 8)));
      expect(transport.push(Uint8Array.of(0)).reply).toBeUndefined();
    }
  });

  test("finishes the handshake with a key that begins as v1 does, up to its 15th byte", () => {
    // Any 64 bytes are somebody's key; here nobody has the private one, so what follows cannot be read.
    const transport = v2Responder();
    const theirs = concatBytes(
      prefix.subarray(0, 15),
      Uint8Array.of(1),
      new Uint8Array(48).fill(5),
    );
    const { replies } = pushAll(transport, byteByByte(theirs));
    expect(replies.map(({ length }) => length)).toEqual([64 + 5, 16 + 20]);
    expect(transport.established).toBe(true);
  });

  test("answers everything at once to a key that comes at once", () => {
    const transport = v2Responder();
    const peer = new RawV2Peer(true, random(30));
    const { reply } = transport.push(peer.opening);
    expect(reply?.length).toBe(64 + 5 + 16 + 20);
    peer.receive(reply);
    const garbage = peer.readGarbage();
    expect(peer.readPacket(garbage)).toEqual(none);
  });

  test("falls back to v1 with the bytes that came before", () => {
    const sender = new V1Transport(options);
    const stream = concatBytes(sender.encode(versionMessage), sender.encode({ type: "verack" }));
    for (const sizes of [[1000], [1], [15, 1], [16], [17], [4, 12, 8]]) {
      const transport = v2Responder();
      const { events, replies, failure } = pushAll(transport, cut(stream, sizes));
      expect([replies, failure]).toEqual([[], undefined]);
      expect(events).toMatchObject([
        { type: "ready", protocol: "v1" },
        { type: "message", message: versionMessage },
        verackEvent,
      ]);
      expect(transport.protocol).toBe("v1");
      expect(transport.sessionId).toBeUndefined();
      expect(transport.encode({ type: "verack" })).toEqual(sender.encode({ type: "verack" }));
      expect(() => transport.encodeDecoy(1)).toThrow(
        expect.objectContaining({ code: "not_established" }),
      );
    }
  });

  test("knows v1 by its 16th byte and is ready to answer", () => {
    const transport = v2Responder();
    transport.push(prefix.subarray(0, 15));
    expect([transport.protocol, transport.established]).toEqual(["detecting", false]);
    expect(() => transport.encode({ type: "verack" })).toThrow(
      expect.objectContaining({ name: "TransportError", code: "not_established" }),
    );
    expect(transport.push(prefix.subarray(15)).events).toEqual([{ type: "ready", protocol: "v1" }]);
    expect([transport.protocol, transport.established]).toEqual(["v1", true]);
    expect(transport.bytesBuffered).toBe(16);
    expect(transport.end()).toMatchObject({ code: "truncated" });
  });

  test("makes no key for a v1 peer", () => {
    let asked = 0;
    const crypto = {
      ...options,
      randomBytes(length: number) {
        asked++;
        return new Uint8Array(length).fill(1);
      },
    };
    const transport = v2Responder({
      keyPair: undefined,
      garbage: undefined,
      crypto: crypto as never,
    });
    transport.push(prefix);
    expect([transport.protocol, asked]).toEqual(["v1", 0]);
  });

  test("fails for a v1 peer of another network, with its 16th byte", () => {
    for (const index of [0, 1, 2, 3]) {
      const transport = v2Responder();
      const other = changedAt(prefix, index);
      expect(transport.push(other.subarray(0, 15)).failure).toBeUndefined();
      const { events, reply, failure } = transport.push(other.subarray(15));
      expect([events, reply]).toEqual([[], undefined]);
      expect(failure).toMatchObject({ name: "TransportError", code: "wrong_network" });
      expect(v2Responder().push(other)).toEqual({ events: [], failure });
    }
  });

  test("is told apart by v1's own rules behind the prefix", () => {
    const transport = v2Responder();
    const length = Uint8Array.of(1, 9, 61, 0);
    const { events, failure } = transport.push(concatBytes(prefix, length, new Uint8Array(4)));
    expect(events).toEqual([{ type: "ready", protocol: "v1" }]);
    expect(failure).toMatchObject({ code: "payload_too_long", length: 4_000_001 });
    expect(transport.failure).toBe(failure);
    expect(transport.established).toBe(false);
  });
});

describe("a dialled peer that may be of v1", () => {
  const opening = new V1Transport(options).encode(versionMessage);

  test("has said nothing", () => {
    const transport = v2Initiator();
    expect(transport.shouldRetryV1).toBe(true);
    expect(transport.end()).toMatchObject({
      code: "truncated",
      message: "the peer stopped sending in the middle of the handshake",
    });
    transport.destroy();
    expect(transport.shouldRetryV1).toBe(true);
  });

  test("has begun with the magic of this network, until its key is there", () => {
    for (let length = 0; length < 64; length++) {
      const transport = v2Initiator();
      const reject = concatBytes(magic, new TextEncoder().encode("reject"), new Uint8Array(54));
      transport.push(reject.subarray(0, length));
      expect(transport.shouldRetryV1).toBe(true);
      expect(transport.failure).toBeUndefined();
    }
    const transport = v2Initiator();
    transport.push(concatBytes(magic, new Uint8Array(60)));
    expect(transport.shouldRetryV1).toBe(false);
  });

  test("has not if its first bytes are others", () => {
    for (let index = 0; index < 4; index++) {
      const transport = v2Initiator();
      transport.push(changedAt(magic, index));
      expect(transport.shouldRetryV1).toBe(false);
    }
  });

  test("is one if it sends a version message", () => {
    const transport = v2Initiator();
    expect(transport.push(opening.subarray(0, 15)).failure).toBeUndefined();
    const { failure, reply } = transport.push(opening.subarray(15));
    expect(failure).toMatchObject({ name: "TransportError", code: "v1_peer" });
    expect(reply).toBeUndefined();
    expect(transport.shouldRetryV1).toBe(true);
  });

  test("is one of another network if it sends a version message of that", () => {
    const transport = v2Initiator();
    const { failure } = transport.push(changedAt(opening, 2));
    expect(failure).toMatchObject({ code: "wrong_network" });
    expect(transport.shouldRetryV1).toBe(false);
  });

  test("is nothing that a responder asks", () => {
    expect(v2Responder().shouldRetryV1).toBe(false);
  });
});
