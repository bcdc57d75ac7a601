import {
  chainHashOf,
  channelUpdateChecksum,
  encodeMessage,
  type GossipTimestampFilter,
  type KnownMessage,
  maxMessageLength,
  type QueryChannelRange,
  type QueryShortChannelIds,
  type ReplyChannelRange,
} from "@satwire/lnwire";
import { answerGossipQuery, type GossipQuery, GossipStore, isGossipQuery } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { announcement, idIn, node, nodeId, regtest, update } from "../support/unsigned-gossip.ts";

const mainnet = chainHashOf("mainnet");

const range = (
  firstBlocknum: number,
  numberOfBlocks: number,
  more: Partial<QueryChannelRange> = {},
): QueryChannelRange => ({
  type: "query_channel_range",
  chainHash: regtest,
  firstBlocknum,
  numberOfBlocks,
  ...more,
});

const byIds = (
  shortChannelIds: readonly bigint[],
  more: Partial<QueryShortChannelIds> = {},
): QueryShortChannelIds => ({
  type: "query_short_channel_ids",
  chainHash: regtest,
  shortChannelIds,
  ...more,
});

const filter = (
  firstTimestamp: number,
  timestampRange: number,
  more: Partial<GossipTimestampFilter> = {},
): GossipTimestampFilter => ({
  type: "gossip_timestamp_filter",
  chainHash: regtest,
  firstTimestamp,
  timestampRange,
  ...more,
});

function storeOf(ids: readonly bigint[]): GossipStore {
  const store = new GossipStore(regtest);
  for (const id of ids) store.add(announcement(id));
  return store;
}

const replies = (
  store: GossipStore,
  query: QueryChannelRange,
  idsPerReply?: number,
): ReplyChannelRange[] => [
  ...(answerGossipQuery(
    store,
    query,
    idsPerReply === undefined ? {} : { idsPerReply },
  ) as Iterable<ReplyChannelRange>),
];

/** First block, number of blocks, completeness and ids of each reply. */
const shapes = (all: readonly ReplyChannelRange[]): unknown[] =>
  all.map((reply) => [
    reply.firstBlocknum,
    reply.numberOfBlocks,
    reply.syncComplete,
    reply.shortChannelIds,
  ]);

describe("isGossipQuery", () => {
  test("knows the three that ask from all others", () => {
    const asking = [range(0, 1), byIds([]), filter(0, 0)];
    expect(asking.map(isGossipQuery)).toEqual([true, true, true]);
    expect(
      ["reply_channel_range", "ping", "unknown"].map((type) => isGossipQuery({ type })),
    ).toEqual([false, false, false]);
  });
});

