// Packets of BIP 324 against a peer that is played by hand. What holds for every transport is in transport.test.ts.
import { concatBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { changedAt, cut, pushAll } from "./support/chunks.ts";
import { contentsOf } from "./support/raw-v2-peer.ts";
import { bytesOf } from "./support/seeded-crypto.ts";
import { payloadOf, shakeHands, v2Initiator, v2Responder } from "./support/transport-pairs.ts";
import { established, sides, withKeys } from "./support/v2-sides.ts";

const none = new Uint8Array(0);
const random = bytesOf(99);
const verackEvent = { type: "message", message: { type: "verack" } };

describe("sending", () => {
  test("is possible from the peer's key on, before its version packet", () => {
    for (const tested of sides) {
      const [transport, peer] = withKeys(tested);
      expect([transport.established, transport.protocol]).toEqual([true, "detecting"]);
      peer.receive(transport.encode({ type: "mempool" }));
      const garbage = peer.readGarbage();
      expect(peer.readPacket(garbage)).toEqual(none);
      expect(peer.readPacket()).toEqual(Uint8Array.of(15));
    }
  });

  test("before that is `not_established` and leaves the transport usable", () => {
    const [initiator, responder] = [v2Initiator(), v2Responder()];
    for (const transport of [initiator, responder]) {
      const notReady = expect.objectContaining({ name: "TransportError", code: "not_established" });
      expect(() => transport.encode({ type: "verack" })).toThrow(notReady);
      expect(() => transport.encodeDecoy(3)).toThrow(notReady);
      expect(transport.failure).toBeUndefined();
    }
    shakeHands(initiator, responder);
    expect(responder.push(initiator.encode({ type: "verack" })).events).toMatchObject([
      verackEvent,
    ]);
  });

  test("takes the short id if there is one, else 12 bytes", () => {
    const [transport, peer] = established();
    peer.receive(transport.encode({ type: "ping", nonce: 1n }));
    peer.receive(transport.encode({ type: "verack" }));
    peer.receive(transport.encode({ type: "unknown", command: "barfoo", payload: random(2) }));
    peer.receive(transport.encode({ type: "unknown", command: "pong", payload: none }));
    const garbage = peer.readGarbage();
    expect(peer.readPacket(garbage)).toEqual(none);
    expect(peer.readPacket()).toEqual(Uint8Array.of(18, 1, 0, 0, 0, 0, 0, 0, 0));
    expect(peer.readPacket()).toEqual(contentsOf("verack", none));
    expect(peer.readPacket()?.subarray(0, 13)).toEqual(contentsOf("barfoo", none));
    expect(peer.readPacket()).toEqual(Uint8Array.of(19));
    expect(peer.unread).toBe(0);
  });

  test("a decoy has the length that is asked for and is ignored by the other side", () => {
    const [initiator, responder] = [v2Initiator(), v2Responder()];
    shakeHands(initiator, responder);
    for (const length of [0, 1, 1000, 4_000_013]) {
      const decoy = initiator.encodeDecoy(length);
      expect(decoy.length).toBe(length + 20);
      expect(responder.push(decoy).events).toMatchObject([
        { type: "ignored", reason: "decoy", wireLength: length + 20 },
      ]);
    }
    for (const length of [-1, 0.5, Number.NaN, 4_000_014]) {
      expect(() => initiator.encodeDecoy(length)).toThrow(
        expect.objectContaining({ name: "EncodeError", code: "out_of_range" }),
      );
    }
    expect(responder.push(initiator.encode({ type: "verack" })).events).toMatchObject([
      verackEvent,
    ]);
    initiator.destroy();
    expect(() => initiator.encodeDecoy(1)).toThrow(expect.objectContaining({ code: "destroyed" }));
  });
});

describe("contents", () => {
  const payload = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const ping = { type: "message", message: { type: "ping", nonce: 0x0807060504030201n } };

  test("may name a message by its short id or by its command", () => {
    const [transport, peer] = established();
    const packets = concatBytes(peer.message(18, payload), peer.message("ping", payload));
    expect(transport.push(packets).events).toEqual([
      { ...ping, wireLength: 20 + 1 + 8 },
      { ...ping, wireLength: 20 + 13 + 8 },
    ]);
  });

  test("of a command that the set does not know are a message, too", () => {
    const [transport, peer] = established();
    expect(transport.push(peer.message("foobar", payload)).events).toMatchObject([
      { message: { type: "unknown", command: "foobar", payload } },
    ]);
  });

  test.each([29, 32, 33, 36, 38, 255])("with the unknown short id %i are ignored", (shortId) => {
    const [transport, peer] = established();
    const { events, failure } = transport.push(
      concatBytes(peer.message(shortId, payload), peer.message("verack")),
    );
    expect(failure).toBeUndefined();
    expect(events).toMatchObject([
      {
        type: "ignored",
        reason: "short_id",
        header: Uint8Array.of(shortId),
        payload,
        wireLength: 20 + 1 + 8,
      },
      verackEvent,
    ]);
  });

  test.each(["blocktxn\0\0\0a", "", "ping\x7f", "ping\n", "\0ping", "twelve byte\x80"])(
    "with the bad command %j are ignored",
    (command) => {
      const [transport, peer] = established();
      const { events, failure } = transport.push(
        concatBytes(peer.message(command, payload), peer.message("verack")),
      );
      expect(failure).toBeUndefined();
      expect(events).toMatchObject([
        {
          type: "ignored",
          reason: "command",
          header: contentsOf(command, none).subarray(1),
          payload,
          wireLength: 20 + 13 + 8,
        },
        verackEvent,
      ]);
    },
  );

  test.each([0, 1, 2, 12])("of %i bytes that hold no whole type are ignored", (length) => {
    const [transport, peer] = established();
    const contents = new Uint8Array(length);
    const { events, failure } = transport.push(
      concatBytes(peer.packet(contents), peer.message("verack")),
    );
    expect(failure).toBeUndefined();
    expect(events).toMatchObject([
      { type: "ignored", reason: "no_type", header: none, payload: contents },
      verackEvent,
    ]);
  });

  test("of 4,000,013 bytes are waited for without memory for them", () => {
    const [transport, peer] = established();
    const packet = peer.message("big", payloadOf(4_000_000));
    expect(transport.push(packet.subarray(0, 3))).toEqual({ events: [] });
    expect(transport.bytesBuffered).toBe(3);
    expect(transport.end()).toMatchObject({
      code: "truncated",
      message: "the peer stopped sending in the middle of a packet",
    });
    expect(transport.push(packet.subarray(3)).events).toMatchObject([{ wireLength: 4_000_033 }]);
  });

  test.each([4_000_014, 4_005_000, 2 ** 24 - 1])(
    "of %i bytes are refused with the third byte of the length",
    (length) => {
      const [transport, peer] = established();
      const start = peer.packet(new Uint8Array(length)).subarray(0, 3);
      expect(transport.push(start.subarray(0, 2)).failure).toBeUndefined();
      const { failure } = transport.push(start.subarray(2));
      expect(failure).toMatchObject({ name: "TransportError", code: "payload_too_long", length });
      expect(transport.bytesBuffered).toBe(0);
    },
  );

  test("with a short id and a payload of more than 4,000,000 bytes are malformed", () => {
    const [transport, peer] = established("responder", { malformed: "report" });
    const { events } = transport.push(peer.message(2, payloadOf(4_000_001)));
    expect(events).toMatchObject([
      { type: "malformed", command: "block", problem: { code: "too_long" } },
    ]);
  });

  test("with 1,000 decoys between two messages, over several new keys", () => {
    const [transport, peer] = established("initiator");
    const stream = [];
    for (let i = 0; i < 1000; i++) stream.push(peer.packet(random(i % 7), true));
    stream.push(peer.message("verack"));
    const { events, failure } = pushAll(transport, cut(concatBytes(...stream), [1000]));
    expect(failure).toBeUndefined();
    expect(events.slice(0, 1000).every((event) => event.type === "ignored")).toBe(true);
    expect(events.slice(1000)).toMatchObject([verackEvent]);
  });
});

describe("a bad packet", () => {
  test("does not lose the messages before it in the same chunk", () => {
    const [transport, peer] = established();
    const good = concatBytes(peer.message("verack"), peer.message("mempool"));
    const bad = changedAt(peer.message("verack"), 20);
    const { events, failure } = transport.push(concatBytes(good, bad, peer.message("verack")));
    expect(events).toMatchObject([verackEvent, { message: { type: "mempool" } }]);
    expect(failure).toMatchObject({ name: "TransportError", code: "packet_tag", length: 13 });
  });

  test("is known by any byte behind its length", () => {
    for (let at = 3; at < 33; at++) {
      const [transport, peer] = established();
      const { events, failure } = transport.push(changedAt(peer.message("verack"), at));
      expect([events, failure?.code]).toEqual([[], "packet_tag"]);
    }
  });

  test("can be one that comes twice, or one that is missing", () => {
    const [transport, peer] = established();
    const [first, second] = [peer.message("verack"), peer.message("verack")];
    expect(transport.push(first).events).toMatchObject([verackEvent]);
    // The length of the second hides under another keystream: it may be any.
    pushAll(transport, cut(concatBytes(first, new Uint8Array(4_100_000)), [1_000_000]));
    expect(transport.failure?.code).toMatch(/^(packet_tag|payload_too_long)$/);

    const [late] = established();
    pushAll(late, cut(concatBytes(second, new Uint8Array(4_100_000)), [1_000_000]));
    expect(late.failure?.code).toMatch(/^(packet_tag|payload_too_long)$/);
  });
});
