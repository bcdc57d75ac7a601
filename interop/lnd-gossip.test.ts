// Gossip of two real lnds that share a public channel, gossip that we give them, and what they refuse.
// SATWIRE_SEED repeats the bits that are flipped.
import { downloadGossip, type GossipProgress, type SimplePeer } from "@satwire/lnp2p";
import {
  chainHashOf,
  type ChannelUpdate,
  channelUpdateChecksum,
  compareBytes,
  directionOf,
  encodeMessage,
  featureBits,
  fromShortChannelId,
  queryFlag,
  queryOption,
  type SignedGossip,
  toHex,
  verifyChannelUpdate,
} from "@satwire/lnwire";
import { createRng, LoopbackLightningNode } from "@satwire/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "./daemons/daemon.ts";
import type { Lnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { relayOurs, sendRefused, sendUntilBanned } from "./lnd-gossip/announcing.ts";
import { fundingOutputOf, outputAt } from "./lnd-gossip/chain.ts";
import { type DifferenceName, differences, saw, sightings } from "./lnd-gossip/differences.ts";
import { areSame, framesOf, latestOf, storeOf } from "./lnd-gossip/frames.ts";
import { allBlocks, always, GossipPeer, never, peerOf } from "./lnd-gossip/gossip-peer.ts";
import { edgeAt, inboundFeeType, nodeAt, nodeOf, policyOf } from "./lnd-gossip/graph.ts";
import {
  type ChannelGossip,
  channelGossipOf,
  type LndPair,
  startPair,
} from "./lnd-gossip/lnd-pair.ts";
import { flipBits, verify } from "./lnd-gossip/signatures.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);

/** All that a peer has of a chain. */
async function download(peer: SimplePeer, chainHash: Uint8Array): Promise<readonly SignedGossip[]> {
  await peer.connect();
  const found: SignedGossip[] = [];
  const progress: GossipProgress[] = [];
  const onProgress = (step: GossipProgress): void => void progress.push(step);
  for await (const message of downloadGossip(peer, { chainHash, onProgress })) found.push(message);
  expect(progress.at(-1)).toEqual({ channelsFound: 1, channelsDone: 1, isListComplete: true });
  return found;
}

describe.runIf(hasGo)("gossip of lnd", () => {
  const stack = new AsyncDisposableStack();
  let pair: LndPair;
  /** The channel as both announced it. */
  let channel: ChannelGossip;
  let all: readonly SignedGossip[];

  beforeAll(async () => {
    console.log(`${versionOf("lnd")}, SATWIRE_SEED=${seed}`);
    pair = await startPair(stack);
    channel = channelGossipOf(pair);
    all = [channel.announcement, ...channel.updates, ...channel.nodes];
  });
  afterAll(() => stack.disposeAsync());

  const nodes = [{ name: "alice" }, { name: "bob" }] as const;
  const dial = (lnd: Lnd): Promise<GossipPeer> => GossipPeer.connect(lnd, pair.chainHash);
  /** Resolves when lnd has applied our filter, which leaves nothing of what there is. */
  const filteredOut = (lnd: Lnd, peer: GossipPeer): Promise<unknown> => {
    const text = "applying new remote update horizon: .*has_updates=false";
    return lnd.logged(new RegExp(`GossipSyncer\\(${toHex(peer.nodeId)}\\): ${text}`));
  };

  test("a channel of five confirmations is told to nobody", () => {
    const { ids, range } = pair.before;
    expect(ids).toMatchObject({ gossip: [], end: { fullInformation: true } });
    expect(range.map((reply) => reply.shortChannelIds)).toEqual([[]]);
  });

  test("with six, it comes live", () => {
    expect(latestOf(pair.chainHash, pair.asked)).toHaveLength(5);
    // Without a filter: what Alice says herself, and one thing that Bob said.
    const live = latestOf(pair.chainHash, pair.unasked);
    const own = all.filter(
      (message) =>
        message.type === "channel_announcement" ||
        (isUpdate(message) && isFrom(message, pair.alice)) ||
        (message.type === "node_announcement" && isOf(message.nodeId, pair.alice)),
    );
    expect(framesOf(live)).toEqual(expect.arrayContaining([...framesOf(own)]));
    const ofBob = live.filter((message) => isUpdate(message) && isFrom(message, pair.bob));
    saw("unasked", ofBob.length === 1);
  });

  test.each(nodes)("a download from $name brings all of it, byte for byte", async ({ name }) => {
    await using peer = peerOf(pair[name]);
    const found = await download(peer, pair.chainHash);
    expect(framesOf(found)).toEqual(framesOf(all));
    expect(featureBits(peer.remoteFeatures!)).toContain(7); // gossip_queries
    expect(found[0]!.type).toBe("channel_announcement");
    const order = found.map(({ type }) => type);
    saw("nodesBetween", order.indexOf("node_announcement") < order.lastIndexOf("channel_update"));
  });

  describe.each(nodes)("queries to $name", ({ name }) => {
    test("ranges of blocks", async () => {
      await using peer = await dial(pair[name]);
      const id = pair.shortChannelId;
      const { block } = fromShortChannelId(id);
      const [one, two] = channel.updates;

      const options = { queryOption: queryOption.timestamps | queryOption.checksums };
      const [reply, ...more] = await peer.queryRange(...allBlocks, options);
      expect(more).toEqual([]);
      expect(reply).toMatchObject({ syncComplete: true, shortChannelIds: [id] });
      expect(reply!.timestamps).toEqual([{ node1: one.timestamp, node2: two.timestamp }]);
      saw("checksums", reply!.checksums === undefined);
      const [plain] = await peer.queryRange(...allBlocks);
      expect(plain!.timestamps).toBeUndefined();

      for (const [first, count, ids] of [
        [block, 1, [id]],
        [0, block + 1, [id]],
        [0, block, []],
        [block + 1, 1000, []],
        [block - 1, 1, []],
      ] as const) {
        const replies = await peer.queryRange(first, count);
        expect(replies.map(({ shortChannelIds }) => shortChannelIds)).toEqual([ids]);
        expect(replies[0]).toMatchObject({ firstBlocknum: first, numberOfBlocks: count });
      }

      const chainHash = chainHashOf("regtest");
      const [unknown] = await peer.queryRange(...allBlocks, { chainHash });
      expect(unknown).toMatchObject({ chainHash, shortChannelIds: [] });
      saw("neverComplete", !unknown!.syncComplete);
    });

    test("ids", async () => {
      await using peer = await dial(pair[name]);
      const id = pair.shortChannelId;
      const { gossip, end } = await peer.queryIds([id]);
      expect(framesOf(gossip)).toEqual(framesOf(all));
      expect(end.fullInformation).toBe(true);

      expect(featureBits(peer.remoteFeatures)).not.toContain(11); // gossip_queries_ex
      for (const flag of Object.values(queryFlag)) {
        const flagged = await peer.queryIds([id], { queryFlags: [flag] });
        saw("queryFlags", areSame(flagged.gossip, all));
      }

      const others = await peer.queryIds([id - 1n, id + 1n]);
      expect(others).toMatchObject({ gossip: [], end: { fullInformation: true } });
      const chainHash = chainHashOf("regtest");
      const elsewhere = await peer.queryIds([id], { chainHash });
      expect(elsewhere).toMatchObject({ gossip: [], end: { chainHash, fullInformation: false } });

      // Queries are answered in their order, so its answer would come before the next one's.
      const query = { type: "query_short_channel_ids", chainHash: pair.chainHash } as const;
      await peer.send({ ...query, shortChannelIds: [] });
      await peer.queryIds([id]);
      await peer.ping();
      saw(
        "noIds",
        peer.received.every(({ type }) => type !== "reply_short_channel_ids_end"),
      );
    });

    test("filters by time", async () => {
      const lnd = pair[name];
      const times = all.flatMap((message) => ("timestamp" in message ? [message.timestamp] : []));
      const oldest = Math.min(...times);
      const newest = Math.max(...times);
      const backlog = async (
        ...filter: readonly [number, number, Uint8Array?]
      ): Promise<readonly SignedGossip[]> => {
        await using peer = await dial(lnd);
        await peer.filter(...filter);
        await peer.until(() => peer.gossip.length === 5);
        await peer.ping();
        return peer.takeGossip();
      };
      expect(framesOf(await backlog(...always))).toEqual(framesOf(all));
      expect(framesOf(await backlog(oldest, newest - oldest + 1))).toEqual(framesOf(all));
      const elsewhere = await backlog(...always, chainHashOf("regtest"));
      saw("otherChain", areSame(elsewhere, all));

      // The first second is part of the range, the one behind it is not.
      for (const [first, range] of [
        [0, oldest],
        [newest + 1, 0xffff_ffff - newest - 1],
        [newest + 3600, 1000],
        never,
      ] as const) {
        await using peer = await dial(lnd);
        await peer.filter(first, range);
        await filteredOut(lnd, peer);
        await peer.ping();
        expect(peer.gossip, `from ${first} for ${range} s`).toEqual([]);
      }
    });
  });

  test("all signatures hold, and none with a bit flipped", () => {
    const rng = createRng(seed);
    let flips = 0;
    for (const message of all) {
      expect(verify(encodeMessage(message), channel), message.type).toBe(true);
      flips += flipBits(message, channel, rng);
    }
    const [one, two] = channel.updates;
    const swapped = {
      nodeId1: channel.announcement.nodeId2,
      nodeId2: channel.announcement.nodeId1,
    };
    for (const update of [one, two]) expect(verifyChannelUpdate(update, swapped)).toBe(false);
    console.log(`8 signatures verified, ${flips} flipped bits noticed`);
  });

  test("the id points at the funding output, which is locked by both bitcoin keys", async () => {
    const { announcement } = channel;
    const { btcd, funding, capacitySat } = pair;
    const output = await outputAt(btcd, announcement.shortChannelId);
    expect(output).toMatchObject({ txid: funding.txid, index: funding.output });
    expect(BigInt(output.valueSat)).toBe(capacitySat);
    const { script } = fundingOutputOf(announcement.bitcoinKey1, announcement.bitcoinKey2);
    expect(output.script).toBe(script);
    expect(announcement.chainHash).toEqual(pair.chainHash);
    const ids = [pair.alice.nodeId, pair.bob.nodeId].sort(compareBytes);
    expect([announcement.nodeId1, announcement.nodeId2]).toEqual(ids);
  });

  test.each(nodes)("fields are what $name says in its own words", async ({ name }) => {
    const lnd = pair[name];
    const { announcement, updates } = channel;
    expect(await edgeAt(lnd, pair.shortChannelId)).toMatchObject({
      channel_id: String(announcement.shortChannelId),
      chan_point: `${pair.funding.txid}:${pair.funding.output}`,
      node1_pub: toHex(announcement.nodeId1),
      node2_pub: toHex(announcement.nodeId2),
      capacity: String(pair.capacitySat),
      node1_policy: policyOf(updates[0]),
      node2_policy: policyOf(updates[1]),
    });
    expect(updates.map(directionOf)).toEqual([0, 1]);
    for (const node of channel.nodes) {
      expect(await nodeAt(lnd, node.nodeId)).toEqual(nodeOf(node));
      const { host, port } = isOf(node.nodeId, pair.alice) ? pair.alice : pair.bob;
      expect(nodeOf(node).addresses).toEqual([{ network: "tcp", addr: `${host}:${port}` }]);
    }
    const own = nodeOf(channel.nodes.find(({ nodeId }) => isOf(nodeId, lnd))!);
    const info = await lnd.rest<{ readonly features: object; readonly color: string }>(
      "/v1/getinfo",
    );
    expect(own).toMatchObject({ alias: name, color: info.color });
    // Features of invoices are among these too.
    expect(Object.keys(info.features).map(Number)).toEqual(
      expect.arrayContaining([...own.features]),
    );
  });

  test("our loopback node serves lnd's gossip byte for byte", async () => {
    const gossip = storeOf(pair.chainHash, all);
    await using node = new LoopbackLightningNode({ gossip });
    const { publicKey, address } = await node.listen();
    await using peer = peerOf({ ...address, nodeId: publicKey });
    expect(framesOf(await download(peer, pair.chainHash))).toEqual(framesOf(all));
  });

  test("a change of terms comes live, and no longer when the filter says so", async () => {
    const { alice, bob } = pair;
    await using open = await dial(bob);
    await using stopped = await dial(bob);
    await using silent = await dial(bob); // never has a filter
    for (const peer of [open, stopped]) {
      await peer.filter(...always);
      await peer.until(() => peer.gossip.length === 5);
      peer.takeGossip();
    }
    const setTerms = (lnd: Lnd, terms: object): Promise<unknown> =>
      lnd.rest("/v1/chanpolicy", {
        chan_point: { funding_txid_str: pair.funding.txid, output_index: pair.funding.output },
        time_lock_delta: 50,
        ...terms,
      });

    const inbound_fee = { base_fee_msat: -12, fee_rate_ppm: -34 };
    await setTerms(alice, { base_fee_msat: "1234", fee_rate_ppm: 567, inbound_fee });
    for (const peer of [open, stopped]) {
      const update = await peer.take("channel_update", (message) => isFrom(message, alice));
      expect(update).toMatchObject({ feeBaseMsat: 1234, feeProportionalMillionths: 567 });
      // The record of lnd's own is kept, or the signature would not hold.
      expect(update.unknown?.map(({ type }) => type)).toEqual([inboundFeeType]);
      expect(policyOf(update)).toMatchObject({
        inbound_fee_base_msat: -12,
        inbound_fee_rate_milli_msat: -34,
      });
      expect(verifyChannelUpdate(update, channel.announcement)).toBe(true);
      const old = channel.updates[directionOf(update)];
      expect(update.timestamp).toBeGreaterThan(old.timestamp);
      expect(checksum(update)).not.toBe(checksum(old));
    }

    await stopped.filter(...never);
    await filteredOut(bob, stopped);
    await setTerms(alice, { base_fee_msat: "4321", fee_rate_ppm: 567 });
    await open.take("channel_update", ({ feeBaseMsat }) => feeBaseMsat === 4321);
    // What Bob says himself passes every filter, and shows that nothing of Alice came before it.
    await setTerms(bob, { base_fee_msat: "99", fee_rate_ppm: 9 });
    for (const peer of [open, stopped, silent]) {
      const update = await peer.take("channel_update", (message) => isFrom(message, bob));
      expect(update).toMatchObject({ feeBaseMsat: 99, feeProportionalMillionths: 9 });
      expect(verifyChannelUpdate(update, channel.announcement)).toBe(true);
      expect(peer.gossip).toEqual([]);
    }

    // In a later second, so that the updates of both ends have different times.
    const { gossip } = await silent.queryIds([pair.shortChannelId]);
    const ofBob = gossip.filter(isUpdate).find((update) => isFrom(update, bob))!;
    await ask("the clock to go on", () =>
      Date.now() / 1000 > ofBob.timestamp + 1 ? true : undefined,
    );
    await setTerms(alice, { base_fee_msat: "4321", fee_rate_ppm: 568 });
    const ofAlice = await open.take("channel_update");
    await using late = await dial(bob);
    await late.filter(ofAlice.timestamp, 1);
    await late.until(() => late.gossip.length === 3);
    await late.ping();
    saw("wholeChannel", areSame(late.takeGossip(), [channel.announcement, ofAlice, ofBob]));
  });

  describe("what we announce", () => {
    test("a channel of ours is taken and relayed, byte for byte, over queries as well", () =>
      relayOurs(pair));

    test("what is not so is refused without a word", () => sendRefused(pair, channel));

    test("a hundred channels that are none end the connection, and the next one", () =>
      sendUntilBanned(pair));
  });

  test("each difference was seen", () => {
    for (const name of Object.keys(differences) as DifferenceName[]) {
      expect(sightings.get(name), name).toBeGreaterThan(0);
    }
  });

  const isOf = (nodeId: Uint8Array, lnd: Lnd): boolean => toHex(nodeId) === toHex(lnd.nodeId);
  const isFrom = (update: ChannelUpdate, lnd: Lnd): boolean => {
    const { nodeId1, nodeId2 } = channel.announcement;
    return isOf(directionOf(update) === 0 ? nodeId1 : nodeId2, lnd);
  };
  const isUpdate = (message: SignedGossip): message is ChannelUpdate =>
    message.type === "channel_update";
  const checksum = (update: ChannelUpdate): number => channelUpdateChecksum(encodeMessage(update));
});
