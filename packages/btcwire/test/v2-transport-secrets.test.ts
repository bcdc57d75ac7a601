// Keys are overwritten as soon as nothing needs them, and a backend that throws ends the connection.
import { concatBytes } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { nobleV2Crypto, type V2Crypto } from "../src/transport/v2-crypto.ts";
import { changedAt } from "./support/chunks.ts";
import { seededCrypto } from "./support/seeded-crypto.ts";
import {
  options,
  shakeHands,
  v2Initiator,
  v2Responder,
  versionMessage,
} from "./support/transport-pairs.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";

const none = new Uint8Array(0);
const fresh = { keyPair: undefined, garbage: none };

/** A backend that remembers the arrays that held keys. */
function recordingCrypto(): {
  crypto: V2Crypto;
  privateKeys: Set<Uint8Array>;
  cipherKeys: Set<Uint8Array>;
} {
  const [privateKeys, cipherKeys] = [new Set<Uint8Array>(), new Set<Uint8Array>()];
  const crypto: V2Crypto = {
    randomBytes(length) {
      const bytes = nobleV2Crypto.randomBytes(length);
      if (length === 32) privateKeys.add(bytes);
      return bytes;
    },
    sharedX(privateKey, theirs) {
      privateKeys.add(privateKey);
      return nobleV2Crypto.sharedX(privateKey, theirs);
    },
    keystream(key, ...rest) {
      cipherKeys.add(key);
      nobleV2Crypto.keystream(key, ...rest);
    },
    seal(key, ...rest) {
      cipherKeys.add(key);
      nobleV2Crypto.seal(key, ...rest);
    },
    open(key, ...rest) {
      cipherKeys.add(key);
      return nobleV2Crypto.open(key, ...rest);
    },
  };
  return { crypto, privateKeys, cipherKeys };
}

function countFilled(arrays: Iterable<Uint8Array>): number {
  let filled = 0;
  for (const bytes of arrays) if (bytes.some((byte) => byte !== 0)) filled++;
  return filled;
}

describe("the private key", () => {
  test("is overwritten when the peer's key has come", () => {
    for (const isInitiator of [true, false]) {
      const { crypto, privateKeys } = recordingCrypto();
      const tested = isInitiator
        ? v2Initiator({ ...fresh, crypto })
        : v2Responder({ ...fresh, crypto });
      const key = (isInitiator ? v2Initiator() : v2Initiator({ garbage: none })).open() ?? none;
      tested.push(key.subarray(0, 63));
      expect([privateKeys.size, countFilled(privateKeys)]).toEqual([1, 1]);
      tested.push(key.subarray(63, 64));
      expect(tested.established).toBe(true);
      expect([privateKeys.size, countFilled(privateKeys)]).toEqual([1, 0]);
    }
  });

  test("is overwritten by destroy and by a failure before that", () => {
    const { crypto, privateKeys } = recordingCrypto();
    v2Initiator({ ...fresh, crypto }).destroy();
    const dialled = v2Initiator({ ...fresh, crypto });
    expect([privateKeys.size, countFilled(privateKeys)]).toEqual([2, 1]);
    const { failure } = dialled.push(new V1Transport(options).encode(versionMessage));
    expect(failure).toMatchObject({ code: "v1_peer" });
    expect(countFilled(privateKeys)).toBe(0);
  });

  test("that was given is copied, and the copy is overwritten", () => {
    const given = { privateKey: new Uint8Array(32).fill(1), publicKey: new Uint8Array(64).fill(2) };
    const { crypto, privateKeys } = recordingCrypto();
    v2Initiator({ keyPair: given, crypto }).push(new Uint8Array(64));
    expect([privateKeys.size, countFilled(privateKeys)]).toEqual([1, 0]);
    expect(given.privateKey).toEqual(new Uint8Array(32).fill(1));
    for (const [length, other] of [
      [31, 64],
      [32, 63],
    ] as const) {
      const bad = { privateKey: new Uint8Array(length), publicKey: new Uint8Array(other) };
      expect(() => v2Initiator({ keyPair: bad })).toThrow(RangeError);
    }
  });
});

