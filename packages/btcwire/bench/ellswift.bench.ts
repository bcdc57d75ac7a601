// What decision 8 compares: ElligatorSwift of our own and of scure, packets on noble and on node:crypto.
import { defaultV2Crypto } from "#default-v2-crypto";
import { randomBytes } from "@noble/hashes/utils.js";
import { elligatorSwift } from "@scure/btc-signer/p2p.js";
import { afterAll, expect, test as anywhere } from "vitest";
import { sideBySide } from "../../../bench/side-by-side.ts";
import { Table } from "../../../bench/table.ts";
import { decodeEllswift, generateEllswift } from "../src/transport/ellswift.ts";
import { PacketCipher } from "../src/transport/packet-cipher.ts";
import { nobleV2Crypto, type V2Crypto } from "../src/transport/v2-crypto.ts";

// Does not measure: sockets, message codecs, the search for a terminator. docs/decisions/0008-elligator-swift.md
// quotes it.

const test = anywhere.skipIf(typeof setImmediate !== "function"); // what measures side by side runs in Node only

const table = new Table();
afterAll(() => table.print());

const ours = generateEllswift(randomBytes);
// Decoding takes one, two or three square roots, depending on the key.
const others = Array.from({ length: 64 }, () => generateEllswift(randomBytes).publicKey);
let next = 0;
const theirs = (): Uint8Array => others[next++ % others.length] as Uint8Array;

test("a fresh key and its encoding", { timeout: 120_000 }, async () => {
  table.add(
    "key and encoding",
    await sideBySide(
      { name: "own", run: () => generateEllswift(randomBytes) },
      { name: "scure", run: () => elligatorSwift.keygen() },
    ),
  );
});

test("decoding", { timeout: 120_000 }, async () => {
  table.add(
    "decoding",
    await sideBySide(
      { name: "own", run: () => decodeEllswift(theirs()) },
      { name: "scure", run: () => elligatorSwift.decode(theirs()) },
    ),
  );
});

test("the shared secret", { timeout: 120_000 }, async () => {
  const scure = (key: Uint8Array): Uint8Array =>
    elligatorSwift.getSharedSecret(ours.privateKey, key);
  for (const key of others) {
    expect(nobleV2Crypto.sharedX(ours.privateKey, key)).toEqual(scure(key));
    expect(defaultV2Crypto.sharedX(ours.privateKey, key)).toEqual(scure(key));
  }
  table.add(
    "shared secret",
    await sideBySide(
      { name: "own", run: () => nobleV2Crypto.sharedX(ours.privateKey, theirs()) },
      { name: "own, node:crypto", run: () => defaultV2Crypto.sharedX(ours.privateKey, theirs()) },
      { name: "scure", run: () => scure(theirs()) },
    ),
  );
});

test.each([0, 38, 100, 301, 1400, 65_536, 1_000_000])(
  "packets of %i bytes, there and back",
  { timeout: 120_000 },
  async (length) => {
    const contents = new Uint8Array(length).fill(7);
    const exchange = (crypto: V2Crypto): (() => unknown) => {
      const [sender, receiver] = [true, false].map((initiator) => {
        const keys = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)] as const;
        const [first, second] = initiator ? keys : ([keys[1], keys[0]] as const);
        return new PacketCipher({
          privateKey: new Uint8Array(32),
          ours: first,
          theirs: second,
          initiator,
          magic: new Uint8Array(4),
          crypto: { ...crypto, sharedX: () => new Uint8Array(32).fill(3) },
        });
      }) as [PacketCipher, PacketCipher];
      return () => {
        const packet = sender.encrypt(contents);
        receiver.decryptLength(packet.subarray(0, 3));
        return receiver.decrypt(packet.subarray(3));
      };
    };
    expect(exchange(nobleV2Crypto)()).toEqual({ contents, ignore: false });
    table.add(
      `packet of ${length} bytes`,
      await sideBySide(
        { name: "node:crypto", run: exchange(defaultV2Crypto) },
        { name: "noble", run: exchange(nobleV2Crypto) },
      ),
    );
  },
);
