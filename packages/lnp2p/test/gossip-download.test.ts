import { downloadGossip, type GossipProgress, gossipFeatures, SimplePeer } from "@satwire/lnp2p";
import {
  chainHashOf,
  decodeMessage,
  encodeMessage,
  featureVector,
  type LightningMessage,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  type ReplyChannelRange,
  toHex,
  toShortChannelId,
  u8,
} from "@satwire/lnwire";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import { GossipStore, LoopbackLightningNode, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, failure } from "./collect.ts";
import { plainInit, type RawConnection, rawServer } from "./raw-server.ts";

const chainHash = chainHashOf("regtest");
const gossip = GossipStore.generate({ nodes: 6, channels: 20, seed: "download" });

async function connected(options: { gossip?: GossipStore; idsPerReply?: number } = {}) {
  const network = new MemoryNetwork();
  const node = new LoopbackLightningNode({ gossip, ...options });
  const address = parseHostPort("node.example:9735");
  const target = await node.listen({ listen: network.listen, address });
  const peer = new SimplePeer({ target, dialer: network.dialer, features: gossipFeatures() });
  await peer.connect();
  return { node, peer };
}

const hexOf = (message: LightningMessage): string => toHex(encodeMessage(message));

test("the download is all that the node knows, byte for byte, channels first", async () => {
  const { node, peer } = await connected();
  const messages = await collect(downloadGossip(peer, { chainHash }));
  const expected = gossip.channelIds.flatMap((id) => {
    const { announcement, updates } = gossip.channel(id) ?? { updates: [] };
    return [announcement, ...updates].flatMap((m) => (m === undefined ? [] : [hexOf(m)]));
  });
  expected.push(...gossip.nodes.map(hexOf));
  expect(messages.map(hexOf).sort()).toEqual(expected.sort());
  expect(messages.findIndex(({ type }) => type === "node_announcement")).toBe(60);
  await peer.close();
  await node.close();
});

test("batches ask again for nodes, and progress counts channels", async () => {
  const { peer } = await connected();
  const progress: GossipProgress[] = [];
  const clock = new VirtualClock();
  const messages = await collect(
    downloadGossip(peer, {
      chainHash,
      clock,
      batchSize: 7,
      onProgress: (step) => progress.push(step),
    }),
  );
  expect(messages.filter(({ type }) => type === "channel_announcement")).toHaveLength(20);
  expect(clock.pending).toEqual([]);
  expect(progress).toEqual(
    [0, 7, 14, 20].map((channelsDone) => ({
      channelsFound: 20,
      channelsDone,
      isListComplete: true,
    })),
  );
});

test("a range of blocks is all that is asked for", async () => {
  const { peer } = await connected();
  const messages = await collect(
    downloadGossip(peer, { chainHash, firstBlocknum: 100_001, numberOfBlocks: 2 }),
  );
  const blocks = messages.flatMap((m) =>
    m.type === "channel_announcement" ? [Number(m.shortChannelId >> 40n)] : [],
  );
  expect(blocks).toEqual([100_001, 100_001, 100_001, 100_002, 100_002, 100_002]);
});

test("of another chain it is empty", async () => {
  const { peer } = await connected();
  expect(await collect(downloadGossip(peer, { chainHash: chainHashOf("mainnet") }))).toEqual([]);
});

test("leaving the loop leaves the connection, and messages can be read again", async () => {
  const { peer } = await connected();
  for await (const message of downloadGossip(peer, { chainHash })) {
    expect(message.type).toBe("channel_announcement");
    break;
  }
  expect(peer.isConnected).toBe(true);
  const { value } = await peer.receiveMessages().next();
  expect(value?.type).toBe("channel_update");
});

