// Encrypted sessions that are the same each time: fixed keys, and key exchanges that are done once.
import {
  bitcoinMessages,
  type EllswiftKeyPair,
  generateEllswift,
  type KnownMessage,
  networks,
  nobleV2Crypto,
  toHex,
  type V2Crypto,
  V2Transport,
  type V2TransportOptions,
} from "@satwire/btcwire";
import { NoiseChannel, nobleCrypto, type NoiseCrypto } from "@satwire/noise";
import { createRng } from "../../src/determinism/rng.ts";

/** Remembers what a function of keys returned. */
function remembered<Keys extends Uint8Array[]>(
  exchange: (...keys: Keys) => Uint8Array,
): (...keys: Keys) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (...keys) => {
    const id = keys.map(toHex).join();
    let found = known.get(id);
    if (found === undefined) known.set(id, (found = exchange(...keys)));
    return found.slice();
  };
}

/** The default, but for key exchanges that are done once. */
export const noiseCrypto: NoiseCrypto = {
  ...nobleCrypto,
  ecdh: remembered((privateKey: Uint8Array, publicKey: Uint8Array) =>
    nobleCrypto.ecdh(privateKey, publicKey),
  ),
  publicKey: remembered((privateKey: Uint8Array) => nobleCrypto.publicKey(privateKey)),
};
const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** Both sides of a BOLT 8 connection before act one. */
export function noiseSides(): [initiator: NoiseChannel, responder: NoiseChannel] {
  const crypto = noiseCrypto;
  const remoteKey = crypto.publicKey(key(2));
  return [
    NoiseChannel.initiator({ localKey: key(1), ephemeralKey: key(3), remoteKey, crypto }),
    NoiseChannel.responder({ localKey: key(2), ephemeralKey: key(4), crypto }),
  ];
}

/** What all transports of Bitcoin in tests are made with. */
export const bitcoinOptions = { network: networks.regtest, messages: bitcoinMessages };

const sharedX = remembered((privateKey: Uint8Array, theirs: Uint8Array) =>
  nobleV2Crypto.sharedX(privateKey, theirs),
);
const v2Crypto = (label: string): V2Crypto => {
  const rng = createRng(label);
  return { ...nobleV2Crypto, sharedX, randomBytes: (length) => rng.bytes(length) };
};
const keyPairs = ["first", "second"].map((label) => {
  const rng = createRng(label);
  return generateEllswift((length) => rng.bytes(length));
}) as [EllswiftKeyPair, EllswiftKeyPair];

/** The side of a BIP 324 connection that dials. */
export function v2Initiator(
  more: Partial<V2TransportOptions<KnownMessage>> = {},
): V2Transport<KnownMessage> {
  const garbage = Uint8Array.of(1, 2, 3);
  const crypto = v2Crypto("initiator");
  return V2Transport.initiator({
    ...bitcoinOptions,
    keyPair: keyPairs[0],
    garbage,
    crypto,
    ...more,
  });
}

/** The side that is called. */
export function v2Responder(
  more: Partial<V2TransportOptions<KnownMessage>> = {},
): V2Transport<KnownMessage> {
  const garbage = Uint8Array.of(4, 5, 6, 7);
  const crypto = v2Crypto("responder");
  return V2Transport.responder({
    ...bitcoinOptions,
    keyPair: keyPairs[1],
    garbage,
    crypto,
    ...more,
  });
}
