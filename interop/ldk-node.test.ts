import {
  ChannelFeatures,
  KeysManager,
  NodeId,
  Recipient,
  Result_ECDSASignatureNoneZ_OK,
  Result_PublicKeyNoneZ_OK,
  UnsignedChannelAnnouncement,
  UnsignedGossipMessage,
} from "lightningdevkit";
import { afterEach, expect, test } from "vitest";
import { LdkNode, type LdkNodeOptions, type LdkPeer } from "./ldk-node.ts";

const MAINNET = Buffer.from(
  "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000",
  "hex",
);
const CUSTOM_TYPE = 32_769;

afterEach(async () => {
  // A server's handle is closed at the end of the turn after the one in which it said "close".
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  const open = process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP"));
  expect(open, "sockets left open").toEqual([]);
});

/** The set feature bits, lowest first. */
function bits(features: Uint8Array): number[] {
  return [...features]
    .reverse()
    .flatMap((byte, i) =>
      [0, 1, 2, 3, 4, 5, 6, 7].filter((b) => byte & (1 << b)).map((b) => 8 * i + b),
    );
}

/** A `log` option and a promise for the first line that contains `text`. */
function listenFor(text: string): { log: LdkNodeOptions["log"] & {}; heard: Promise<string> } {
  let hear = (_line: string): void => {};
  const heard = new Promise<string>((resolve) => (hear = resolve));
  return { log: (line) => line.includes(text) && hear(line), heard };
}

async function dial(dialer: LdkNode, listener: LdkNode): Promise<[LdkPeer, LdkPeer]> {
  const { host, port } = await listener.listen();
  await dialer.connect(listener.nodeId, host, port);
  return Promise.all([dialer.waitForPeer(listener.nodeId), listener.waitForPeer(dialer.nodeId)]);
}

/** A payload that differs from message to message in bytes and length. */
const payload = (sender: number, i: number): Uint8Array =>
  new Uint8Array(4 + (i % 300))
    .fill(sender + i)
    .with(0, i >> 8)
    .with(1, i & 255);

test("two LDK nodes talk through the driver", async () => {
  const pong = listenFor("Received message Pong");
  await using alice = await LdkNode.start({ seed: 1, log: pong.log });
  await using bob = await LdkNode.start({ seed: 2 });

  const [bobSeen, aliceSeen] = await dial(alice, bob);
  expect(bobSeen).toMatchObject({ nodeId: bob.nodeId, inbound: false, networks: undefined });
  expect(aliceSeen).toMatchObject({ nodeId: alice.nodeId, inbound: true, networks: undefined });
  expect(bits(bobSeen.features)).toEqual([1, 5, 7, 9, 13, 15, 17, 19, 25, 27, 45, 47, 51]);
  expect(alice.peers()).toEqual([bob.nodeId]);

  alice.tick();
  await pong.heard;

  const count = 1_500; // keys rotate after 500 messages, each of which counts twice
  for (let i = 0; i < count; i++) {
    alice.sendCustom(bob.nodeId, CUSTOM_TYPE, payload(1, i));
    bob.sendCustom(alice.nodeId, 65_535, payload(2, i));
  }
  await Promise.all([alice.waitForCustom(count), bob.waitForCustom(count)]);
  expect(bob.customMessages).toEqual(
    Array.from({ length: count }, (_, i) => ({
      from: alice.nodeId,
      type: CUSTOM_TYPE,
      payload: payload(1, i),
    })),
  );
  expect(alice.customMessages).toEqual(
    Array.from({ length: count }, (_, i) => ({
      from: bob.nodeId,
      type: 65_535,
      payload: payload(2, i),
    })),
  );

  alice.disconnect(bob.nodeId);
  await Promise.all([alice.waitForDisconnect(bob.nodeId), bob.waitForDisconnect(alice.nodeId)]);
  expect([alice.peers(), bob.peers()]).toEqual([[], []]);
});

test("bulk data passes under backpressure, complete and in order", async () => {
  await using sender = await LdkNode.start();
  await using receiver = await LdkNode.start();
  await dial(sender, receiver);
  const count = 300;
  for (let i = 0; i < count; i++) {
    sender.sendCustom(receiver.nodeId, CUSTOM_TYPE, new Uint8Array(65_533).fill(i));
  }
  receiver.sendCustom(sender.nodeId, CUSTOM_TYPE, new Uint8Array(1)); // read once its sends are out
  await Promise.all([receiver.waitForCustom(count), sender.waitForCustom(1)]);
  expect(receiver.customMessages.map((message) => message.payload[65_532])).toEqual(
    Array.from({ length: count }, (_, i) => i & 255),
  );
  expect(receiver.traffic.bytesRead).toBeGreaterThan(count * 65_533);
});

