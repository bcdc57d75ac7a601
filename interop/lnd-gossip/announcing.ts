/** Announcements of ours: what lnd takes and passes on, what it refuses, and when it has had enough. */
import {
  fromShortChannelId,
  type SignedGossip,
  toHex,
  toShortChannelId,
  verifyChannelUpdate,
} from "@satwire/lnwire";
import { generatePrivateKey } from "@satwire/noise";
import { LoopbackLightningNode } from "@satwire/testkit";
import { expect } from "vitest";
import { saw } from "./differences.ts";
import { areSame, framesOf, storeOf } from "./frames.ts";
import { allBlocks, always, GossipPeer, peerOf } from "./gossip-peer.ts";
import { edgeAt, nodeAt, nodeOf, policyOf } from "./graph.ts";
import type { ChannelGossip, LndPair } from "./lnd-pair.ts";
import { announce, fundOurs, OurChannel, unknownRecord } from "./our-channel.ts";
import { refusalsFor } from "./refusals.ts";

/** Two channels of ours: one is sent to Alice, the other she asks for; Bob has both from her. */
export async function relayOurs(pair: LndPair): Promise<void> {
  const { btcd, alice, bob, chainHash, pinnedKey } = pair;
  const [sent, served] = [new OurChannel(chainHash), new OurChannel(chainHash)];
  const [sentId, servedId] = (await fundOurs(btcd, [sent, served])) as [bigint, bigint];
  const [announcement, ...rest] = sent.messages(sentId);
  const second = served.messages(servedId);

  await using relayed = await GossipPeer.connect(bob, pair.chainHash);
  await relayed.filter(...always);
  await relayed.until(() => relayed.gossip.length === 5);
  relayed.takeGossip();
  const relays = async (messages: readonly SignedGossip[]): Promise<boolean> => {
    await relayed.until(() => relayed.gossip.length === messages.length);
    return areSame(relayed.takeGossip(), messages);
  };

  // Sent by us to Alice, who gives it to Bob.
  await using peer = await GossipPeer.connect(alice, pair.chainHash);
  await peer.send(announcement);
  saw("noUpdates", await relays([announcement]));
  await peer.send(...rest);
  expect(await relays(rest)).toBe(true);

  // Asked for by Alice, for whom we are a node like others.
  const gossip = storeOf(chainHash, second);
  await using node = new LoopbackLightningNode({ privateKey: pinnedKey, gossip });
  const { publicKey, address } = await node.listen();
  const addr = { pubkey: toHex(publicKey), host: `${address.host}:${address.port}` };
  await alice.rest("/v1/peers", { addr });
  expect(await relays(second)).toBe(true);
  expect(node.connections[0]!.received.counts).toMatchObject({
    query_channel_range: 1,
    query_short_channel_ids: 1,
  });

  for (const lnd of [alice, bob]) {
    await using reader = await GossipPeer.connect(lnd, pair.chainHash);
    const answer = await reader.queryIds([sentId, servedId]);
    expect(framesOf(answer.gossip)).toEqual(framesOf([announcement, ...rest, ...second]));
    for (const [{ shortChannelId }, one, two, ...ends] of [
      [announcement, ...rest] as const,
      second,
    ]) {
      expect(await edgeAt(lnd, shortChannelId)).toMatchObject({
        node1_policy: policyOf(one),
        node2_policy: policyOf(two),
      });
      for (const end of ends) expect(await nodeAt(lnd, end.nodeId)).toEqual(nodeOf(end));
    }
  }

  // A record that lnd does not know is gone behind it, and with it the signature's meaning.
  const update = sent.update(sentId, 0, 1, [unknownRecord]);
  expect(verifyChannelUpdate(update, announcement)).toBe(true);
  await peer.send(update);
  await bob.logged(
    /unable to validate channel update announcement for [^\n]*\n: invalid signature/,
  );
  const { gossip: told } = await peer.queryIds([sentId]);
  const { unknown: _, ...shorter } = update;
  saw("dropsRecords", areSame(told, [announcement, shorter, ...rest.slice(1)]));
  expect(verifyChannelUpdate(shorter, announcement)).toBe(false);
}

/** What is forged, or not on the chain, is not in Alice's graph, and she does not say why. */
export async function sendRefused(pair: LndPair, channel: ChannelGossip): Promise<void> {
  const { alice, btcd } = pair;
  await using peer = await GossipPeer.connect(alice, pair.chainHash);
  const tip = await btcd.call<number>("getblockcount");
  const before = await peer.queryRange(...allBlocks);
  for (const { message, line } of refusalsFor(channel, peer.nodeId, tip)) {
    await peer.send(message);
    await alice.logged(line);
  }
  expect(await peer.queryRange(...allBlocks)).toEqual(before);
  const { gossip } = await peer.queryIds([pair.shortChannelId]);
  expect(framesOf(gossip)).toContain(framesOf([channel.announcement])[0]);
  // A forged announcement and a forged update were among them; lnd's filter is all that came unasked.
  saw(
    "noWarning",
    peer.received.every(({ type }) => type === "gossip_timestamp_filter"),
  );
}

/** One after the other until Alice hangs up, and does not take the sender back. */
export async function sendUntilBanned(pair: LndPair): Promise<void> {
  const { alice, chainHash, shortChannelId } = pair;
  const { block } = fromShortChannelId(shortChannelId);
  const localKey = generatePrivateKey();
  await using peer = await GossipPeer.connect(alice, pair.chainHash, localKey);
  const { keys } = new OurChannel(chainHash);
  const send = async (transaction: number): Promise<void> => {
    const id = toShortChannelId({ block, transaction, output: 0 });
    await peer.send(announce(chainHash, id, keys));
  };
  for (let i = 1; i < 100; i++) {
    await send(2000 + i);
    // lnd looks at several at once, and then may count two as one (`incrementBanScore` in `discovery/ban.go`).
    await alice.logged(new RegExp(`ban score for .* channel ${block}:${2000 + i}:0`));
  }
  await peer.ping();
  await send(2100);
  await peer.ended();
  saw(
    "silentRefusal",
    peer.received.every(({ type }) => type === "gossip_timestamp_filter"),
  );
  await using again = peerOf(alice, localKey);
  await expect(again.connect()).rejects.toMatchObject({
    phase: "initializing",
    code: expect.stringMatching(/^(closed_by_peer|connection_lost)$/),
  });
}
