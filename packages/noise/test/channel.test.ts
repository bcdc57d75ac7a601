import { describe, expect, test } from "vitest";
import { act1Length, act2Length, act3Length } from "../src/act.ts";
import { NoiseChannel, type NoiseChannelResult } from "../src/channel.ts";
import { nobleCrypto, type NoiseCrypto } from "../src/crypto.ts";
import { createLocalKey, publicKeyOf } from "../src/local-key.ts";
import { frameLength } from "../src/transport.ts";
import {
  initiatorEphemeralKey,
  initiatorKey,
  initiatorPrivateKey,
  responderEphemeralKey,
  responderKey,
  responderPrivateKey,
  responderPublicKey,
} from "./support/pair.ts";
import { countFilled, recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";

const message = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => i * 31 + seed);

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function changed(bytes: Uint8Array, index: number, value?: number): Uint8Array {
  const copy = bytes.slice();
  copy[index] = value ?? (copy[index] ?? 0) ^ 1;
  return copy;
}

const initiator = (): NoiseChannel =>
  NoiseChannel.initiator({
    localKey: initiatorKey,
    remoteKey: responderPublicKey,
    ephemeralKey: initiatorEphemeralKey,
  });

const responder = (): NoiseChannel =>
  NoiseChannel.responder({ localKey: responderKey, ephemeralKey: responderEphemeralKey });

/** The acts that both sides send, with the keys of the vectors: the same in every test. */
const acts = (() => {
  const [dialling, answering] = [initiator(), responder()];
  const act1 = dialling.open() as Uint8Array;
  const act2 = answering.push(act1).reply as Uint8Array;
  const act3 = dialling.push(act2).reply as Uint8Array;
  return { act1, act2, act3 };
})();

function pair(): [NoiseChannel, NoiseChannel] {
  const [dialling, answering] = [initiator(), responder()];
  answering.push(acts.act1);
  dialling.push(acts.act2);
  answering.push(acts.act3);
  return [dialling, answering];
}

/** Pushes byte by byte and returns what came of it, all together. */
function drip(channel: NoiseChannel, bytes: Uint8Array): NoiseChannelResult[] {
  return Array.from(bytes, (byte) => channel.push(Uint8Array.of(byte)));
}

describe("the handshake", () => {
  test("has the acts of BOLT 8, and both sides know each other after it", () => {
    const [dialling, answering] = [initiator(), responder()];
    expect(answering.open()).toBe(undefined);
    expect(dialling.open()).toHaveLength(act1Length);
    expect([dialling.remoteKey, answering.remoteKey]).toEqual([responderPublicKey, undefined]);

    expect(answering.push(acts.act1)).toEqual({ reply: acts.act2, messages: [] });
    expect(acts.act2).toHaveLength(act2Length);
    expect([answering.established, answering.remoteKey]).toEqual([false, undefined]);

    expect(dialling.push(acts.act2)).toEqual({ reply: acts.act3, messages: [] });
    expect(acts.act3).toHaveLength(act3Length);
    expect(dialling.established).toBe(true);

    expect(answering.push(acts.act3)).toEqual({ messages: [] });
    expect(answering.established).toBe(true);
    expect(answering.remoteKey).toEqual(publicKeyOf(initiatorPrivateKey));
  });

  test("goes on with the last byte of each act, when bytes come one by one", () => {
    const [dialling, answering] = [initiator(), responder()];
    const first = drip(answering, acts.act1);
    expect(first.map(({ reply }) => reply !== undefined)).toEqual(
      first.map((_, i) => i === act1Length - 1),
    );
    expect(first.at(-1)).toEqual({ reply: acts.act2, messages: [] });
    const second = drip(dialling, acts.act2);
    expect(second.slice(0, -1).every(({ reply }) => reply === undefined)).toBe(true);
    expect(second.at(-1)?.reply).toEqual(acts.act3);
    drip(answering, acts.act3.subarray(0, -1));
    expect(answering.established).toBe(false);
    answering.push(acts.act3.subarray(-1));
    expect(answering.established).toBe(true);
    const frames = dialling.encode([message(3), message(0), message(40)]);
    expect(drip(answering, frames).flatMap(({ messages }) => messages)).toEqual([
      message(3),
      message(0),
      message(40),
    ]);
  });

  test("may share chunks with messages, in either role", () => {
    const [dialling, answering] = [initiator(), responder()];
    answering.push(acts.act1);
    dialling.push(acts.act2);
    const early = dialling.encode([message(5), message(6)]);
    const half = frameLength(5) + 7;
    expect(answering.push(joined(acts.act3, early.subarray(0, half)))).toEqual({
      messages: [message(5)],
    });
    expect(answering.push(early.subarray(half))).toEqual({ messages: [message(6)] });
  });

  test("takes nothing but the bytes of a chunk, wherever it is cut", () => {
    const [dialling] = pair();
    const all = joined(acts.act1, acts.act3, dialling.encode([message(9)]));
    for (let at = 0; at <= all.length; at++) {
      const answering = responder();
      const results = [all.subarray(0, at), new Uint8Array(0), all.subarray(at)].map((chunk) =>
        answering.push(chunk),
      );
      expect(results.flatMap(({ messages }) => messages)).toEqual([message(9)]);
      expect(results.flatMap(({ reply }) => reply ?? [])).toEqual([acts.act2]);
    }
  });

  test("keeps neither chunks nor options", () => {
    const remoteKey = responderPublicKey.slice();
    const channel = NoiseChannel.initiator({ localKey: initiatorKey, remoteKey });
    remoteKey.fill(0);
    expect(channel.remoteKey).toEqual(responderPublicKey);
    const answering = responder();
    const reused = acts.act1.slice(0, 20);
    answering.push(reused);
    reused.fill(0);
    expect(answering.push(acts.act1.subarray(20)).reply).toEqual(acts.act2);
  });

  test("does not start with keys that are none", () => {
    expect(
      thrown(() =>
        NoiseChannel.initiator({ localKey: initiatorKey, remoteKey: new Uint8Array(33) }),
      ),
    ).toMatchObject({ name: "KeyError", code: "invalid_public_key", argument: "remoteKey" });
    expect(thrown(() => NoiseChannel.responder({ localKey: new Uint8Array(32) }))).toMatchObject({
      name: "KeyError",
      code: "invalid_private_key",
    });
  });
});

