// What a caller does wrong while we answer the handshake: one error, one last event, a closed socket.
import { type PeerErrorCode, SimplePeer } from "@satwire/lnp2p";
import { encodeMessage, fromHex } from "@satwire/lnwire";
import { type ByteStream, memoryPair, type NetError } from "@satwire/net";
import { generatePrivateKey, NoiseChannel, publicKeyOf } from "@satwire/noise";
import { VirtualClock } from "@satwire/testkit";
import { expect, test } from "vitest";
import { collect, failure } from "./collect.ts";
import { plainInit } from "./raw-server.ts";

const localKey = generatePrivateKey();

/** The side that calls, driven by hand. */
class Caller {
  readonly stream: ByteStream;
  readonly closed: Promise<NetError | undefined>;
  readonly channel: NoiseChannel;
  #arrived: () => void = () => {};

  constructor(stream: ByteStream, remoteKey = publicKeyOf(localKey)) {
    this.stream = stream;
    this.channel = NoiseChannel.initiator({ localKey: generatePrivateKey(), remoteKey });
    this.closed = new Promise((resolve) => {
      stream.start({
        onData: (chunk) => {
          const { reply } = this.channel.push(chunk);
          if (reply !== undefined) this.#act3 = reply;
          this.#arrived();
        },
        onEnd: () => stream.end(),
        onDrain: () => {},
        onClose: resolve,
      });
    });
  }

  #act3: Uint8Array | undefined;

  get act1(): Uint8Array {
    return this.channel.open() ?? new Uint8Array(0);
  }

  /** Sends act one and resolves with act three, not sent yet. */
  async act3(): Promise<Uint8Array> {
    this.stream.write(this.act1);
    while (this.#act3 === undefined) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#act3;
  }
}

interface Case {
  readonly name: string;
  readonly code: PeerErrorCode;
  readonly cause?: string;
  readonly remoteKey?: Uint8Array;
  readonly misbehave: (caller: Caller) => Promise<void> | void;
}

const changed = (bytes: Uint8Array, at: number, to: number): Uint8Array => bytes.with(at, to);
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  changed(bytes, at, (bytes[at] as number) ^ 1);

const cases: Case[] = [
  {
    name: "garbage instead of act one",
    code: "handshake_failed",
    cause: "act_one_version",
    misbehave: ({ stream }) =>
      void stream.write(new TextEncoder().encode("GET / HTTP/1.1\r\n".repeat(5))),
  },
  {
    name: "an act one of another version",
    code: "handshake_failed",
    cause: "act_one_version",
    misbehave: ({ stream, act1 }) => void stream.write(changed(act1, 0, 1)),
  },
  {
    name: "an act one whose key is no point",
    code: "handshake_failed",
    cause: "act_one_public_key",
    misbehave: ({ stream, act1 }) => void stream.write(changed(act1, 1, 4)),
  },
  {
    name: "an act one for somebody else",
    code: "handshake_failed",
    cause: "act_one_tag",
    remoteKey: publicKeyOf(generatePrivateKey()),
    misbehave: ({ stream, act1 }) => void stream.write(act1),
  },
  {
    name: "half an act one, then the end",
    code: "handshake_failed",
    cause: "act_one_length",
    misbehave: ({ stream, act1 }) => {
      stream.write(act1.subarray(0, 20));
      stream.end();
    },
  },
  {
    name: "the end at once",
    code: "handshake_failed",
    cause: "act_one_length",
    misbehave: ({ stream }) => stream.end(),
  },
  {
    name: "half an act three, then the end",
    code: "handshake_failed",
    cause: "act_three_length",
    misbehave: async (caller) => {
      caller.stream.write((await caller.act3()).subarray(0, 40));
      caller.stream.end();
    },
  },
  {
    name: "an act three of another version",
    code: "handshake_failed",
    cause: "act_three_version",
    misbehave: async (caller) => void caller.stream.write(changed(await caller.act3(), 0, 1)),
  },
  {
    name: "an act three whose key does not authenticate",
    code: "handshake_failed",
    cause: "act_three_ciphertext",
    misbehave: async (caller) => void caller.stream.write(flipped(await caller.act3(), 9)),
  },
  {
    name: "an act three with a wrong last tag",
    code: "handshake_failed",
    cause: "act_three_tag",
    misbehave: async (caller) => void caller.stream.write(flipped(await caller.act3(), 65)),
  },
  {
    name: "the end instead of init",
    code: "closed_by_peer",
    misbehave: async (caller) => {
      caller.stream.write(await caller.act3());
      caller.stream.end();
    },
  },
  {
    name: "a message before init",
    code: "init_expected",
    misbehave: async (caller) => {
      caller.stream.write(await caller.act3());
      const ping = { type: "ping", numPongBytes: 0, ignored: new Uint8Array(0) } as const;
      caller.stream.write(caller.channel.encode([encodeMessage(ping)]));
    },
  },
  {
    name: "an unknown even message in the chunk of its init",
    code: "unknown_required_message",
    misbehave: async (caller) => {
      caller.stream.write(await caller.act3());
      const frames = [encodeMessage(plainInit), fromHex("8002")];
      caller.stream.write(caller.channel.encode(frames));
    },
  },
  {
    name: "a reset during the handshake",
    code: "connection_lost",
    cause: "reset",
    misbehave: ({ stream }) => stream.destroy(),
  },
];

test.each(cases)("$name", async ({ code, cause, remoteKey, misbehave }) => {
  const [near, far] = memoryPair();
  const peer = new SimplePeer({ stream: near, localKey });
  const connecting = peer.connect();
  const ended = failure(
    (async () => {
      await connecting;
      for await (const _message of peer.receiveMessages());
    })(),
  );
  const caller = new Caller(far, remoteKey);
  await misbehave(caller);
  const error = await ended;
  expect(error.code).toBe(code);
  expect((error.cause as { code?: string } | undefined)?.code).toBe(cause);
  const events = await collect(peer.connectionEvents());
  expect(events.filter(({ state }) => state === "disconnected")).toEqual([events.at(-1)]);
  expect(events.at(-1)).toMatchObject({ error });
  await caller.closed;
});

test.each([
  ["at once", () => {}],
  ["after act one", (caller: Caller) => void caller.stream.write(caller.act1)],
])("silence %s", async (_name, act) => {
  const clock = new VirtualClock();
  const [near, far] = memoryPair();
  const peer = new SimplePeer({ stream: near, localKey, clock });
  const failed = failure(peer.connect());
  const caller = new Caller(far);
  act(caller);
  await clock.advance(14_999);
  expect(peer.state).toBe("handshaking");
  await clock.advance(1);
  expect((await failed).code).toBe("handshake_timeout");
  expect(clock.pending).toEqual([]);
  await caller.closed;
});
