import { chainHashOf, encodeMessage, type SignedGossip, toHex } from "@satwire/lnwire";
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
    store.add(node(4, 1));
    expect(store.nodes).toEqual([node(3, 11), node(4, 1), node(5, 10)]);
    expect(store.nodeCount).toBe(3);
    expect(store.node(nodeId(3))).toEqual(node(3, 11));
    expect(store.node(nodeId(6))).toBe(undefined);
  });
});

describe("all of it", () => {
  test("comes in an order that another store takes: channels by id, then nodes by id", () => {
    const store = storeWith(
      node(9, 1),
      announcement(idIn(9), { one: 8, two: 9 }),
      announcement(idIn(7)),
      update(idIn(7), 1, 3),
      update(idIn(7), 0, 5),
      node(8, 1),
    );
    const expected = [
      announcement(idIn(7)),
      update(idIn(7), 0, 5),
      update(idIn(7), 1, 3),
      announcement(idIn(9), { one: 8, two: 9 }),
      node(8, 1),
      node(9, 1),
    ];
    expect([...store]).toEqual(expected);
    expect([...store.frames()].map(toHex)).toEqual(expected.map(encodeMessage).map(toHex));
  });

  test("is taken in any order, and news are counted", () => {
    const store = storeWith(announcement(idIn(9)));
    const gossip = [
      update(idIn(7), 0, 5),
      update(idIn(8), 0, 5),
      node(1, 1),
      encodeMessage(announcement(idIn(7))),
      announcement(idIn(9)),
    ];
    expect(store.addAll(gossip)).toBe(3);
    expect(store.channel(idIn(7))?.updates[0]?.timestamp).toBe(5);
  });

  test("is taken only as a whole", () => {
    const store = new GossipStore(regtest);
    const ping = encodeMessage({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
    expect(() => store.addAll([announcement(idIn(7)), ping])).toThrow("ping is no gossip");
    expect(() => store.addFrame(Uint8Array.of(1, 2, 3))).toThrow(
      expect.objectContaining({ name: "DecodeError" }),
    );
    expect(store.channelCount).toBe(0);
  });
});

describe("the bytes of a message", () => {
  test("are those that it came in, with what follows the known fields", () => {
    const unknown = [{ type: 1001n, value: Uint8Array.of(1, 2, 3) }];
    const frame = encodeMessage({ ...announcement(idIn(7)), unknown });
    const store = new GossipStore(regtest);
    store.addFrame(frame);
    const [message] = [...store] as [SignedGossip];
    expect(store.frameOf(message)).toBe(frame);
    expect([...GossipStore.load(store.save()).frames()]).toEqual([frame]);
  });

  test("are made for one that came without, and for one that is not in the store", () => {
    const [mine, other] = [announcement(idIn(7)), announcement(idIn(7), { one: 5 })];
    const store = storeWith(mine);
    expect(store.frameOf(mine)).toEqual(encodeMessage(mine));
    expect(store.frameOf(mine)).toBe(store.frameOf(mine));
    expect(store.frameOf(other)).toEqual(encodeMessage(other));
  });
});

describe("the latest", () => {
  test("is what is known of the same thing", () => {
    const store = storeWith(announcement(idIn(7)), update(idIn(7), 0, 5), node(1, 3));
    expect(store.latest(announcement(idIn(7), { one: 5 }))).toEqual(announcement(idIn(7)));
    expect(store.latest(update(idIn(7), 0, 9))).toEqual(update(idIn(7), 0, 5));
    expect(store.latest(node(1, 9))).toEqual(node(1, 3));
    expect(store.latest(update(idIn(7), 1, 9))).toBeUndefined();
    expect(store.latest(announcement(idIn(8)))).toBeUndefined();
    expect(store.latest(node(2, 9))).toBeUndefined();
  });
});

describe("ends of channels", () => {
  const store = storeWith(
    announcement(idIn(7), { one: 1, two: 2 }),
    announcement(idIn(8), { one: 1, two: 3 }),
    update(idIn(8), 1, 5),
  );

  test.each([
    [1, [idIn(7), idIn(8)], true],
    [2, [idIn(7)], false],
    [3, [idIn(8)], true],
    [4, [], false],
  ])("of node %i", (n, ids, isPublic) => {
    expect(store.channelsOf(nodeId(n))).toEqual(ids);
    expect(store.hasChannel(nodeId(n))).toBe(ids.length > 0);
    expect(store.hasPublicChannel(nodeId(n))).toBe(isPublic);
  });
});

describe("forgetting", () => {
  const full = (): GossipStore =>
    storeWith(
      announcement(idIn(7), { one: 1, two: 2 }),
      update(idIn(7), 0, 50),
      update(idIn(7), 1, 90),
      announcement(idIn(8), { one: 2, two: 3 }),
      update(idIn(8), 0, 60),
      announcement(idIn(9), { one: 2, two: 4 }),
      node(1, 1),
      node(2, 1),
      node(3, 1),
    );

  test("a channel forgets the nodes that have no other", () => {
    const store = full();
    expect([store.removeChannel(idIn(7)), store.removeChannel(idIn(7))]).toEqual([true, false]);
    expect(store.channelIds).toEqual([idIn(8), idIn(9)]);
    expect(store.channel(idIn(7))).toBeUndefined();
    expect(store.nodes.map((one) => one.nodeId)).toEqual([nodeId(2), nodeId(3)]);
    expect([store.hasChannel(nodeId(1)), store.hasChannel(nodeId(2))]).toEqual([false, true]);
    expect([...store].length).toBe(2 + 1 + 2);
  });

  test.each([
    [50, [idIn(7), idIn(8), idIn(9)]],
    [51, [idIn(8), idIn(9)]],
    [61, [idIn(9)]],
  ])(
    "what is from before %i goes by the older update, channels without any stay",
    (before, left) => {
      const store = full();
      expect(store.prune(before)).toBe(3 - left.length);
      expect(store.channelIds).toEqual(left);
    },
  );
});

describe("those who listen", () => {
  test("hear of news only, whom they are from, and which update is a channel's first", () => {
    const store = new GossipStore(regtest);
    const heard: unknown[] = [];
    const listener = store.onAdded(({ message, source, isFirstUpdate }) =>
      heard.push([message.type, source, isFirstUpdate]),
    );
    store.add(announcement(idIn(7)), { source: "a" });
    store.add(announcement(idIn(7)), { source: "b" });
    store.add(update(idIn(7), 1, 5));
    store.addFrame(encodeMessage(update(idIn(7), 0, 5)), { source: "c" });
    store.add(update(idIn(7), 0, 4));
    store.add(node(1, 5));
    expect(heard).toEqual([
      ["channel_announcement", "a", false],
      ["channel_update", undefined, true],
      ["channel_update", "c", false],
      ["node_announcement", undefined, false],
    ]);
    listener[Symbol.dispose]();
    store.add(node(1, 6));
    expect(heard.length).toBe(4);
  });

  test("may be the same one twice", () => {
    const store = new GossipStore(regtest);
    let calls = 0;
    const count = (): void => void calls++;
    const first = store.onAdded(count);
    store.onAdded(count);
    first[Symbol.dispose]();
    store.add(announcement(idIn(7)));
    expect(calls).toBe(1);
  });
});
