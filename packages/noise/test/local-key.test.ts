import { expect, test } from "vitest";
import { nobleCrypto } from "../src/crypto.ts";
import { createLocalKey, generatePrivateKey, publicKeyOf } from "../src/local-key.ts";
import { recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";

test("a generated identity has a public key that both sides of ECDH agree on", () => {
  const left = generatePrivateKey();
  const right = generatePrivateKey();
  const secret = createLocalKey(left).ecdh(publicKeyOf(right));
  expect(secret).toEqual(createLocalKey(right).ecdh(publicKeyOf(left)));
  expect(secret.length).toBe(32);
});

test("the given backend is used", () => {
  const crypto = recordingCrypto();
  const key = generatePrivateKey(crypto);
  expect(crypto.secrets.has(key)).toBe(true);
  expect(publicKeyOf(key, crypto)).toEqual(nobleCrypto.publicKey(key));
});

test("the private key is copied, and the copy is overwritten by destroy", () => {
  const crypto = recordingCrypto();
  const privateKey = new Uint8Array(32).fill(5);
  const key = createLocalKey(privateKey, crypto);
  privateKey.fill(0);
  const remote = publicKeyOf(new Uint8Array(32).fill(6));
  const secret = key.ecdh(remote);
  expect(secret).toEqual(nobleCrypto.ecdh(new Uint8Array(32).fill(5), remote));
  secret.fill(0);
  key.destroy();
  key.destroy();
  expect([...crypto.secrets].every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  expect(thrown(() => key.ecdh(remote))).toMatchObject({
    name: "KeyError",
    code: "invalid_private_key",
    message: "privateKey was destroyed",
  });
});

test("a private key out of range is refused", () => {
  for (const bad of [
    new Uint8Array(32),
    new Uint8Array(32).fill(255),
    new Uint8Array(31).fill(1),
  ]) {
    const error = { code: "invalid_private_key", argument: "privateKey" };
    expect(thrown(() => publicKeyOf(bad))).toMatchObject(error);
    expect(thrown(() => createLocalKey(bad))).toMatchObject(error);
  }
});
