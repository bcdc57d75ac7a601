import { type IWireMessage, MessageFactory, ReplyChannelRangeMessage } from "@node-lightning/wire";
import {
  chainHashOf,
  decodeMessage,
  encodeMessage,
  type LightningMessage,
  toShortChannelId,
} from "@satwire/lnwire";
import { generateGossip } from "@satwire/testkit";
import { afterAll, expect, test } from "vitest";
import { type Measured, sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: the transport, signatures, storing what is read. What the two return differs: see
// the README.

const table = new Table();
afterAll(() => table.print());

const store = generateGossip({ nodes: 40, channels: 60, seed: 1 });
const channels = store.channelIds.flatMap((id) => store.channel(id) ?? []);
// `@node-lightning/wire` does not know host names as addresses.
const nodes = store.nodes.filter(({ addresses }) => addresses.every(({ type }) => type !== "dns"));

const replyChannelRange: LightningMessage = {
  type: "reply_channel_range",
  chainHash: chainHashOf("mainnet"),
  firstBlocknum: 700_000,
  numberOfBlocks: 8_000,
  syncComplete: true,
  shortChannelIds: Array.from({ length: 8_000 }, (_, i) =>
    toShortChannelId({ block: 700_000 + i, transaction: (i * 7) % 3_000, output: i % 2 }),
  ),
};

const corpora: Readonly<Record<string, readonly LightningMessage[]>> = {
  channel_announcement: channels.map(({ announcement }) => announcement),
  channel_update: channels.flatMap(({ updates }) => updates.filter((u) => u !== undefined)),
  node_announcement: nodes,
  "reply_channel_range, 8,000 ids": [replyChannelRange],
};

/** As `MessageFactory` types it, with the encoding that its range replies take: 0 is plain. */
function serialize(message: IWireMessage): Buffer {
  return message instanceof ReplyChannelRangeMessage ? message.serialize(0) : message.serialize();
}

/** Walks over a corpus, one message a call: no two calls in a row see the same bytes. */
function each<T>(items: readonly T[], take: (item: T) => unknown): () => unknown {
  let next = 0;
  return () => {
    const item = items[next] as T;
    next = (next + 1) % items.length;
    return take(item);
  };
}

for (const [name, messages] of Object.entries(corpora)) {
  test(name, { timeout: 60_000 }, async () => {
    const frames = messages.map((message) => encodeMessage(message));
    const buffers = frames.map((frame) => Buffer.from(frame));
    const ours = frames.map((frame) => decodeMessage(frame));
    const theirs = buffers.map((buffer) => MessageFactory.deserialize(buffer));
    expect(messages.length).toBeGreaterThan(0);
    expect(ours.map((message) => Buffer.from(encodeMessage(message)))).toEqual(buffers);
    expect(theirs.map(serialize)).toEqual(buffers);

    const decoding: Measured[] = await sideBySide(
      { name: "satwire", run: each(frames, decodeMessage) },
      { name: "@node-lightning/wire", run: each(buffers, MessageFactory.deserialize) },
    );
    table.add(`decode ${name}`, decoding);
    const encoding: Measured[] = await sideBySide(
      { name: "satwire", run: each(ours, encodeMessage) },
      { name: "@node-lightning/wire", run: each(theirs, serialize) },
    );
    table.add(`encode ${name}`, encoding);
  });
}
