// The ciphers of both sides, for tests of packets.
import { PacketCipher } from "../../src/transport/packet-cipher.ts";
import { nobleV2Crypto, type V2Crypto } from "../../src/transport/v2-crypto.ts";

/** Both sides of a connection with a fixed secret, without the cost of its curve: the initiator, the responder. */
export function cipherPair(crypto: V2Crypto = nobleV2Crypto): [PacketCipher, PacketCipher] {
  const privateKey = new Uint8Array(32);
  const magic = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);
  const keys = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)] as const;
  const shared: V2Crypto = { ...crypto, sharedX: () => new Uint8Array(32).fill(3) };
  return [
    new PacketCipher({
      privateKey,
      ours: keys[0],
      theirs: keys[1],
      initiator: true,
      magic,
      crypto: shared,
    }),
    new PacketCipher({
      privateKey,
      ours: keys[1],
      theirs: keys[0],
      initiator: false,
      magic,
      crypto: shared,
    }),
  ];
}