test("LDK hangs up on an unknown even type and passes over an unknown odd one", async () => {
  const ignored = listenFor("unknown odd message of type 1001, ignoring");
  await using alice = await LdkNode.start();
  await using bob = await LdkNode.start({ log: ignored.log });
  await dial(alice, bob);
  alice.sendCustom(bob.nodeId, 1001, new Uint8Array(3));
  await ignored.heard;
  expect(bob.peers()).toEqual([alice.nodeId]);
  alice.sendCustom(bob.nodeId, 32_770, new Uint8Array(3));
  await Promise.all([bob.waitForDisconnect(alice.nodeId), alice.waitForDisconnect(bob.nodeId)]);
  expect(() => alice.sendCustom(bob.nodeId, CUSTOM_TYPE, new Uint8Array(1))).toThrow(
    "not connected",
  );
});

test("a full node requires features and names its chain", async () => {
  await using alice = await LdkNode.start({ channels: true });
  await using bob = await LdkNode.start({ channels: true });
  const [bobSeen] = await dial(alice, bob);
  expect(bits(bobSeen.features)).toEqual([0, 5, 7, 8, 12, 14, 17, 19, 25, 27, 45, 47, 51]);
  expect(bobSeen.networks?.map((hash) => Buffer.from(hash))).toEqual([MAINNET]);
});

test("full nodes of different chains part", async () => {
  const refusal = listenFor("Peer does not support any of our supported chains");
  await using alice = await LdkNode.start({ channels: true, log: refusal.log });
  await using bob = await LdkNode.start({ channels: true, network: "regtest" });
  const { host, port } = await bob.listen();
  await alice.connect(bob.nodeId, host, port);
  await refusal.heard;
  expect(alice.peers()).toEqual([]);
});

/** A `channel_announcement` (BOLT 7), without its type, between four keys that LDK made. */
function signedAnnouncement(scid: bigint): Uint8Array {
  const keys = [101, 102, 103, 104].map((seed) =>
    KeysManager.constructor_new(new Uint8Array(32).fill(seed), 0n, 0).as_NodeSigner(),
  );
  const signers = keys
    .map((signer) => {
      const id = signer.get_node_id(Recipient.LDKRecipient_Node);
      if (!(id instanceof Result_PublicKeyNoneZ_OK)) throw new Error("no node id");
      return { signer, key: Buffer.from(id.res) };
    })
    .sort((a, b) => a.key.compare(b.key)); // node_id_1 is the lesser of the two
  const ids = signers.map(({ key }) => NodeId.constructor_from_pubkey(key));
  const contents = UnsignedChannelAnnouncement.constructor_new(
    ChannelFeatures.constructor_empty(),
    MAINNET,
    scid,
    ...(ids as [NodeId, NodeId, NodeId, NodeId]),
    new Uint8Array(),
  );
  const signatures = signers.map(({ signer }) => {
    const message = UnsignedGossipMessage.constructor_channel_announcement(contents);
    const signature = signer.sign_gossip_message(message);
    if (!(signature instanceof Result_ECDSASignatureNoneZ_OK)) throw new Error("not signed");
    return signature.res;
  });
  return Buffer.concat([...signatures, contents.write()]);
}

test("LDK takes an announcement with good signatures, passes it on, and refuses a bad one", async () => {
  const refusal = listenFor("Invalid signature on channel_announcement");
  await using source = await LdkNode.start();
  await using node = await LdkNode.start({ log: refusal.log });
  await dial(source, node);

  const bad = signedAnnouncement((800_000n << 40n) | (1n << 16n));
  bad[63]! ^= 1; // the last byte of node_signature_1
  source.sendCustom(node.nodeId, 256, bad);
  await refusal.heard;
  expect(node.graphCounts()).toEqual({ channels: 0, nodes: 0 });

  source.sendCustom(node.nodeId, 256, signedAnnouncement((800_000n << 40n) | (2n << 16n)));
  await node.waitForGraph({ channels: 1 });
  expect(node.graphCounts()).toEqual({ channels: 1, nodes: 2 });

  await using late = await LdkNode.start();
  await dial(late, node);
  await late.waitForGraph({ channels: 1, nodes: 2 });
});

test("dispose ends whoever waits, and signals end one wait only", async () => {
  const node = await LdkNode.start({ seed: 7 });
  await node.listen();
  const controller = new AbortController();
  const aborted = node.waitForCustom(1, { signal: controller.signal });
  const disposed = node.waitForPeer(node.nodeId);
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  const closing = node[Symbol.asyncDispose]();
  await expect(disposed).rejects.toThrow("disposed");
  await Promise.all([closing, node[Symbol.asyncDispose]()]);
  await expect(node.connect(node.nodeId, "127.0.0.1", 1)).rejects.toThrow("disposed");
});
