import { describe, expect, test } from "vitest";
import {
  compareBytes,
  directionOf,
  encodeMessage,
  gossipHash,
  nobleSignatures,
  nodeKeyOf,
  type SignatureCrypto,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  toHex,
} from "../src/index.ts";
import {
  announcement,
  key,
  keys,
  node,
  privateKeyOf,
  signingSpy,
  unsignedUpdate,
  update,
  verify,
} from "./support/signed-gossip.ts";
import { thrown } from "./support/thrown.ts";

const [nodeKey1, nodeKey2, bitcoinKey1, bitcoinKey2] = [
  announcement.nodeId1,
  announcement.nodeId2,
  announcement.bitcoinKey1,
  announcement.bitcoinKey2,
].map(privateKeyOf) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

describe("a channel announcement", () => {
  test("orders its ends by node id, whichever way the keys come", () => {
    const swapped = signChannelAnnouncement(announcement, {
      nodeKey1: keys.nodeKey2,
      nodeKey2: keys.nodeKey1,
      bitcoinKey1: keys.bitcoinKey2,
      bitcoinKey2: keys.bitcoinKey1,
    });
    expect(swapped).toStrictEqual(announcement);
    expect(compareBytes(announcement.nodeId1, announcement.nodeId2)).toBeLessThan(0);
    // The keys of one end stay together.
    const isFirst = compareBytes(nodeKey1, keys.nodeKey1) === 0;
    expect(bitcoinKey1).toEqual(isFirst ? keys.bitcoinKey1 : keys.bitcoinKey2);
  });

  test("is signed by the backend that is passed in, each key in its place", () => {
    const { crypto, calls } = signingSpy();
    const made = signChannelAnnouncement(announcement, keys, { crypto });
    const hash = toHex(gossipHash(encodeMessage(announcement)));
    const order = [nodeKey1, nodeKey2, bitcoinKey1, bitcoinKey2];
    expect(calls).toEqual(order.map((privateKey) => [hash, toHex(privateKey)]));
    expect(made).toStrictEqual({
      ...announcement,
      nodeSignature1: new Uint8Array(64).fill(1),
      nodeSignature2: new Uint8Array(64).fill(2),
      bitcoinSignature1: new Uint8Array(64).fill(3),
      bitcoinSignature2: new Uint8Array(64).fill(4),
    });
  });
});

describe("a node announcement", () => {
  test("has the node id that its key makes", () => {
    expect(node.nodeId).toEqual(nobleSignatures.publicKey(keys.nodeKey1));
    const other = signNodeAnnouncement(node, keys.nodeKey2);
    expect(other.nodeId).toEqual(nobleSignatures.publicKey(keys.nodeKey2));
    expect(verify(other)).toBe(true);
  });

  test("is signed by the backend that is passed in", () => {
    const { crypto, calls } = signingSpy();
    const made = signNodeAnnouncement(node, keys.nodeKey1, { crypto });
    expect(calls).toEqual([[toHex(gossipHash(encodeMessage(node))), toHex(keys.nodeKey1)]]);
    expect(made).toStrictEqual({ ...node, signature: new Uint8Array(64).fill(1) });
  });

  test("that could not be sent is not signed", () => {
    const error = thrown(() => signNodeAnnouncement({ ...node, timestamp: -1 }, keys.nodeKey1));
    expect(error).toMatchObject({
      name: "EncodeError",
      code: "out_of_range",
      path: ["node_announcement", "timestamp"],
    });
  });
});

describe("a channel update", () => {
  test.each([
    [0, 0],
    [1, 1],
    [2, 0],
    [3, 1],
    [254, 0],
    [255, 1],
  ])("with flags %i has direction %i", (channelFlags, direction) => {
    expect(directionOf({ channelFlags })).toBe(direction);
  });

  test("comes from the node that its direction names", () => {
    const back = { ...unsignedUpdate, channelFlags: 3 };
    expect(verify(signChannelUpdate(back, nodeKey2))).toBe(true);
    expect(verify(signChannelUpdate(back, nodeKey1))).toBe(false);
    expect(verify(signChannelUpdate(unsignedUpdate, nodeKey2))).toBe(false);
  });

  test.each([0, 1] as const)("of direction %i is signed with the key of that end", (direction) => {
    const swapped = { nodeKey1: keys.nodeKey2, nodeKey2: keys.nodeKey1 };
    const nodeKey = direction === 0 ? nodeKey1 : nodeKey2;
    expect(nodeKeyOf(keys, direction)).toBe(nodeKeyOf(swapped, direction));
    expect(nodeKeyOf(keys, direction)).toStrictEqual(nodeKey);
    const signed = signChannelUpdate(
      { ...unsignedUpdate, channelFlags: direction },
      nodeKeyOf(keys, direction),
    );
    expect(verify(signed)).toBe(true);
  });

  test("has the end's key found with the backend that is passed in", () => {
    const pair = { nodeKey1: key(1), nodeKey2: key(2) };
    for (const [publicKey, first, second] of [
      [(privateKey: Uint8Array) => privateKey.map((byte) => 240 + byte), key(1), key(2)],
      [(privateKey: Uint8Array) => privateKey.map((byte) => 255 - byte), key(2), key(1)],
    ] as const) {
      const crypto: SignatureCrypto = { ...nobleSignatures, publicKey };
      expect(nodeKeyOf(pair, 0, { crypto })).toEqual(first);
      expect(nodeKeyOf(pair, 1, { crypto })).toEqual(second);
    }
  });

  test("is signed by the backend that is passed in", () => {
    const { crypto, calls } = signingSpy();
    const made = signChannelUpdate(update, key(9), { crypto });
    expect(calls).toEqual([[toHex(gossipHash(encodeMessage(update))), toHex(key(9))]]);
    expect(made).toStrictEqual({ ...update, signature: new Uint8Array(64).fill(1) });
  });
});
