// What a peer does wrong ends the connection once, with one error, one last event and a closed socket.
import { type PeerErrorCode, SimplePeer } from "@satwire/lnp2p";
import { featureVector, type LightningMessage, toHex } from "@satwire/lnwire";
import { describe, expect, test } from "vitest";
import { collect, failure } from "./collect.ts";
import { plainInit, type RawConnection, type RawNetwork, rawServer } from "./raw-server.ts";

interface Case {
  readonly name: string;
  readonly code: PeerErrorCode;
  /** The code of the error's cause, where it has one. */
  readonly cause?: string;
  readonly misbehave: (connection: RawConnection) => Promise<void> | void;
}

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const actTwo = (version: number, fill: number, length = 50): Uint8Array => {
  const act = zeros(length).fill(fill);
  act[0] = version;
  return act;
};
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const initWith = (bits: number[], rest: object = {}): LightningMessage => ({
  type: "init",
  globalfeatures: zeros(0),
  features: featureVector(bits),
  ...rest,
});

const beforeInit: Case[] = [
  {
    name: "garbage instead of act two",
    code: "handshake_failed",
    cause: "act_two_version",
    misbehave: ({ stream }) => void stream.write(text("HTTP/1.1 400 Bad Request\r\n".repeat(3))),
  },
  {
    name: "an act two of another version",
    code: "handshake_failed",
    cause: "act_two_version",
    misbehave: ({ stream }) => void stream.write(actTwo(1, 2)),
  },
  {
    name: "an act two whose key is no point",
    code: "handshake_failed",
    cause: "act_two_public_key",
    misbehave: ({ stream }) => void stream.write(actTwo(0, 0xff)),
  },
  {
    name: "an act two of somebody else",
    code: "handshake_failed",
    cause: "act_two_tag",
    misbehave: async (connection) => {
      const act = actTwo(0, 0);
      // A valid point: the generator.
      act.set(
        [2, ...fromHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")],
        1,
      );
      await connection.read(50);
      connection.stream.write(act);
    },
  },
  {
    name: "half an act two, then the end",
    code: "handshake_failed",
    cause: "act_two_length",
    misbehave: ({ stream }) => {
      stream.write(actTwo(0, 2, 20));
      stream.end();
    },
  },
  {
    name: "the end instead of act two",
    code: "handshake_failed",
    cause: "act_two_length",
    misbehave: ({ stream }) => stream.end(),
  },
  {
    name: "a reset during the handshake",
    code: "connection_lost",
    cause: "reset",
    misbehave: ({ stream }) => stream.destroy(),
  },
  {
    name: "the end instead of init",
    code: "closed_by_peer",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.stream.end();
    },
  },
  {
    name: "bytes that do not authenticate",
    code: "transport_failed",
    cause: "header_tag",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.stream.write(zeros(18));
    },
  },
  {
    name: "a frame cut short by the end",
    code: "transport_failed",
    cause: "truncated",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.stream.write(connection.frames(plainInit).subarray(0, 25));
      connection.stream.end();
    },
  },
  {
    name: "a ping before init",
    code: "init_expected",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send({ type: "ping", numPongBytes: 1, ignored: zeros(0) });
    },
  },
  {
    name: "an unknown odd message before init",
    code: "init_expected",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send({ type: "unknown", id: 32769, payload: zeros(3) });
    },
  },
  {
    name: "an init that is cut short",
    code: "malformed_message",
    cause: "short_read",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(fromHex("00100000000201"));
    },
  },
  {
    name: "an init with an unknown even record",
    code: "malformed_message",
    cause: "unknown_required",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(fromHex("001000000000ca012a"));
    },
  },
  {
    name: "a message without a type",
    code: "malformed_message",
    cause: "short_read",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(zeros(1));
    },
  },
  {
    name: "an empty message",
    code: "malformed_message",
    cause: "short_read",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(zeros(0));
    },
  },
  {
    name: "an init that requires what nobody knows",
    code: "incompatible_features",
    cause: "unknown_required",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(initWith([1, 200]));
    },
  },
  {
    name: "an init that requires it in the older set",
    code: "incompatible_features",
    cause: "unknown_required",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(initWith([1], { globalfeatures: featureVector([200]) }));
    },
  },
  {
    name: "an init with a feature that lacks another",
    code: "incompatible_features",
    cause: "missing_dependency",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(initWith([17]));
    },
  },
  {
    name: "an init of another chain",
    code: "no_common_chain",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send(initWith([1], { networks: [zeros(32).fill(9)] }));
    },
  },
  {
    name: "an error before init",
    code: "remote_error",
    misbehave: async (connection) => {
      await connection.handshake();
      connection.send({ type: "error", channelId: zeros(32), data: text("go away") });
    },
  },
];