/** A channel in each stage of the handshake, and the act it waits for. */
const stages: [string, () => NoiseChannel, Uint8Array][] = [
  ["one", responder, acts.act1],
  ["two", initiator, acts.act2],
  [
    "three",
    () => {
      const answering = responder();
      answering.push(acts.act1);
      return answering;
    },
    acts.act3,
  ],
];

describe.each(stages)("act %s", (name, waiting, act) => {
  const codes: [string, number, number | undefined][] = [
    ["version", 0, 1],
    [name === "three" ? "ciphertext" : "public_key", 1, name === "three" ? undefined : 4],
    ["tag", act.length - 1, undefined],
  ];

  test.each(codes)("with a bad %s is a failure, and nothing is replied", (part, index, value) => {
    const channel = waiting();
    const { failure, ...rest } = channel.push(changed(act, index, value));
    expect(failure).toMatchObject({ name: "HandshakeError", code: `act_${name}_${part}` });
    expect(rest).toEqual({ messages: [] });
    expect(channel.established).toBe(false);
  });

  test("that failed fails for good, with the same error", () => {
    const channel = waiting();
    const { failure } = channel.push(changed(act, 0, 7));
    for (const chunk of [new Uint8Array(0), Uint8Array.of(1), act]) {
      expect(channel.push(chunk)).toEqual({ messages: [], failure });
    }
    expect(channel.end()).toBe(failure);
    expect(channel.established).toBe(false);
  });

  test.each([0, 1, act.length - 1])("cut off after %i bytes is an error of length", (length) => {
    const channel = waiting();
    channel.push(act.subarray(0, length));
    const failure = channel.end();
    expect(failure).toMatchObject({
      name: "HandshakeError",
      code: `act_${name}_length`,
      received: length,
    });
    expect(channel.end()).toBe(failure);
    expect(channel.push(act.subarray(length))).toEqual({ messages: [], failure });
  });

  test("is no time to encode", () => {
    expect(thrown(() => waiting().encode([message(1)]))).toMatchObject({
      name: "TransportError",
      code: "not_established",
    });
  });
});

test("a local key that fails is a failure in its act", () => {
  const broken = {
    publicKey: responderPublicKey,
    ecdh: (): Uint8Array => {
      throw new Error("no such signer");
    },
  };
  const { failure } = NoiseChannel.responder({ localKey: broken }).push(acts.act1);
  expect(failure).toMatchObject({
    code: "local_key",
    act: 1,
    cause: { message: "no such signer" },
  });
});

/** The default backend with one function that throws at its nth call. */
function failingCrypto(
  name: Exclude<keyof NoiseCrypto, "isPrivateKey">,
  nth: number,
): { readonly crypto: NoiseCrypto; readonly cause: Error } {
  const cause = new TypeError("backend");
  let calls = 0;
  const original = nobleCrypto[name] as (...args: unknown[]) => unknown;
  const failing = (...args: unknown[]): unknown => {
    calls += 1;
    if (calls === nth) throw cause;
    return original(...args);
  };
  return { crypto: { ...nobleCrypto, [name]: failing }, cause };
}