describe("query_channel_range", () => {
  const [a1, a2, a3, b1, c1] = [idIn(10, 1), idIn(10, 2), idIn(10, 3), idIn(11), idIn(20)];
  const store = storeOf([c1, b1, a3, a2, a1]);

  test.each<[string, QueryChannelRange, number | undefined, unknown[]]>([
    ["fits one reply", range(5, 100), undefined, [[5, 100, true, [a1, a2, a3, b1, c1]]]],
    [
      "takes the first block in and the last one not",
      range(10, 10),
      9,
      [[10, 10, true, [a1, a2, a3, b1]]],
    ],
    ["finds nothing", range(12, 3), undefined, [[12, 3, true, []]]],
    [
      "goes on in the block that was split",
      range(5, 100),
      2,
      [
        [5, 6, false, [a1, a2]],
        [10, 2, false, [a3, b1]],
        [12, 93, true, [c1]],
      ],
    ],
    [
      "goes on after a block that was not",
      range(5, 100),
      3,
      [
        [5, 6, false, [a1, a2, a3]],
        [11, 94, true, [b1, c1]],
      ],
    ],
    [
      "repeats a block as often as it was split",
      range(10, 1),
      1,
      [
        [10, 1, false, [a1]],
        [10, 1, false, [a2]],
        [10, 1, true, [a3]],
      ],
    ],
    ["needs no empty last reply", range(0, 11), 3, [[0, 11, true, [a1, a2, a3]]]],
    [
      "covers all blocks there can be",
      range(0, 0xffffffff),
      9,
      [[0, 0xffffffff, true, [a1, a2, a3, b1, c1]]],
    ],
    ["ends beyond 32 bits", range(20, 0xffffffff), 9, [[20, 0xffffffff, true, [c1]]]],
    [
      "is split and ends beyond 32 bits",
      range(10, 0xffffffff),
      4,
      [
        [10, 2, false, [a1, a2, a3, b1]],
        [12, 0xfffffffd, true, [c1]],
      ],
    ],
    [
      "starts at the last number",
      range(0xffffffff, 0xffffffff),
      9,
      [[0xffffffff, 0xffffffff, true, []]],
    ],
    ["asks for no block and gets a legal reply", range(10, 0), 9, [[10, 1, true, [a1, a2, a3]]]],
  ])("%s", (_, query, idsPerReply, expected) => {
    const all = replies(store, query, idsPerReply);
    expect(shapes(all)).toEqual(expected);
    for (const reply of all) expect(reply.chainHash).toEqual(regtest);
    for (const reply of all) expect(() => encodeMessage(reply)).not.toThrow();
  });

  test("about another chain finds nothing and names that chain", () => {
    const all = replies(store, range(5, 100, { chainHash: mainnet }));
    expect(shapes(all)).toEqual([[5, 100, true, []]]);
    expect(all[0]?.chainHash).toEqual(mainnet);
  });

  test("brings timestamps only when asked for, 0 where there is no update", () => {
    const own = storeOf([a1, b1]);
    own.add(update(a1, 1, 77));
    for (const queryOption of [0n, 2n, 4n]) {
      expect(replies(own, range(0, 100, { queryOption }))[0]).not.toHaveProperty("timestamps");
    }
    for (const queryOption of [1n, 3n]) {
      const [first, second] = replies(own, range(0, 100, { queryOption }), 1);
      expect([first?.timestamps, second?.timestamps]).toEqual([
        [{ node1: 0, node2: 77 }],
        [{ node1: 0, node2: 0 }],
      ]);
    }
  });

  test("brings checksums only when asked for: of what an update says, not of when", () => {
    const own = storeOf([a1, b1]);
    own.addAll([update(a1, 1, 77), update(b1, 0, 5, { feeBaseMsat: 9 })]);
    for (const queryOption of [0n, 1n, 4n]) {
      expect(replies(own, range(0, 100, { queryOption }))[0]).not.toHaveProperty("checksums");
    }
    const checksum = channelUpdateChecksum(encodeMessage(update(a1, 1, 78)));
    const other = channelUpdateChecksum(encodeMessage(update(b1, 0, 5, { feeBaseMsat: 9 })));
    for (const queryOption of [2n, 3n]) {
      const [reply] = replies(own, range(0, 100, { queryOption }));
      expect(reply?.checksums).toEqual([
        { node1: 0, node2: checksum },
        { node1: other, node2: 0 },
      ]);
      expect(reply?.timestamps?.length).toBe(queryOption === 3n ? 2 : undefined);
    }
    expect(checksum).not.toBe(other);
  });

  test("says nothing of updates that are not to be forwarded", () => {
    const own = storeOf([a1]);
    own.add({ ...update(a1, 0, 77), messageFlags: 3 });
    expect(replies(own, range(0, 100, { queryOption: 3n }))[0]).toMatchObject({
      timestamps: [{ node1: 0, node2: 0 }],
      checksums: [{ node1: 0, node2: 0 }],
    });
    const names = [...answerGossipQuery(own, byIds([a1]))].map(({ type }) => type);
    expect(names).toEqual(["channel_announcement", "reply_short_channel_ids_end"]);
    expect([...answerGossipQuery(own, filter(0, 100))]).toEqual([]);
  });

  test("is answered in replies that a message has room for", () => {
    const many = storeOf(
      Array.from({ length: 9000 }, (_, n) => idIn(100 + Math.floor(n / 3), n % 3)),
    );
    const plain = replies(many, range(0, 10_000));
    expect(plain.map(({ shortChannelIds }) => shortChannelIds.length)).toEqual([8000, 1000]);
    const timed = replies(many, range(0, 10_000, { queryOption: 1n }), 8000);
    expect(timed.map(({ timestamps }) => timestamps?.length)).toEqual([4000, 4000, 1000]);
    const summed = replies(many, range(0, 10_000, { queryOption: 2n }));
    expect(summed.map(({ checksums }) => checksums?.length)).toEqual([4000, 4000, 1000]);
    const both = replies(many, range(0, 10_000, { queryOption: 3n }));
    expect(both.map(({ checksums }) => checksums?.length)).toEqual([2700, 2700, 2700, 900]);
    for (const reply of [...plain, ...timed, ...summed, ...both]) {
      expect(encodeMessage(reply).length).toBeLessThanOrEqual(maxMessageLength);
    }
  });

  test.each([0, -1, 1.5, 8001, Number.NaN])(
    "cannot be answered %s ids at a time",
    (idsPerReply) => {
      expect(() => answerGossipQuery(store, range(0, 1), { idsPerReply })).toThrow(RangeError);
    },
  );
});

