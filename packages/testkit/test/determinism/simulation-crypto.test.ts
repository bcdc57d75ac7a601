import { nobleV2Crypto } from "@satwire/btcwire";
import { NoiseChannel, type NoiseCrypto, generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { createRng, seededV2Crypto, simulationCrypto } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

const crypto: NoiseCrypto = simulationCrypto(createRng(7));

/** Both sides of a handshake, and all bytes that went over the wire. */
function handshake(seed: number) {
  const crypto = simulationCrypto(createRng(seed));
  const serverKey = generatePrivateKey(crypto);
  const clientKey = generatePrivateKey(crypto);
  const remoteKey = publicKeyOf(serverKey, crypto);
  const client = NoiseChannel.initiator({ localKey: clientKey, remoteKey, crypto });
  const server = NoiseChannel.responder({ localKey: serverKey, crypto });
  const wire: Uint8Array[] = [];
  let toServer = client.open();
  let toClient: Uint8Array | undefined;
  for (let turn = 0; turn < 4; turn++) {
    if (toServer !== undefined) {
      wire.push(toServer);
      toClient = server.push(toServer).reply;
    }
    if (toClient !== undefined) {
      wire.push(toClient);
      toServer = client.push(toClient).reply;
      toClient = undefined;
    } else toServer = undefined;
  }
  return { client, server, wire, clientKey: publicKeyOf(clientKey, crypto) };
}

describe("simulationCrypto", () => {
  test("completes a handshake and carries messages both ways", () => {
    const { client, server, clientKey } = handshake(1);
    expect([client.established, server.established]).toEqual([true, true]);
    expect(server.remoteKey).toEqual(clientKey);
    const message = Uint8Array.of(0, 18, 1, 2, 3);
    expect(server.push(client.encode([message, message])).messages).toEqual([message, message]);
    expect(client.push(server.encode([message])).messages).toEqual([message]);
  });

  test("puts the same bytes on the wire for the same seed, and others for another", () => {
    expect(handshake(1).wire).toEqual(handshake(1).wire);
    expect(handshake(1).wire).not.toEqual(handshake(2).wire);
  });

  test("goes on over a change of keys", () => {
    const { client, server } = handshake(1);
    const messages = Array.from({ length: 1100 }, (_, i) => Uint8Array.of(i >> 8, i));
    expect(server.push(client.encode(messages)).messages).toEqual(messages);
  });

  test("fails to authenticate what was changed on the way", () => {
    const { client, server } = handshake(1);
    const frame = client.encode([Uint8Array.of(1, 2, 3)]);
    frame[20] = (frame[20] as number) ^ 1;
    expect(server.push(frame).failure).toMatchObject({ code: "body_tag" });
  });

  test("fails the handshake with a server that has another key", () => {
    const [serverKey, otherKey] = [generatePrivateKey(crypto), generatePrivateKey(crypto)];
    const remoteKey = publicKeyOf(otherKey, crypto);
    const client = NoiseChannel.initiator({
      localKey: generatePrivateKey(crypto),
      remoteKey,
      crypto,
    });
    const server = NoiseChannel.responder({ localKey: serverKey, crypto });
    const { failure } = server.push(client.open() as Uint8Array);
    expect(failure).toMatchObject({ code: "act_one_tag" });
  });

  test("has the same secret on both sides, and another one for every pair", () => {
    const keys = Array.from({ length: 30 }, () => crypto.randomPrivateKey());
    const publicKeys = keys.map((key) => crypto.publicKey(key));
    const secrets = new Set<string>();
    for (const [i, key] of keys.entries()) {
      for (const [j, other] of keys.entries()) {
        const secret = crypto.ecdh(key, publicKeys[j] as Uint8Array);
        expect(crypto.ecdh(other, publicKeys[i] as Uint8Array)).toEqual(secret);
        if (i < j) secrets.add(secret.join());
      }
    }
    expect(secrets.size).toBe((30 * 29) / 2);
  });

  test("knows its keys by their shape", () => {
    const privateKey = crypto.randomPrivateKey();
    const publicKey = crypto.publicKey(privateKey);
    expect([crypto.isPrivateKey(privateKey), crypto.isPublicKey(publicKey)]).toEqual([true, true]);
    expect([privateKey.length, publicKey.length, publicKey[0]]).toEqual([32, 33, 2]);
    expect(crypto.isPrivateKey(new Uint8Array(32))).toBe(false);
    expect(crypto.isPrivateKey(privateKey.subarray(1))).toBe(false);
    expect(crypto.isPublicKey(publicKey.subarray(0, 32))).toBe(false);
    expect(crypto.isPublicKey(new Uint8Array(33).fill(4))).toBe(false);
    expect(crypto.isPublicKey(new Uint8Array(33).fill(3))).toBe(true);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array, number]>([
    ["sha256", (bytes) => crypto.sha256(bytes), 32],
    ["hkdf's salt", (bytes) => crypto.hkdf(bytes, new Uint8Array(32)), 64],
    ["hkdf's input", (bytes) => crypto.hkdf(new Uint8Array(32), bytes), 64],
    ["publicKey", (bytes) => crypto.publicKey(bytes).subarray(1), 32],
  ])("spreads one bit of %s over all of the result", (_, hash, length) => {
    const input = new Uint8Array(32).fill(1);
    const base = hash(input);
    expect(base.length).toBe(length);
    const seen = new Set([base.join()]);
    let changed = 0;
    for (let bit = 0; bit < 256; bit++) {
      const bytes = input.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      const result = hash(bytes);
      seen.add(result.join());
      changed += result.filter((byte, i) => byte !== base[i]).length;
    }
    expect(seen.size).toBe(257);
    expect(changed / 256 / length).toBeGreaterThan(0.95);
  });

  test("keeps where hkdf's salt ends apart", () => {
    const [one, two] = [Uint8Array.of(1), Uint8Array.of(1, 1)];
    expect(crypto.hkdf(one, two)).not.toEqual(crypto.hkdf(two, one));
    expect(crypto.hkdf(one, new Uint8Array(0))).not.toEqual(crypto.hkdf(new Uint8Array(0), one));
  });
});

describe("seededV2Crypto", () => {
  test("is the default one with random bytes from a seed", () => {
    const [one, same, other] = [1, 1, 2].map((seed) =>
      seededV2Crypto(createRng(seed)).randomBytes(32),
    );
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    const randomBytes = (): Uint8Array => new Uint8Array(0);
    expect({ ...seededV2Crypto(createRng(1)), randomBytes }).toEqual({
      ...nobleV2Crypto,
      randomBytes,
    });
  });
});