describe("a crypto backend that throws", () => {
  const withBytes = { localKey: responderPrivateKey, ephemeralKey: responderEphemeralKey };
  const dialling = {
    localKey: initiatorPrivateKey,
    remoteKey: responderPublicKey,
    ephemeralKey: initiatorEphemeralKey,
  };

  test.each([
    ["isPublicKey", 1],
    ["sha256", 4],
    ["open", 1],
    ["publicKey", 2],
    ["hkdf", 1],
    ["hkdf", 2],
    ["seal", 1],
  ] as const)("in %s, call %i, is a failure of act one", (name, nth) => {
    const { crypto, cause } = failingCrypto(name, nth);
    const channel = NoiseChannel.responder({ ...withBytes, crypto });
    const { failure, ...rest } = channel.push(acts.act1);
    expect(failure).toMatchObject({ name: "HandshakeError", code: "crypto", act: 1, cause });
    expect(rest).toEqual({ messages: [] });
    expect(channel.push(acts.act1)).toEqual({ messages: [], failure });
    expect(channel.end()).toBe(failure);
  });

  test.each([
    ["isPublicKey", 2],
    ["open", 1],
    ["ecdh", 2],
    ["seal", 2],
    ["hkdf", 4],
  ] as const)("in %s, call %i, is a failure of act two", (name, nth) => {
    const { crypto, cause } = failingCrypto(name, nth);
    const { failure } = NoiseChannel.initiator({ ...dialling, crypto }).push(acts.act2);
    expect(failure).toMatchObject({ name: "HandshakeError", code: "crypto", act: 2, cause });
  });

  test.each([
    ["isPublicKey", 2],
    ["open", 2],
    ["ecdh", 3],
    ["hkdf", 4],
  ] as const)("in %s, call %i, is a failure of act three", (name, nth) => {
    const { crypto, cause } = failingCrypto(name, nth);
    const channel = NoiseChannel.responder({ ...withBytes, crypto });
    expect(channel.push(acts.act1).reply).toEqual(acts.act2);
    const { failure } = channel.push(acts.act3);
    expect(failure).toMatchObject({ name: "HandshakeError", code: "crypto", act: 3, cause });
  });

  test.each([
    ["isPublicKey", 1],
    ["publicKey", 1],
    ["publicKey", 2],
    ["sha256", 1],
    ["ecdh", 1],
    ["seal", 1],
  ] as const)("in %s, call %i, stops an initiator before it starts", (name, nth) => {
    const { crypto, cause } = failingCrypto(name, nth);
    const error = thrown(() => NoiseChannel.initiator({ ...dialling, crypto }));
    expect(error).toMatchObject({ name: "HandshakeError", code: "crypto", act: 1, cause });
  });

  test("stops a responder before it starts, too", () => {
    const { crypto, cause } = failingCrypto("randomPrivateKey", 1);
    expect(
      thrown(() => NoiseChannel.responder({ localKey: responderPrivateKey, crypto })),
    ).toMatchObject({ name: "HandshakeError", code: "crypto", act: 1, cause });
  });

  test("leaves no secret behind", () => {
    const recording = recordingCrypto();
    const crypto: NoiseCrypto = {
      ...recording,
      sha256: () => {
        throw new Error("backend");
      },
    };
    const ephemerals: Uint8Array[] = [];
    const randomPrivateKey = (): Uint8Array => {
      const key = nobleCrypto.randomPrivateKey();
      ephemerals.push(key);
      return key;
    };
    thrown(() => NoiseChannel.responder({ ...withBytes, crypto }));
    thrown(() =>
      NoiseChannel.responder({
        localKey: responderPrivateKey,
        crypto: { ...crypto, randomPrivateKey },
      }),
    );
    expect(ephemerals).toHaveLength(1);
    expect(countFilled(ephemerals)).toBe(0);
    expect(responderEphemeralKey.some((byte) => byte !== 0)).toBe(true);
  });
});

test.each([
  ["nothing", undefined],
  ["a promise", Promise.resolve(new Uint8Array(32))],
  ["text", "x".repeat(32)],
  ["31 bytes", new Uint8Array(31)],
])("a local key that returns %s is a failure in its act", (_what, secret) => {
  const localKey = { publicKey: responderPublicKey, ecdh: () => secret as Uint8Array };
  const { failure } = NoiseChannel.responder({ localKey }).push(acts.act1);
  expect(failure).toMatchObject({ name: "HandshakeError", code: "local_key", act: 1 });
});

