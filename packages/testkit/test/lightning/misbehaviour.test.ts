import {
  chainHashOf,
  decodeMessage,
  hasFeatureBit,
  type LightningMessage,
  type QueryChannelRange,
  type QueryShortChannelIds,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import {
  GossipStore,
  type LightningMisbehaviour,
  lightningMisbehaviours,
  LoopbackLightningNode,
  type RawLightningConnection,
  settle,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { next, nextFrames, pingOnce, plainInit, rawClient } from "../support/raw-client.ts";

const gossip = GossipStore.generate({ nodes: 3, channels: 4, seed: 9 });
const { chainHash, channelIds } = gossip;
const testnet4 = chainHashOf("testnet4");

const allBlocks: QueryChannelRange = {
  type: "query_channel_range",
  chainHash,
  firstBlocknum: 0,
  numberOfBlocks: 0xffffffff,
};
const allIds: QueryShortChannelIds = {
  type: "query_short_channel_ids",
  chainHash,
  shortChannelIds: channelIds,
};

/** A client of a node that misbehaves, after its own `init`. */
async function clientOf(...misbehaves: LightningMisbehaviour[]): Promise<RawLightningConnection> {
  const node = new LoopbackLightningNode({ gossip, misbehaves, idsPerReply: 2 });
  const [theirs, ours] = memoryPair();
  node.attach(theirs);
  const client = rawClient(ours, node.publicKey);
  await client.established();
  client.send(plainInit);
  await settle();
  return client;
}

/** What comes as the answer, after what has come before. */
async function answers(
  client: RawLightningConnection,
  ...messages: LightningMessage[]
): Promise<LightningMessage[]> {
  await settle();
  client.takeFrames();
  client.send(...messages);
  await settle();
  return client.takeFrames().map(decodeMessage);
}

const types = (messages: readonly LightningMessage[]): string[] => messages.map(({ type }) => type);
const ping = (numPongBytes: number): LightningMessage => ({
  type: "ping",
  numPongBytes,
  ignored: new Uint8Array(0),
});

describe("at the start", () => {
  test.each<[LightningMisbehaviour, string[]]>([
    ["noInit", []],
    ["twoInits", ["init", "init"]],
    ["pingBeforeInit", ["ping", "init"]],
    ["unknownEvenMessage", ["init", "unknown"]],
    ["errorAndEnd", ["init", "error"]],
    ["neverReads", ["init"]],
  ])("%s", async (name, expected) => {
    const client = await clientOf(name);
    expect(types(client.frames.map(decodeMessage))).toEqual(expected);
  });

  test("unknownRequiredFeature, besides those it has", async () => {
    const client = await clientOf("unknownRequiredFeature");
    const init = (await next(client)) as LightningMessage & { type: "init" };
    expect([1000, 1001, 9].map((bit) => hasFeatureBit(init.features, bit))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("otherChain", async () => {
    expect(await next(await clientOf("otherChain"))).toMatchObject({ networks: [testnet4] });
  });

  test.each<[LightningMisbehaviour, number[]]>([
    ["malformedMessage", [0, 18, 0]],
    ["emptyMessage", []],
  ])("%s", async (name, bytes) => {
    const client = await clientOf(name);
    expect(client.frames.map((frame) => [...frame])[1]).toEqual(bytes);
  });

  test("endsMidMessage: the frame is never complete", async () => {
    const client = await clientOf("endsMidMessage");
    expect(await client.ended()).toMatchObject({ by: "framing", error: { code: "truncated" } });
    expect(client.frames.length).toBe(1);
  });

  test("errorAndEnd: the error comes before the end", async () => {
    const client = await clientOf("errorAndEnd");
    expect(await client.ended()).toEqual({ by: "peer" });
  });

  test("neverReads: a ping stays where it is, and the connection too", async () => {
    const client = await clientOf("neverReads");
    expect(await answers(client, ping(1))).toEqual([]);
  });
});

describe("pongs", () => {
  test.each<[LightningMisbehaviour, number, number[]]>([
    ["neverPongs", 3, []],
    ["shortPongs", 3, [2]],
    ["shortPongs", 0, [1]],
    ["longPongs", 3, [4]],
    ["longPongs", 65_532, []],
  ])("%s to a ping for %i bytes", async (name, asked, lengths) => {
    const pongs = await answers(await clientOf(name), ping(asked));
    expect(pongs.map((pong) => (pong.type === "pong" ? pong.ignored.length : pong.type))).toEqual(
      lengths,
    );
  });
});

describe("queries", () => {
  test("neverAnswers", async () => {
    const client = await clientOf("neverAnswers");
    expect(await answers(client, allBlocks, allIds)).toEqual([]);
    expect((await pingOnce(client)).type).toBe("pong");
  });

  test("neverCompletes", async () => {
    const all = await answers(await clientOf("neverCompletes"), allBlocks, allIds);
    expect(types(all)).toContain("node_announcement");
    expect(types(all)).not.toContain("reply_short_channel_ids_end");
    const completes = all.flatMap((one) =>
      one.type === "reply_channel_range" ? [one.syncComplete] : [],
    );
    expect(completes).toEqual([false, false]);
  });

  test("answersForOtherChain", async () => {
    const all = await answers(await clientOf("answersForOtherChain"), allBlocks, allIds);
    for (const one of all) {
      if (one.type === "reply_channel_range" || one.type === "reply_short_channel_ids_end") {
        expect(one.chainHash).toEqual(testnet4);
      } else if (one.type === "channel_announcement") expect(one.chainHash).toEqual(chainHash);
    }
    expect(types(all)).toContain("reply_short_channel_ids_end");
  });

  test("repliesBackwards", async () => {
    const all = await answers(await clientOf("repliesBackwards"), allBlocks);
    const ids = all.map((one) => (one.type === "reply_channel_range" ? one.shortChannelIds : []));
    expect(ids).toEqual([channelIds.slice(2), channelIds.slice(0, 2)]);
  });

  test("updatesFirst", async () => {
    const all = types(await answers(await clientOf("updatesFirst"), allIds));
    expect(all.indexOf("channel_announcement")).toBe(all.lastIndexOf("node_announcement") + 2);
    expect(all.lastIndexOf("channel_update")).toBeLessThan(all.indexOf("channel_announcement"));
  });

  test("repeatsGossip", async () => {
    const all = types(await answers(await clientOf("repeatsGossip"), allIds));
    const repeated = [...gossip].map(({ type }) => type).flatMap((type) => [type, type]);
    expect(all.sort()).toEqual([...repeated, "reply_short_channel_ids_end"].sort());
  });

  test("badSignatures, and nothing else that is bad", async () => {
    const all = await answers(await clientOf("badSignatures"), allIds);
    let checked = 0;
    for (const one of all) {
      if (one.type === "channel_announcement") expect(verifyChannelAnnouncement(one)).toBe(false);
      else if (one.type === "node_announcement") expect(verifyNodeAnnouncement(one)).toBe(false);
      else if (one.type === "channel_update") {
        const channel = gossip.channel(one.shortChannelId);
        if (channel === undefined) throw new Error("no channel");
        expect(verifyChannelUpdate(one, channel.announcement)).toBe(false);
      } else continue;
      checked++;
    }
    expect(checked).toBe([...gossip].length);
  });

  test("of news as of what there was", async () => {
    const own = GossipStore.generate({ nodes: 2, channels: 0, seed: 1 });
    const node = new LoopbackLightningNode({ gossip: own, misbehaves: ["badSignatures"] });
    const [theirs, ours] = memoryPair();
    node.attach(theirs);
    const client = rawClient(ours, node.publicKey);
    client.send(plainInit, {
      type: "gossip_timestamp_filter",
      chainHash,
      firstTimestamp: 0,
      timestampRange: 0xffffffff,
    });
    await settle();
    client.takeFrames();
    own.addAll(gossip);
    const [first] = await nextFrames(client, 1);
    expect(verifyChannelAnnouncement(first as Uint8Array)).toBe(false);
  });
});

test("several misbehaviours add up", async () => {
  const client = await clientOf("twoInits", "shortPongs", "longPongs", "neverAnswers");
  expect(client.frames.length).toBe(2);
  expect(await answers(client, ping(5), allBlocks)).toEqual([
    { type: "pong", ignored: new Uint8Array(5) },
  ]);
});

test("every misbehaviour has a name, and other names are refused", () => {
  expect(lightningMisbehaviours.length).toBe(21);
  for (const name of lightningMisbehaviours) {
    expect(() => new LoopbackLightningNode({ misbehaves: [name] })).not.toThrow();
  }
  expect(
    () => new LoopbackLightningNode({ misbehaves: ["naps" as LightningMisbehaviour] }),
  ).toThrow(RangeError);
});
