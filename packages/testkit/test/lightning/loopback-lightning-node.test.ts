import type { GossipTimestampFilter } from "@satwire/lnwire";
import { memoryPair, MemoryNetwork } from "@satwire/net";
import {
  GossipStore,
  LoopbackLightningNode,
  type RawLightningConnection,
  settle,
} from "@satwire/testkit";
import { expect, test } from "vitest";
import { describeLoopbackEndings } from "./loopback-endings.suite.ts";
import { describeLoopbackNode } from "./loopback-lightning-node.suite.ts";
import type { Network } from "../support/loopback-setting.ts";
import { next, nextFrames, plainInit, rawClient } from "../support/raw-client.ts";
import { announcement, idIn, regtest, update } from "../support/unsigned-gossip.ts";

const capacityBytes = 8192;

const createNetwork = (): Network => {
  const { listen, dialer } = new MemoryNetwork({ capacityBytes });
  return { listen, dialer, mostUnderWay: capacityBytes };
};

describeLoopbackNode("in memory", createNetwork);
describeLoopbackEndings("in memory", createNetwork);

/** A node with 1000 channels and a client of it that has sent its `init`. */
async function slowPair(): Promise<[LoopbackLightningNode, RawLightningConnection]> {
  const gossip = new GossipStore(regtest);
  for (let n = 0; n < 1000; n++) {
    gossip.add(announcement(idIn(n)));
    gossip.add(update(idIn(n), 0, 1));
  }
  const node = new LoopbackLightningNode({ gossip });
  const [theirs, ours] = memoryPair({ capacityBytes });
  node.attach(theirs);
  const client = rawClient(ours, node.publicKey);
  await client.established();
  client.send(plainInit);
  await next(client);
  return [node, client];
}

const everything: GossipTimestampFilter = {
  type: "gossip_timestamp_filter",
  chainHash: regtest,
  firstTimestamp: 0,
  timestampRange: 10,
};

test("a pong overtakes the gossip that has not been made yet", async () => {
  const [node, client] = await slowPair();
  client.pause();
  client.send(everything, { type: "ping", numPongBytes: 5, ignored: new Uint8Array(0) });
  await settle();
  client.resume();
  const types = (await nextFrames(client, 2001)).map((frame) => frame[1]);
  const pong = types.indexOf(19);
  expect(pong).toBeGreaterThan(0);
  expect(pong).toBeLessThan(500);
  await node.close();
});

test("a second filter replaces the first, one for another chain does not", async () => {
  const [node, client] = await slowPair();
  client.pause();
  client.send(everything);
  await settle();
  client.send({ ...everything, firstTimestamp: 0xffffffff, timestampRange: 0 });
  await settle();
  client.resume();
  await settle();
  const stopped = client.takeFrames().length;
  expect(stopped).toBeGreaterThan(0);
  expect(stopped).toBeLessThan(500);

  client.pause();
  client.send(everything);
  await settle();
  client.send({ ...everything, chainHash: new Uint8Array(32) });
  await settle();
  client.resume();
  await settle();
  expect(client.frames.length).toBe(2000);
  await node.close();
});

test("a stream that is given to a closed node is dropped", async () => {
  const node = new LoopbackLightningNode();
  await node.close();
  const [theirs, ours] = memoryPair();
  const connection = node.attach(theirs);
  const client = rawClient(ours, node.publicKey);
  expect(await client.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
  expect(await connection.closed).toEqual({ by: "us" });
  expect(node.connections).toEqual([]);
});

test("a private key or a reply size that cannot be used is refused at once", () => {
  expect(() => new LoopbackLightningNode({ privateKey: new Uint8Array(32) })).toThrow(
    expect.objectContaining({ code: "invalid_private_key" }),
  );
  expect(() => new LoopbackLightningNode({ idsPerReply: 0 })).toThrow(RangeError);
});

test("each node has a key of its own", () => {
  const [one, two] = [new LoopbackLightningNode(), new LoopbackLightningNode()];
  expect(one.publicKey).not.toEqual(two.publicKey);
});
