import { chainHashOf } from "@satwire/lnwire";
import { GossipStore } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { announcement, idIn, node, nodeId, regtest, update } from "../support/unsigned-gossip.ts";

const storeWith = (...messages: Parameters<GossipStore["add"]>[0][]): GossipStore => {
  const store = new GossipStore(regtest);
  for (const message of messages) store.add(message);
  return store;
};

describe("channels", () => {
  test("start without updates, and the first announcement of an id stays", () => {
    const store = new GossipStore(regtest);
    const first = announcement(idIn(7));
    expect(store.add(first)).toBe(true);
    expect(store.add(announcement(idIn(7), { one: 8, two: 9 }))).toBe(false);
    expect(store.channel(idIn(7))).toEqual({
      announcement: first,
      updates: [undefined, undefined],
    });
    expect(store.channel(idIn(8))).toBe(undefined);
    expect(store.channelCount).toBe(1);
  });

  test("are listed ascending, also after more were added", () => {
    const store = storeWith(announcement(idIn(9)), announcement(idIn(7, 2)));
    expect(store.channelIds).toEqual([idIn(7, 2), idIn(9)]);
    store.add(announcement(idIn(7, 1)));
    expect(store.channelIds).toEqual([idIn(7, 1), idIn(7, 2), idIn(9)]);
  });

  test.each([
    [7, 1, [idIn(7, 1), idIn(7, 2)]],
    [7, 2, [idIn(7, 1), idIn(7, 2)]],
    [7, 3, [idIn(7, 1), idIn(7, 2), idIn(9)]],
    [8, 1, []],
    [8, 0xffffffff, [idIn(9), idIn(0xffffff)]],
    [0xffffff, 1, [idIn(0xffffff)]],
    [0xffffffff, 0xffffffff, []],
    [9, 0, []],
  ])("from block %i on for %i blocks", (first, count, expected) => {
    const ids = [idIn(9), idIn(7, 2), idIn(7, 1), idIn(0xffffff)];
    const store = storeWith(...ids.map((id) => announcement(id)));
    expect(store.idsInBlocks(first, count)).toEqual(expected);
  });

  test("of another chain are refused", () => {
    const store = new GossipStore(regtest);
    const chainHash = chainHashOf("mainnet");
    expect(store.add(announcement(idIn(7), { chainHash }))).toBe(false);
    store.add(announcement(idIn(7)));
    expect(store.add(update(idIn(7), 0, 5, { chainHash }))).toBe(false);
    expect(store.channel(idIn(7))?.updates).toEqual([undefined, undefined]);
  });
});

describe("updates", () => {
  test("of a channel that is not known are refused", () => {
    expect(new GossipStore(regtest).add(update(idIn(7), 0, 5))).toBe(false);
  });

  test("are kept for each direction, whichever comes first", () => {
    const [forth, back] = [update(idIn(7), 0, 5), update(idIn(7), 1, 3)];
    expect(storeWith(announcement(idIn(7)), back).channel(idIn(7))?.updates).toEqual([
      undefined,
      back,
    ]);
    expect(storeWith(announcement(idIn(7)), back, forth).channel(idIn(7))?.updates).toEqual([
      forth,
      back,
    ]);
  });

  test("replace older ones of their direction; older and equally old ones are refused", () => {
    const store = storeWith(announcement(idIn(7)), update(idIn(7), 0, 5), update(idIn(7), 1, 9));
    expect(store.add(update(idIn(7), 0, 4, { feeBaseMsat: 1 }))).toBe(false);
    expect(store.add(update(idIn(7), 0, 5, { feeBaseMsat: 2 }))).toBe(false);
    expect(store.channel(idIn(7))?.updates[0]?.feeBaseMsat).toBe(0);
    expect(store.add(update(idIn(7), 0, 6, { feeBaseMsat: 3 }))).toBe(true);
    expect(store.channel(idIn(7))?.updates.map((known) => known?.timestamp)).toEqual([6, 9]);
  });

  test("do not change what was handed out before", () => {
    const store = storeWith(announcement(idIn(7)), update(idIn(7), 0, 5));
    const before = store.channel(idIn(7));
    store.add(update(idIn(7), 0, 6));
    expect(before?.updates[0]?.timestamp).toBe(5);
  });
});

describe("nodes", () => {
  test("are listed by node id, the latest announcement of each", () => {
    const store = storeWith(node(5, 10), node(3, 10));
    expect([store.add(node(5, 9)), store.add(node(5, 10)), store.add(node(3, 11))]).toEqual([
      false,
      false,
      true,
    ]);
    expect(store.nodes).toEqual([node(3, 11), node(5, 10)]);
    expect(store.nodeCount).toBe(2);
    expect(store.node(nodeId(3))).toEqual(node(3, 11));
    expect(store.node(nodeId(4))).toBe(undefined);
  });
});
