import { describe, expect, test } from "vitest";
import { act1Length, act2Length, act3Length } from "../src/act.ts";
import { nobleCrypto, type NoiseCrypto } from "../src/crypto.ts";
import { HandshakeError } from "../src/errors.ts";
import { initiate, respond } from "../src/handshake.ts";
import { createLocalKey, type LocalKey, publicKeyOf } from "../src/local-key.ts";
import {
  initiator,
  initiatorEphemeralKey,
  initiatorPrivateKey,
  responder,
  responderEphemeralKey,
  responderKey,
  responderPrivateKey,
  responderPublicKey,
} from "./support/pair.ts";
import { countFilled, recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";

const act1 = initiator().act1;
const act2 = responder(act1).act2;
const { act3 } = initiator().readAct2(act2);

describe("two sides", () => {
  test("agree with fresh random ephemeral keys", () => {
    const step = initiate({ localKey: initiatorPrivateKey, remoteKey: responderPublicKey });
    const next = respond({ localKey: responderPrivateKey }).readAct1(step.act1);
    const left = step.readAct2(next.act2);
    const right = next.readAct3(left.act3);
    expect(right.remoteKey).toEqual(publicKeyOf(initiatorPrivateKey));
    const hello = Uint8Array.of(1, 2, 3);
    expect(right.transport.push(left.transport.encrypt(hello))).toEqual([hello]);
    expect(left.transport.push(right.transport.encrypt(hello))).toEqual([hello]);
  });

  test("use a new ephemeral key for every session", () => {
    const options = { localKey: initiatorPrivateKey, remoteKey: responderPublicKey };
    expect(initiate(options).act1).not.toEqual(initiate(options).act1);
  });

  test("fail at act one if the initiator expects another responder", () => {
    const remoteKey = publicKeyOf(new Uint8Array(32).fill(0x77));
    const step = initiate({ localKey: initiatorPrivateKey, remoteKey });
    expect(thrown(() => responder(step.act1))).toMatchObject({ code: "act_one_tag", act: 1 });
  });

  test("the acts have the exported lengths", () => {
    expect([act1.length, act2.length, act3.length]).toEqual([act1Length, act2Length, act3Length]);
  });
});

describe("act lengths", () => {
  test.each([0, 1, 49, 51, 66, 100])("acts one and two of %i bytes are refused", (length) => {
    const bytes = new Uint8Array(length);
    bytes.set(act1.subarray(0, length));
    expect(thrown(() => responder(bytes))).toMatchObject({
      name: "HandshakeError",
      code: "act_one_length",
      act: 1,
      received: length,
    });
    expect(thrown(() => initiator().readAct2(bytes))).toMatchObject({
      name: "HandshakeError",
      code: "act_two_length",
      act: 2,
      received: length,
    });
  });

  test.each([0, 50, 65, 67])("an act three of %i bytes is refused", (length) => {
    const bytes = new Uint8Array(length);
    bytes.set(act3.subarray(0, length));
    expect(thrown(() => responder(act1).readAct3(bytes))).toMatchObject({
      code: "act_three_length",
      act: 3,
      received: length,
    });
  });

  test("any version but 0 is refused and reported", () => {
    const bytes = act2.slice();
    bytes[0] = 255;
    expect(thrown(() => initiator().readAct2(bytes))).toMatchObject({
      code: "act_two_version",
      received: 255,
      message: "act two has version 255, expected 0",
    });
  });
});

describe("a step is spent", () => {
  const spent = (act: number): object => ({ name: "HandshakeError", code: "step_spent", act });

  test("after success", () => {
    const step = initiator();
    step.readAct2(act2);
    expect(thrown(() => step.readAct2(act2))).toMatchObject(spent(2));

    const first = respond({ localKey: responderKey });
    first.readAct1(act1);
    expect(thrown(() => first.readAct1(act1))).toMatchObject(spent(1));
  });

  test("after act three was read", () => {
    const step = responder(act1);
    step.readAct3(act3);
    expect(thrown(() => step.readAct3(act3))).toMatchObject(spent(3));
  });

  test("after a failure", () => {
    const short = act2.subarray(1);
    const step = initiator();
    expect(thrown(() => step.readAct2(short))).toMatchObject({ code: "act_two_length" });
    expect(thrown(() => step.readAct2(act2))).toMatchObject(spent(2));

    const first = respond({ localKey: responderKey });
    expect(thrown(() => first.readAct1(short))).toMatchObject({ code: "act_one_length" });
    expect(thrown(() => first.readAct1(act1))).toMatchObject(spent(1));

    const last = responder(act1);
    expect(thrown(() => last.readAct3(short))).toMatchObject({ code: "act_three_length" });
    expect(thrown(() => last.readAct3(act3))).toMatchObject(spent(3));
  });

  test("after destroy", () => {
    const step = initiator();
    step.destroy();
    step.destroy();
    expect(thrown(() => step.readAct2(act2))).toMatchObject(spent(2));

    const last = responder(act1);
    last.destroy();
    expect(thrown(() => last.readAct3(act3))).toMatchObject(spent(3));
  });

  test("but destroying an earlier step leaves the later one alone", () => {
    const first = respond({
      localKey: responderPrivateKey,
      ephemeralKey: responderEphemeralKey,
    });
    const next = first.readAct1(act1);
    first.destroy();
    expect(next.readAct3(act3).remoteKey).toEqual(publicKeyOf(initiatorPrivateKey));
  });
});

describe("keys", () => {
  const zero = new Uint8Array(32);
  const order = Uint8Array.from(
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".match(/../g) ?? [],
    (hex) => Number.parseInt(hex, 16),
  );

  test.each([zero, order, new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)])(
    "an unusable private key is refused (%#)",
    (bad) => {
      const code = "invalid_private_key";
      const remoteKey = responderPublicKey;
      expect(thrown(() => respond({ localKey: bad }))).toMatchObject({
        code,
        argument: "localKey",
      });
      expect(thrown(() => initiate({ localKey: bad, remoteKey }))).toMatchObject({
        name: "KeyError",
        code,
        argument: "localKey",
      });
      expect(
        thrown(() => respond({ localKey: responderPrivateKey, ephemeralKey: bad })),
      ).toMatchObject({ code, argument: "ephemeralKey" });
    },
  );

  test("an unusable public key is refused", () => {
    const code = "invalid_public_key";
    const localKey = responderPrivateKey;
    for (const remoteKey of [
      new Uint8Array(33),
      responderPublicKey.subarray(1),
      Uint8Array.of(4, ...responderPublicKey.subarray(1)),
    ]) {
      expect(thrown(() => initiate({ localKey, remoteKey }))).toMatchObject({
        name: "KeyError",
        code,
        argument: "remoteKey",
      });
    }
    const broken = { publicKey: new Uint8Array(33), ecdh: () => zero };
    expect(thrown(() => respond({ localKey: broken }))).toMatchObject({
      code,
      argument: "localKey.publicKey",
    });
  });

  test("the local key can be an object that only offers ECDH, on both sides", () => {
    const asked: Uint8Array[] = [];
    const elsewhere = (privateKey: Uint8Array): LocalKey => ({
      publicKey: publicKeyOf(privateKey),
      ecdh(remoteKey): Uint8Array {
        asked.push(remoteKey.slice());
        return nobleCrypto.ecdh(privateKey, remoteKey);
      },
    });
    const next = respond({
      localKey: elsewhere(responderPrivateKey),
      ephemeralKey: responderEphemeralKey,
    }).readAct1(act1);
    const step = initiate({
      localKey: elsewhere(initiatorPrivateKey),
      remoteKey: responderPublicKey,
      ephemeralKey: initiatorEphemeralKey,
    });
    expect(step.readAct2(next.act2).act3).toEqual(act3);
    expect(asked).toEqual([act1.slice(1, 34), act2.slice(1, 34)]);
  });

  test("a local key that fails ends the handshake and is the cause", () => {
    const cause = new Error("device is unplugged");
    const localKey: LocalKey = {
      publicKey: responderPublicKey,
      ecdh(): Uint8Array {
        throw cause;
      },
    };
    const step = respond({ localKey });
    expect(thrown(() => step.readAct1(act1))).toMatchObject({ code: "local_key", act: 1, cause });
    expect(thrown(() => step.readAct1(act1))).toMatchObject({ code: "step_spent" });

    const short: LocalKey = { publicKey: responderPublicKey, ecdh: () => zero.subarray(1) };
    const dialler = initiate({ localKey: short, remoteKey: responderPublicKey });
    const reply = respond({ localKey: responderKey }).readAct1(dialler.act1);
    expect(thrown(() => dialler.readAct2(reply.act2))).toMatchObject({ code: "local_key", act: 3 });
  });

  test("errors do not show keys", () => {
    const error = thrown(() =>
      initiate({ localKey: new Uint8Array(31).fill(0xab), remoteKey: responderPublicKey }),
    );
    expect(String(error)).toBe(
      "KeyError: localKey is not a secp256k1 private key: 31 bytes, expected 32 in range",
    );
  });
});

