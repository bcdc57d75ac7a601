import { expect, test } from "vitest";
import { nobleCrypto } from "../src/crypto.ts";
import { initiate, respond } from "../src/handshake.ts";
import { createLocalKey, generatePrivateKey, publicKeyOf } from "../src/local-key.ts";

// Does not measure: connecting, timeouts, `init`. Both sides run in one thread.

const initiatorKey = createLocalKey(generatePrivateKey());
const responderPrivateKey = generatePrivateKey();
const responderKey = createLocalKey(responderPrivateKey);
const remoteKey = publicKeyOf(responderPrivateKey);

function handshake(): Uint8Array {
  const step = initiate({ localKey: initiatorKey, remoteKey });
  const next = respond({ localKey: responderKey }).readAct1(step.act1);
  return next.readAct3(step.readAct2(next.act2).act3).remoteKey;
}

/** The curve operations of one handshake and nothing else. */
function curveOnly(): void {
  const ephemeral = nobleCrypto.randomPrivateKey();
  for (let i = 0; i < 6; i++) nobleCrypto.ecdh(ephemeral, remoteKey);
  for (let i = 0; i < 2; i++) nobleCrypto.publicKey(ephemeral);
}

test("both sides of one handshake", async ({ bench }) => {
  expect(handshake()).toEqual(initiatorKey.publicKey);
  await bench.compare(
    bench("handshake", () => {
      handshake();
    }),
    bench("its 6 ECDH and 2 public keys alone", curveOnly),
    { time: 2000 },
  );
});