describe("the keys of packets", () => {
  test("are overwritten by destroy", () => {
    const { crypto, cipherKeys } = recordingCrypto();
    const [initiator, responder] = [v2Initiator({ crypto }), v2Responder()];
    shakeHands(initiator, responder);
    initiator.push(responder.encode(versionMessage));
    expect([cipherKeys.size, countFilled(cipherKeys)]).toEqual([4, 4]);
    initiator.destroy();
    expect(countFilled(cipherKeys)).toBe(0);
    initiator.destroy();
  });

  test("are overwritten by a failure", () => {
    const { crypto, cipherKeys } = recordingCrypto();
    const [initiator, responder] = [v2Initiator(), v2Responder({ crypto })];
    shakeHands(initiator, responder);
    expect(countFilled(cipherKeys)).toBe(4);
    const { failure } = responder.push(changedAt(initiator.encode(versionMessage), 9));
    expect(failure).toMatchObject({ code: "packet_tag" });
    expect(countFilled(cipherKeys)).toBe(0);
  });

  test("are overwritten by a failure inside the handshake", () => {
    const { crypto, cipherKeys } = recordingCrypto();
    const { failure } = v2Responder({ crypto }).push(new Uint8Array(5000));
    expect(failure).toMatchObject({ code: "garbage_terminator" });
    expect(cipherKeys.size).toBeGreaterThan(0);
    expect(countFilled(cipherKeys)).toBe(0);
  });
});

describe("a backend that throws", () => {
  const gone = new Error("gone");
  const throwing = (name: keyof V2Crypto, allowed = 0): V2Crypto => {
    let calls = 0;
    const crypto = seededCrypto(1);
    const replaced = (...parameters: never[]): unknown => {
      if (calls++ === allowed) throw gone;
      return (crypto[name] as (...all: never[]) => unknown)(...parameters);
    };
    return { ...crypto, [name]: replaced };
  };
  const key = v2Initiator({ garbage: none }).open() ?? none;

  test.each(["randomBytes", "sharedX", "keystream", "seal"] as const)(
    "from %s ends the handshake",
    (name) => {
      const { failure, reply } = v2Responder({ ...fresh, crypto: throwing(name) }).push(key);
      expect(failure).toMatchObject({ name: "TransportError", code: "crypto", cause: gone });
      expect(reply).toBeUndefined();
    },
  );

  test("from open ends the connection, after the messages before", () => {
    const [initiator, responder] = [v2Initiator(), v2Responder({ crypto: throwing("open", 2) })];
    shakeHands(initiator, responder);
    const message = { type: "verack" } as const;
    const chunk = concatBytes(initiator.encode(message), initiator.encode(message));
    const { events, failure } = responder.push(chunk);
    expect(events).toMatchObject([{ message }]);
    expect(failure).toMatchObject({ code: "crypto", cause: gone });
  });

  test("from seal ends the connection, so that no nonce is used twice", () => {
    const [initiator, responder] = [v2Initiator({ crypto: throwing("seal", 1) }), v2Responder()];
    shakeHands(initiator, responder);
    const failed = { name: "TransportError", code: "crypto", cause: gone };
    expect(() => initiator.encode({ type: "verack" })).toThrow(expect.objectContaining(failed));
    expect(initiator.failure).toMatchObject(failed);
    expect(() => initiator.encodeDecoy(3)).toThrow(expect.objectContaining({ code: "failed" }));
    expect(initiator.push(none).failure).toBe(initiator.failure);
  });

  test("where an initiator is made, throws there", () => {
    expect(() => v2Initiator({ ...fresh, crypto: throwing("randomBytes") })).toThrow(gone);
  });

  test("or gives fewer random bytes than it was asked for, is one", () => {
    const crypto = {
      ...seededCrypto(1),
      randomBytes: (length: number) => new Uint8Array(length - 1),
    };
    expect(() => v2Initiator({ ...fresh, crypto })).toThrow(
      "32 random bytes were asked for, 31 came",
    );
  });
});