describe("secrets", () => {
  const localKey = (privateKey: Uint8Array): Uint8Array => privateKey.slice();

  test("of the initiator are overwritten when act three is made", () => {
    const crypto = recordingCrypto();
    const mine = localKey(initiatorPrivateKey);
    const step = initiate({ localKey: mine, remoteKey: responderPublicKey, crypto });
    expect(countFilled(crypto.secrets)).toBeGreaterThan(3);
    const reply = respond({ localKey: responderKey }).readAct1(step.act1);
    const { transport } = step.readAct2(reply.act2);
    crypto.secrets.delete(mine); // the caller's own array, which stays as it is
    expect(crypto.secrets.size).toBeGreaterThan(8);
    expect(countFilled(crypto.secrets)).toBe(0);
    expect(mine).toEqual(initiatorPrivateKey);

    transport.encrypt(Uint8Array.of(1)); // shows its key to the recorder
    expect(countFilled(crypto.secrets)).toBe(1);
    transport.destroy();
    expect(countFilled(crypto.secrets)).toBe(0);
  });

  test("of the responder are overwritten when act three is read", () => {
    const crypto = recordingCrypto();
    const mine = localKey(responderPrivateKey);
    const step = initiator();
    const next = respond({ localKey: mine, crypto }).readAct1(step.act1);
    const result = next.readAct3(step.readAct2(next.act2).act3);
    crypto.secrets.delete(mine);
    expect(crypto.secrets.size).toBeGreaterThan(8);
    expect(countFilled(crypto.secrets)).toBe(0);

    result.transport.encrypt(Uint8Array.of(1));
    result.transport.destroy();
    expect(countFilled(crypto.secrets)).toBe(0);
  });

  test("the responder forgets its static key after act one", () => {
    const crypto = recordingCrypto();
    const next = respond({ localKey: responderPrivateKey, crypto }).readAct1(act1);
    const kept = [...crypto.secrets].filter((bytes) => bytes !== responderPrivateKey);
    expect(kept).not.toContainEqual(responderPrivateKey);
    next.destroy();
    expect(countFilled(kept)).toBe(0);
  });

  const flipped = (act: Uint8Array): Uint8Array => {
    const copy = act.slice();
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
    return copy;
  };

  test.each<[string, (crypto: NoiseCrypto) => unknown, string | undefined]>([
    [
      "when act one fails",
      (crypto) => respond({ localKey: responderKey, crypto }).readAct1(flipped(act1)),
      "act_one_tag",
    ],
    [
      "when act two fails",
      (crypto) => {
        const options = { localKey: initiatorPrivateKey, remoteKey: responderPublicKey, crypto };
        initiate({ ...options, ephemeralKey: initiatorEphemeralKey }).readAct2(flipped(act2));
      },
      "act_two_tag",
    ],
    [
      "when act three fails",
      (crypto) => {
        const ephemeralKey = responderEphemeralKey.slice();
        const next = respond({ localKey: responderPrivateKey, ephemeralKey, crypto });
        next.readAct1(act1).readAct3(flipped(act3));
      },
      "act_three_tag",
    ],
    [
      "when a step is destroyed",
      (crypto) =>
        initiate({
          localKey: initiatorPrivateKey,
          remoteKey: responderPublicKey,
          crypto,
        }).destroy(),
      undefined,
    ],
  ])("are overwritten %s", (_, run, code) => {
    const crypto = recordingCrypto();
    const error = thrown(() => run(crypto));
    expect(error instanceof HandshakeError ? error.code : error).toBe(code);
    crypto.secrets.delete(initiatorPrivateKey);
    crypto.secrets.delete(responderPrivateKey);
    expect(crypto.secrets.size).toBeGreaterThan(2);
    expect(countFilled(crypto.secrets)).toBe(0);
  });

  test("are overwritten when the backend throws at a derivation", () => {
    for (const nth of [1, 2, 3]) {
      const crypto = recordingCrypto();
      let calls = 0;
      const failing: NoiseCrypto = {
        ...crypto,
        hkdf(salt, ikm) {
          if (++calls === nth) throw new Error("backend is gone");
          return crypto.hkdf(salt, ikm);
        },
      };
      const run = (): unknown =>
        initiate({
          localKey: createLocalKey(initiatorPrivateKey),
          remoteKey: responderPublicKey,
          ephemeralKey: initiatorEphemeralKey,
          crypto: failing,
        }).readAct2(act2);
      expect(thrown(run)).toMatchObject({ code: "crypto", act: nth === 1 ? 1 : 2 });
      expect(crypto.secrets.size).toBeGreaterThan(0);
      expect(countFilled(crypto.secrets)).toBe(0);
    }
  });

  test("are overwritten when the backend throws in the middle", () => {
    const crypto = recordingCrypto();
    let calls = 0;
    const failing: NoiseCrypto = {
      ...crypto,
      seal(...parameters) {
        if (++calls === 2) throw new Error("backend is gone");
        crypto.seal(...parameters);
      },
    };
    const step = initiate({
      localKey: createLocalKey(initiatorPrivateKey),
      remoteKey: responderPublicKey,
      ephemeralKey: initiatorEphemeralKey,
      crypto: failing,
    });
    expect(thrown(() => step.readAct2(act2))).toMatchObject({
      name: "HandshakeError",
      code: "crypto",
      act: 2,
      cause: { message: "backend is gone" },
    });
    expect(countFilled(crypto.secrets)).toBe(0);
  });
});