describe("query_short_channel_ids", () => {
  const [p, q, r, s] = [idIn(1), idIn(2), idIn(3), idIn(4)];
  const store = new GossipStore(regtest);
  // p: both updates, q: one, r: none; nodes 1 and 2 announced, 3 not; s is not known.
  for (const message of [
    announcement(p, { one: 1, two: 2 }),
    announcement(q, { one: 2, two: 3 }),
    announcement(r, { one: 1, two: 3 }),
    update(p, 0, 5),
    update(p, 1, 6),
    update(q, 1, 7),
    node(1, 1),
    node(2, 2),
  ]) {
    store.add(message);
  }

  const name = (message: KnownMessage): string => {
    switch (message.type) {
      case "channel_announcement":
        return `channel ${message.shortChannelId >> 40n}`;
      case "channel_update":
        return `update ${message.shortChannelId >> 40n}/${message.channelFlags}`;
      case "node_announcement":
        return `node ${message.timestamp}`;
      case "reply_short_channel_ids_end":
        return message.fullInformation ? "end" : "end, not all";
      default:
        return message.type;
    }
  };
  const names = (query: GossipQuery): string[] => [...answerGossipQuery(store, query)].map(name);

  test.each<[string, readonly bigint[], readonly bigint[] | undefined, string[]]>([
    [
      "everything, in the order of the ids, then each node once",
      [p, q, r],
      undefined,
      [
        "channel 1",
        "update 1/0",
        "update 1/1",
        "channel 2",
        "update 2/1",
        "channel 3",
        "node 1",
        "node 2",
        "end",
      ],
    ],
    ["the end alone for nothing", [], undefined, ["end"]],
    [
      "what is known and nothing of the rest",
      [q, s],
      undefined,
      ["channel 2", "update 2/1", "node 2", "end"],
    ],
    ["bit 0: the announcement", [p], [1n], ["channel 1", "end"]],
    ["bit 1: the update of node 1", [p], [2n], ["update 1/0", "end"]],
    ["bit 2: the update of node 2", [p], [4n], ["update 1/1", "end"]],
    ["bit 3: node 1", [p], [8n], ["node 1", "end"]],
    ["bit 4: node 2", [p], [16n], ["node 2", "end"]],
    ["no bit: nothing", [p], [0n], ["end"]],
    ["bits that mean nothing yet: nothing", [p], [1n << 40n], ["end"]],
    ["an update that never came: nothing", [q], [2n], ["end"]],
    ["a node that was never announced: nothing", [q], [16n], ["end"]],
    [
      "flags of each channel by its place",
      [p, q, r],
      [1n, 4n, 8n],
      ["channel 1", "update 2/1", "node 1", "end"],
    ],
    ["a node once, although two channels ask for it", [p, q], [16n, 8n], ["node 2", "end"]],
  ])("gets %s", (_, ids, queryFlags, expected) => {
    expect(names(byIds(ids, queryFlags === undefined ? {} : { queryFlags }))).toEqual(expected);
  });

  test("gets the latest of what there is", () => {
    const own = new GossipStore(regtest);
    for (const message of [announcement(p), update(p, 0, 5), update(p, 0, 8)]) own.add(message);
    expect([...answerGossipQuery(own, byIds([p], { queryFlags: [2n] }))][0]).toEqual(
      update(p, 0, 8),
    );
  });

  test("gets no full information from a node that has none", () => {
    const answer = [...answerGossipQuery(store, byIds([s]), { fullInformation: false })];
    expect(answer.map(name)).toEqual(["end, not all"]);
  });

  test("about another chain gets the end of it, without full information", () => {
    const answer = [...answerGossipQuery(store, byIds([p], { chainHash: mainnet }))];
    expect(answer).toEqual([
      { type: "reply_short_channel_ids_end", chainHash: mainnet, fullInformation: false },
    ]);
  });
});

