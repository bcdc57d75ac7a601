import { DirectionCipher } from "../../src/cipher.ts";
import { nobleCrypto, type NoiseCrypto } from "../../src/crypto.ts";
import { type AwaitingAct2, type AwaitingAct3, initiate, respond } from "../../src/handshake.ts";
import { createLocalKey, publicKeyOf } from "../../src/local-key.ts";
import { NoiseTransport } from "../../src/transport.ts";

/** Two connected transports with fixed keys, without the cost of a handshake. */
export function transportPair(crypto: NoiseCrypto = nobleCrypto): [NoiseTransport, NoiseTransport] {
  const [forth, back, chain] = [1, 2, 3].map((n) => new Uint8Array(32).fill(n)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const direction = (key: Uint8Array): DirectionCipher => new DirectionCipher(crypto, key, chain);
  return [
    new NoiseTransport(direction(forth), direction(back)),
    new NoiseTransport(direction(back), direction(forth)),
  ];
}

/** The static keys of the BOLT 8 vectors: of the initiator and of the responder. */
export const initiatorPrivateKey: Uint8Array = new Uint8Array(32).fill(0x11);
export const responderPrivateKey: Uint8Array = new Uint8Array(32).fill(0x21);
/** The ephemeral keys of the BOLT 8 vectors. */
export const initiatorEphemeralKey: Uint8Array = new Uint8Array(32).fill(0x12);
export const responderEphemeralKey: Uint8Array = new Uint8Array(32).fill(0x22);

export const initiatorKey = createLocalKey(initiatorPrivateKey);
export const responderKey = createLocalKey(responderPrivateKey);
export const responderPublicKey: Uint8Array = publicKeyOf(responderPrivateKey);

/** An initiator that waits for act two, with the keys of the vectors. */
export function initiator(): AwaitingAct2 {
  return initiate({
    localKey: initiatorKey,
    remoteKey: responderPublicKey,
    ephemeralKey: initiatorEphemeralKey,
  });
}

/** A responder that waits for act three, with the keys of the vectors. */
export function responder(act1: Uint8Array): AwaitingAct3 {
  return respond({ localKey: responderKey, ephemeralKey: responderEphemeralKey }).readAct1(act1);
}
