import { expect, test } from "vitest";
import { DirectionCipher } from "../src/cipher.ts";
import { nobleCrypto } from "../src/crypto.ts";
import { frameHeaderLength, frameLength, NoiseTransport } from "../src/transport.ts";

// Does not measure: sockets, Lightning codecs, the handshake. Fixed keys, one direction. Rivals run one
// after the other: differences below 20 % between them are noise.

function pair(): [NoiseTransport, NoiseTransport] {
  const direction = (seed: number): DirectionCipher => {
    const key = new Uint8Array(32).fill(seed);
    return new DirectionCipher(nobleCrypto, key, key);
  };
  return [
    new NoiseTransport(direction(1), direction(2)),
    new NoiseTransport(direction(2), direction(1)),
  ];
}

for (const size of [2, 34, 136, 430, 1400, 65535]) {
  const message = new Uint8Array(size).fill(7);

  test(`message of ${size} bytes`, async ({ bench }) => {
    const [sender, receiver] = pair();
    expect(receiver.push(sender.encrypt(message))).toEqual([message]);
    const out = new Uint8Array(frameLength(size));
    const key = new Uint8Array(32);
    const none = new Uint8Array(0);
    await bench.compare(
      bench("encrypt", () => {
        sender.encrypt(message);
      }),
      bench("encryptInto", () => {
        sender.encryptInto(message, out, 0);
      }),
      bench("the two AEAD calls alone", () => {
        nobleCrypto.seal(key, 0, none, out, 0, 2, out, 0);
        nobleCrypto.seal(key, 1, none, message, 0, size, out, frameHeaderLength);
      }),
      { time: 300 },
    );
  });

  test(`message of ${size} bytes, there and back`, async ({ bench }) => {
    const [sender, receiver] = pair();
    const [halfSender, halfReceiver] = pair();
    const half = frameLength(size) >> 1;
    await bench.compare(
      bench("one chunk", () => {
        receiver.push(sender.encrypt(message));
      }),
      bench("two chunks", () => {
        const frame = halfSender.encrypt(message);
        halfReceiver.push(frame.subarray(0, half));
        halfReceiver.push(frame.subarray(half));
      }),
      { time: 300 },
    );
  });
}