describe("gossip_timestamp_filter", () => {
  const [p, q, r] = [idIn(1), idIn(2), idIn(3)];
  const last = 0xffffffff;
  const store = new GossipStore(regtest);
  for (const message of [
    announcement(q),
    announcement(p),
    announcement(r), // without updates: must not be sent
    update(p, 0, 100),
    update(p, 1, 200),
    update(q, 1, last),
    node(1, 100),
    node(2, last),
  ]) {
    store.add(message);
  }
  const all = [
    announcement(p),
    update(p, 0, 100),
    update(p, 1, 200),
    announcement(q),
    update(q, 1, last),
    node(1, 100),
    node(2, last),
  ];

  test.each<[string, GossipTimestampFilter, KnownMessage[]]>([
    ["all of time but its last second", filter(0, last), [...all.slice(0, 3), node(1, 100)]],
    ["a range that ends beyond 32 bits", filter(1, last), all],
    ["the last second", filter(last, 1), [announcement(q), update(q, 1, last), node(2, last)]],
    ["nothing", filter(last, 0), []],
    ["its first second", filter(100, 1), [announcement(p), update(p, 0, 100), node(1, 100)]],
    [
      "everything before its end",
      filter(0, 200),
      [announcement(p), update(p, 0, 100), node(1, 100)],
    ],
    ["a channel for one of its updates", filter(101, 100), [announcement(p), update(p, 1, 200)]],
    ["another chain", filter(1, last, { chainHash: mainnet }), []],
  ])("lets through %s", (_, query, expected) => {
    expect([...answerGossipQuery(store, query)]).toEqual(expected);
  });

  test("lets through no node without a channel that has an update", () => {
    const own = new GossipStore(regtest);
    own.addAll([announcement(p, { one: 1, two: 2 }), node(1, 5), node(3, 5)]);
    expect([...answerGossipQuery(own, filter(0, 10))]).toEqual([]);
    own.add(update(p, 0, 50)); // later than the filter's end
    expect([...answerGossipQuery(own, filter(0, 10))]).toEqual([node(1, 5)]);
  });

  test("is answered while the store grows", () => {
    const own = new GossipStore(regtest);
    for (const id of [p, q]) own.add(announcement(id));
    for (const id of [p, q]) own.add(update(id, 0, 5));
    const answer = answerGossipQuery(own, filter(0, 10))[Symbol.iterator]();
    expect(answer.next().value).toEqual(announcement(p));
    own.add(announcement(r));
    own.add(update(q, 0, 6));
    const rest: unknown[] = [];
    for (let next = answer.next(); next.done !== true; next = answer.next()) rest.push(next.value);
    expect(rest).toEqual([update(p, 0, 5), announcement(q), update(q, 0, 6)]);
  });

  test("names nodes by their keys", () => {
    expect([...answerGossipQuery(store, filter(last, 1))].at(-1)).toMatchObject({
      nodeId: nodeId(2),
    });
  });
});