const afterInit: Case[] = [
  {
    name: "an unknown even message",
    code: "unknown_required_message",
    misbehave: (connection) => connection.send({ type: "unknown", id: 32770, payload: zeros(4) }),
  },
  {
    name: "a known message that is cut short",
    code: "malformed_message",
    cause: "short_read",
    misbehave: (connection) => connection.send(fromHex("0102" + "00".repeat(100))),
  },
  {
    name: "a known message with trailing garbage",
    code: "malformed_message",
    cause: "unknown_required",
    misbehave: (connection) => connection.send(fromHex("0012000000000200")),
  },
  {
    name: "a second init",
    code: "init_repeated",
    misbehave: (connection) => connection.send(plainInit),
  },
  {
    name: "a flipped bit",
    code: "transport_failed",
    cause: "body_tag",
    misbehave: (connection) => {
      const frame = connection.frames({ type: "pong", ignored: zeros(9) });
      frame[20]! ^= 1;
      connection.stream.write(frame);
    },
  },
  {
    name: "the end in the middle of a frame",
    code: "transport_failed",
    cause: "truncated",
    misbehave: (connection) => {
      const frame = connection.frames({ type: "pong", ignored: zeros(9) });
      connection.stream.write(frame.subarray(0, 5));
      connection.stream.end();
    },
  },
  {
    name: "a reset",
    code: "connection_lost",
    cause: "reset",
    misbehave: async (connection) => {
      await connection.receive(1);
      connection.stream.destroy();
    },
  },
];

const networks = [zeros(32).fill(1)];

/** Runs every case over one kind of network; a reset may overtake data, so its case can be left out. */
export function describeBadInput(
  name: string,
  openNetwork: () => RawNetwork,
  { withReset = true }: { withReset?: boolean } = {},
): void {
  describe(`over ${name}, before init`, () => {
    test.each(beforeInit)("$name", async ({ code, cause, misbehave }) => {
      const { target, network, connection } = await rawServer(misbehave, openNetwork());
      const peer = new SimplePeer({ target, dialer: network.dialer, networks });
      const early = collect(peer.connectionEvents());
      const reading = failure(collect(peer.receiveMessages()));

      const error = await failure(peer.connect());
      expect(error.code).toBe(code);
      expect((error.cause as { code?: string } | undefined)?.code).toBe(cause);
      expect(await reading).toBe(error);
      expect(await failure(peer.sendMessage({ type: "pong", ignored: zeros(0) }))).toMatchObject({
        code: "closed",
        cause: error,
      });

      const events = await early;
      expect(events.filter(({ state }) => state === "disconnected")).toEqual([events.at(-1)]);
      expect(events.at(-1)).toMatchObject({ state: "disconnected", error, details: error.message });
      expect(await collect(peer.connectionEvents())).toEqual(events);
      await (await connection).closed;
      await peer.close();
    });
  });

  describe(`over ${name}, after init`, () => {
    test.each(afterInit.filter(({ cause }) => withReset || cause !== "reset"))(
      "$name",
      async ({ code, cause, misbehave }) => {
        const { target, network, connection } = await rawServer(async (raw) => {
          await raw.handshake();
          raw.send(plainInit, { type: "unknown", id: 32769, payload: Uint8Array.of(1) });
          raw.send({ type: "unknown", id: 32769, payload: Uint8Array.of(2) });
          await misbehave(raw);
        }, openNetwork());
        const peer = new SimplePeer({ target, dialer: network.dialer, networks });
        await peer.connect();
        // Nobody reads until it is over: what came before must still be there.
        const events = await collect(peer.connectionEvents());
        expect(events.map(({ state }) => state)).toEqual([
          "connecting",
          "handshaking",
          "initializing",
          "connected",
          "disconnected",
        ]);
        const last = events.at(-1)?.error;
        expect(last?.code).toBe(code);
        expect((last?.cause as { code?: string } | undefined)?.code).toBe(cause);

        const received: string[] = [];
        const reading = (async () => {
          for await (const message of peer.receiveMessages()) {
            if (message.type === "unknown") received.push(toHex(message.payload));
          }
        })();
        expect(await failure(reading)).toBe(last);
        expect(received).toEqual(["01", "02"]);
        await (await connection).closed;
      },
    );
  });
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
