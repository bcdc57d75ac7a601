import {
  type ChannelAnnouncement,
  chainHashOf,
  checkFeatures,
  compareBytes,
  decodeMessage,
  encodeMessage,
  fromShortChannelId,
  type SignedGossip,
  toHex,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";
import { GossipStore } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

/** Everything in a store, in a fixed order. */
function* contents(store: GossipStore): Generator<SignedGossip> {
  for (const id of store.channelIds) {
    const channel = store.channel(id);
    if (channel === undefined) throw new Error("an id without a channel");
    yield channel.announcement;
    for (const update of channel.updates) if (update !== undefined) yield update;
  }
  yield* store.nodes;
}

const encodings = (store: GossipStore): string[] =>
  [...contents(store)].map((message) => toHex(encodeMessage(message)));

const newest = 1_767_225_600;
const store = GossipStore.generate({ nodes: 6, channels: 15, seed: 7 });

describe("a generated network", () => {
  test("has the nodes and channels asked for, an update in both directions, every node announced", () => {
    expect([store.channelCount, store.nodeCount]).toEqual([15, 6]);
    const seen = new Set<string>();
    for (const id of store.channelIds) {
      const { announcement, updates } = store.channel(id) ?? {};
      expect(updates?.map((update) => update?.channelFlags)).toEqual([
        expect.toSatisfy((flags: number) => (flags & 1) === 0),
        expect.toSatisfy((flags: number) => (flags & 1) === 1),
      ]);
      const { nodeId1, nodeId2 } = announcement as ChannelAnnouncement;
      expect(compareBytes(nodeId1, nodeId2)).toBeLessThan(0);
      seen.add(toHex(nodeId1)).add(toHex(nodeId2));
    }
    // Everybody with a channel is announced, and everybody has one.
    expect([...seen].sort()).toEqual(store.nodes.map(({ nodeId }) => toHex(nodeId)));
  });

  test("has valid signatures only", () => {
    let checked = 0;
    for (const message of contents(store)) {
      switch (message.type) {
        case "channel_announcement":
          expect(verifyChannelAnnouncement(message)).toBe(true);
          break;
        case "channel_update": {
          const channel = store.channel(message.shortChannelId);
          expect(verifyChannelUpdate(message, channel?.announcement as ChannelAnnouncement)).toBe(
            true,
          );
          break;
        }
        case "node_announcement":
          expect(verifyNodeAnnouncement(message)).toBe(true);
      }
      checked++;
    }
    expect(checked).toBe(15 * 3 + 6);
  });

  test("keeps the rules that no signature covers", () => {
    for (const message of contents(store)) {
      expect(decodeMessage(encodeMessage(message))).toEqual(message);
      if (message.type === "node_announcement") checkFeatures(message.features);
      if (message.type !== "channel_announcement") {
        expect(message.timestamp).toBeLessThanOrEqual(newest);
        expect(message.timestamp).toBeGreaterThanOrEqual(newest - 14 * 86_400);
      }
      if (message.type === "channel_update") {
        expect(message.messageFlags).toBe(1);
        expect(message.htlcMinimumMsat).toBeLessThanOrEqual(message.htlcMaximumMsat);
      }
    }
  });

  test("has several channels in a block", () => {
    const blocks = store.channelIds.map((id) => fromShortChannelId(id).block);
    expect(new Set(blocks).size).toBe(5);
  });
});

describe("the options", () => {
  test("with one seed give the same bytes twice, with another seed other bytes", () => {
    const again = GossipStore.generate({ nodes: 6, channels: 15, seed: "7" });
    expect(encodings(again)).toEqual(encodings(store));
    const other = encodings(GossipStore.generate({ nodes: 6, channels: 15, seed: 8 }));
    expect(new Set([...other, ...encodings(store)]).size).toBe(2 * other.length);
  });

  test("set the chain and the newest timestamp", () => {
    const small = GossipStore.generate({
      nodes: 2,
      channels: 1,
      seed: 1,
      chain: "signet",
      newest: 1_500_000_000,
    });
    expect(small.chainHash).toEqual(chainHashOf("signet"));
    for (const message of contents(small)) {
      if (message.type !== "node_announcement") {
        expect(message.chainHash).toEqual(small.chainHash);
      }
      if (message.type !== "channel_announcement") {
        expect(message.timestamp).toBeLessThanOrEqual(1_500_000_000);
      }
    }
  });

  test("allow nodes without channels", () => {
    const lonely = GossipStore.generate({ nodes: 3, channels: 0, seed: 1 });
    expect([lonely.channelCount, lonely.nodeCount]).toEqual([0, 3]);
  });

  test.each([1, 0, -1, Number.NaN])("do not allow %s nodes", (nodes) => {
    expect(() => GossipStore.generate({ nodes, channels: 1, seed: 1 })).toThrow(RangeError);
  });
});