describe("a peer of its own mind", () => {
  const againstScript = async (script: (raw: RawConnection) => Promise<void>) => {
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
      await raw.receive(2); // init and the range query
      await script(raw);
    });
    const peer = new SimplePeer({ target, dialer: network.dialer });
    await peer.connect();
    return { peer, connection };
  };
  const reply = (first: number, ids: number[], syncComplete: boolean): LightningMessage => ({
    type: "reply_channel_range",
    chainHash,
    firstBlocknum: first,
    numberOfBlocks: 10,
    syncComplete,
    shortChannelIds: ids.map((block) => toShortChannelId({ block, transaction: 1, output: 0 })),
  });

  test("that answers for another chain breaks the rules", async () => {
    const { peer } = await againstScript(async (raw) => {
      raw.send({ ...reply(0, [], true), chainHash: chainHashOf("signet") } as LightningMessage);
    });
    const failed = await failure(collect(downloadGossip(peer, { chainHash })));
    expect(failed.code).toBe("protocol_violation");
  });

  test("that goes backwards breaks the rules", async () => {
    const { peer } = await againstScript(async (raw) => {
      raw.send(reply(100, [101], false), reply(50, [51], true));
    });
    const failed = await failure(collect(downloadGossip(peer, { chainHash })));
    expect(failed.code).toBe("protocol_violation");
  });

  test("may split a block, overlap, and never say that it is complete", async () => {
    const queried: string[] = [];
    const { peer, connection } = await againstScript(async (raw) => {
      raw.send(reply(10, [12, 19], false), reply(19, [19, 21, 40], false));
      const [query] = await raw.receive(1);
      queried.push(toHex(query ?? new Uint8Array(0)));
      raw.send({ type: "reply_short_channel_ids_end", chainHash, fullInformation: true });
    });
    const options = { chainHash, firstBlocknum: 10, numberOfBlocks: 15 };
    expect(await collect(downloadGossip(peer, options))).toEqual([]);
    await connection;
    // 12, 19 and 21 once each; 40 was not asked for.
    expect(queried[0]?.slice(4 + 64 + 6)).toBe(
      ["00000c0000010000", "0000130000010000", "0000150000010000"].join(""),
    );
  });

  test("that asks for gossip itself is told that there is none", async () => {
    const { peer, connection } = await againstScript(async (raw) => {
      raw.send({ type: "query_channel_range", chainHash, firstBlocknum: 5, numberOfBlocks: 6 });
      raw.send({ type: "query_short_channel_ids", chainHash, shortChannelIds: [7n] });
      const answers = await raw.receive(2);
      expect(answers.map(toHex)).toEqual([
        hexOf({
          type: "reply_channel_range",
          chainHash,
          firstBlocknum: 5,
          numberOfBlocks: 6,
          syncComplete: true,
          shortChannelIds: [],
        }),
        hexOf({ type: "reply_short_channel_ids_end", chainHash, fullInformation: false }),
      ]);
      raw.send(reply(0, [], true));
    });
    expect(await collect(downloadGossip(peer, { chainHash }))).toEqual([]);
    await connection;
  });

  test("that hangs up in the middle ends the download with an error", async () => {
    const { peer } = await againstScript(async (raw) => raw.stream.end());
    expect((await failure(collect(downloadGossip(peer, { chainHash })))).code).toBe("closed");
  });

  test("that splits the last block of the range loses no channel", async () => {
    const split = await connected({ gossip, idsPerReply: 2 });
    const options = { chainHash, firstBlocknum: 100_000, numberOfBlocks: 3 };
    const messages = await collect(downloadGossip(split.peer, options));
    expect(messages.filter(({ type }) => type === "channel_announcement")).toHaveLength(9);
  });

  test("whose replies all name the whole range is heard to the last", async () => {
    const queried: bigint[] = [];
    const { peer, connection } = await againstScript(async (raw) => {
      const whole = { ...reply(10, [], false), numberOfBlocks: 15 } as ReplyChannelRange;
      for (const [i, block] of [11, 12, 13].entries()) {
        const shortChannelIds = [toShortChannelId({ block, transaction: 1, output: 0 })];
        raw.send({ ...whole, shortChannelIds, syncComplete: i === 2 });
      }
      while (queried.length < 3) {
        const [query] = await raw.receive(1);
        const message = decodeMessage(query ?? new Uint8Array(0));
        if (message.type === "query_short_channel_ids") queried.push(...message.shortChannelIds);
        raw.send({ type: "reply_short_channel_ids_end", chainHash, fullInformation: true });
      }
    });
    const options = { chainHash, firstBlocknum: 10, numberOfBlocks: 15 };
    expect(await collect(downloadGossip(peer, options))).toEqual([]);
    await connection;
    expect(queried.map((id) => Number(id >> 40n))).toEqual([11, 12, 13]);
  });

  test("that only pings is given up after a while", async () => {
    const clock = new VirtualClock();
    const { peer, connection } = await againstScript(async () => {});
    const failed = failure(collect(downloadGossip(peer, { chainHash, clock, idleMs: 1000 })));
    const raw = await connection;
    for (let i = 0; i < 3; i++) {
      await clock.advance(300);
      raw.send({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
      raw.send({ type: "unknown", id: 33333, payload: new Uint8Array(0) });
    }
    await clock.advance(100);
    expect((await failed).code).toBe("download_timeout");
    expect(clock.pending).toEqual([]);
    expect(peer.isConnected).toBe(true);
  });

  test("that never comes to an end breaks the rules", async () => {
    const { peer } = await againstScript(async (raw) => {
      const same = { ...reply(5, [], false), numberOfBlocks: 1 } as ReplyChannelRange;
      for (let i = 0; i < 21; i++) {
        raw.send(...Array.from({ length: 1000 }, () => same));
        await settle();
      }
    });
    const failed = await failure(collect(downloadGossip(peer, { chainHash })));
    expect(failed.code).toBe("protocol_violation");
  });

  test("with messages of its own can be downloaded from like any other", async () => {
    interface Hello extends MessageBase<"hello"> {
      readonly volume: number;
    }
    const hello: MessageCodec<Hello> = message(32771, "hello", { volume: u8 });
    const network = new MemoryNetwork();
    const node = new LoopbackLightningNode({ gossip });
    const address = parseHostPort("node.example:9735");
    const target = await node.listen({ listen: network.listen, address });
    const messages = messageSet([...lightningMessages.codecs, hello]);
    await using peer = new SimplePeer({ target, dialer: network.dialer, messages });
    await peer.connect();
    expect(await collect(downloadGossip(peer, { chainHash }))).toHaveLength(66);
  });

  test("that is silent can be given up without losing the connection", async () => {
    const { peer } = await againstScript(async () => {});
    const controller = new AbortController();
    const failed = failure(collect(downloadGossip(peer, { chainHash, signal: controller.signal })));
    await Promise.resolve();
    controller.abort("enough");
    expect(await failed).toMatchObject({ code: "aborted", cause: "enough" });
    expect(peer.isConnected).toBe(true);
    await peer.receiveMessages().return?.();
  });
});

test.each([0, 8001, 1.5])("a batch size of %d is refused", async (batchSize) => {
  const { peer } = await connected();
  const failed = failure(collect(downloadGossip(peer, { chainHash, batchSize })));
  expect((await failed).code).toBe("invalid_option");
});

test("the features for gossip are the default ones and gossip_queries", () => {
  expect(gossipFeatures()).toEqual(featureVector([1, 7, 9, 13, 15, 45]));
});