describe("messages", () => {
  test("go both ways, several in one piece", () => {
    const [dialling, answering] = pair();
    const forth = [message(1), message(0), message(300)];
    const frames = dialling.encode(forth);
    expect(frames).toHaveLength(forth.reduce((sum, { length }) => sum + frameLength(length), 0));
    expect(answering.push(frames)).toEqual({ messages: forth });
    expect(dialling.push(answering.encode([message(2)]))).toEqual({ messages: [message(2)] });
    expect(dialling.encode([])).toEqual(new Uint8Array(0));
  });

  test("that are too long are refused before any nonce is used", () => {
    const [dialling, answering] = pair();
    const tooLong = new Uint8Array(65_536);
    const error = { name: "TransportError", code: "message_too_long", length: 65_536 };
    expect(thrown(() => dialling.check(tooLong))).toMatchObject(error);
    expect(thrown(() => dialling.encode([message(1), tooLong]))).toMatchObject(error);
    dialling.check(new Uint8Array(65_535));
    expect(answering.push(dialling.encode([message(5)]))).toEqual({ messages: [message(5)] });
  });

  test.each([
    ["header_tag", 3],
    ["body_tag", 30],
  ])("before a bad frame arrive with the failure %s", (code, index) => {
    const [dialling, answering] = pair();
    const good = dialling.encode([message(4)]);
    const bad = changed(dialling.encode([message(12)]), index);
    expect(answering.push(joined(good, bad, good))).toMatchObject({
      messages: [message(4)],
      failure: { name: "TransportError", code },
    });
    expect(answering.push(good)).toMatchObject({
      messages: [],
      failure: { code: "failed", cause: { code } },
    });
  });

  test("may follow act two in its chunk; a bad one there is a failure, too", () => {
    const [, answering] = pair();
    const frames = answering.encode([message(4)]);
    expect(initiator().push(joined(acts.act2, frames))).toEqual({
      reply: acts.act3,
      messages: [message(4)],
    });
    expect(initiator().push(joined(acts.act2, changed(frames, 0)))).toMatchObject({
      messages: [],
      failure: { code: "header_tag" },
    });
  });
});

describe("the end of the other side", () => {
  test("is fine between two frames and truncated inside one", () => {
    const [dialling, answering] = pair();
    expect(answering.end()).toBe(undefined);
    const frames = dialling.encode([message(10)]);
    for (let at = 0; at < frames.length; at++) {
      expect(answering.end()).toEqual(
        at === 0 ? undefined : expect.objectContaining({ code: "truncated" }),
      );
      answering.push(frames.subarray(at, at + 1));
    }
    expect(answering.end()).toBe(undefined);
  });
});

describe("destroy", () => {
  const crypto = recordingCrypto();
  const options = { localKey: responderPrivateKey.slice(), crypto };

  test("overwrites every secret, in every stage", () => {
    const makers: (() => NoiseChannel)[] = [
      () => NoiseChannel.initiator({ ...options, remoteKey: publicKeyOf(initiatorPrivateKey) }),
      () => NoiseChannel.responder(options),
      () => {
        const channel = NoiseChannel.responder(options);
        expect(channel.push(acts.act1).reply).toHaveLength(act2Length);
        return channel;
      },
      () => {
        const channel = NoiseChannel.responder(options);
        const dialling = initiator();
        const { reply } = channel.push(dialling.open() as Uint8Array);
        const last = dialling.push(reply as Uint8Array).reply as Uint8Array;
        channel.push(joined(last, dialling.encode([message(3)])));
        channel.encode([message(3)]);
        expect(channel.established).toBe(true);
        return channel;
      },
    ];
    for (const make of makers) {
      crypto.secrets.clear();
      const channel = make();
      crypto.secrets.delete(options.localKey); // the caller's own
      expect(countFilled(crypto.secrets)).toBeGreaterThan(0);
      channel.destroy();
      channel.destroy();
      expect(countFilled(crypto.secrets)).toBe(0);
      expect(options.localKey).toEqual(responderPrivateKey);
    }
  });

  test("leaves nothing to work with", () => {
    const [dialling, answering] = pair();
    const frames = dialling.encode([message(3)]);
    dialling.destroy();
    answering.destroy();
    expect(thrown(() => dialling.encode([message(3)]))).toMatchObject({ code: "destroyed" });
    expect(answering.push(frames)).toMatchObject({ messages: [], failure: { code: "destroyed" } });
    const early = responder();
    early.destroy();
    expect(early.push(acts.act1)).toMatchObject({ messages: [], failure: { code: "step_spent" } });
  });

  test("leaves a key object to its owner", () => {
    const localKey = createLocalKey(responderPrivateKey);
    const channel = NoiseChannel.responder({ localKey });
    channel.destroy();
    expect(localKey.ecdh(publicKeyOf(initiatorPrivateKey))).toHaveLength(32);
  });
});
