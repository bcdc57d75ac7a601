import { createRequire } from "node:module";
import { type IWireMessage, MessageFactory, ReplyChannelRangeMessage } from "@node-lightning/wire";
import {
  chainHashOf,
  decodeMessage,
  encodeMessage,
  type LightningMessage,
  toShortChannelId,
  type UpdateAddHtlc,
} from "@satwire/lnwire";
import { createRng, GossipStore } from "@satwire/testkit";
import { afterAll, expect, test } from "vitest";
import { type Measured, sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: the transport, signatures, storing what is read. What the two return differs: see
// the README.

const table = new Table();
afterAll(() => table.print());

const store = GossipStore.generate({ nodes: 40, channels: 60, seed: 1 });
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

const rng = createRng("update_add_htlc");
const updateAddHtlcs = Array.from(
  { length: 60 },
  (_, i): UpdateAddHtlc => ({
    type: "update_add_htlc",
    channelId: rng.bytes(32),
    id: BigInt(i),
    amountMsat: BigInt(rng.int(1, 2 ** 40)),
    paymentHash: rng.bytes(32),
    cltvExpiry: rng.int(800_000, 900_000),
    onionRoutingPacket: rng.bytes(1366),
  }),
);

const corpora: Readonly<Record<string, readonly LightningMessage[]>> = {
  channel_announcement: channels.map(({ announcement }) => announcement),
  channel_update: channels.flatMap(({ updates }) => updates.filter((u) => u !== undefined)),
  node_announcement: nodes,
  "reply_channel_range, 8,000 ids": [replyChannelRange],
};

/** What is used of `@node-lightning/bufio`, which `@node-lightning/wire` brings. */
interface Bufio {
  readonly BufferReader: new (
    buffer: Buffer,
  ) => {
    readUInt16BE(): number;
    readUInt32BE(): number;
    readUInt64BE(): bigint;
    readBytes(length: number): Buffer;
  };
  readonly BufferWriter: new () => {
    writeUInt16BE(value: number): void;
    writeUInt32BE(value: number): void;
    writeUInt64BE(value: bigint): void;
    writeBytes(value: Buffer): void;
    toBuffer(): Buffer;
  };
}
const requireOfWire = createRequire(import.meta.resolve("@node-lightning/wire"));
const { BufferReader, BufferWriter } = requireOfWire("@node-lightning/bufio") as Bufio;

/**
 * `@node-lightning/wire` has no `update_add_htlc`: this is one as its messages of channels are written, with a
 * buffer that grows, but without their objects for ids and amounts and without TLV records, which take more time.
 */
class UpdateAddHtlcMessage {
  readonly type = 128;
  channelId!: Buffer;
  id!: bigint;
  amountMsat!: bigint;
  paymentHash!: Buffer;
  cltvExpiry!: number;
  onionRoutingPacket!: Buffer;

  static deserialize(buffer: Buffer): UpdateAddHtlcMessage {
    const instance = new UpdateAddHtlcMessage();
    const reader = new BufferReader(buffer);
    reader.readUInt16BE(); // read type
    instance.channelId = reader.readBytes(32);
    instance.id = reader.readUInt64BE();
    instance.amountMsat = reader.readUInt64BE();
    instance.paymentHash = reader.readBytes(32);
    instance.cltvExpiry = reader.readUInt32BE();
    instance.onionRoutingPacket = reader.readBytes(1366);
    return instance;
  }

  serialize(): Buffer {
    const writer = new BufferWriter();
    writer.writeUInt16BE(this.type);
    writer.writeBytes(this.channelId);
    writer.writeUInt64BE(this.id);
    writer.writeUInt64BE(this.amountMsat);
    writer.writeBytes(this.paymentHash);
    writer.writeUInt32BE(this.cltvExpiry);
    writer.writeBytes(this.onionRoutingPacket);
    return writer.toBuffer();
  }
}

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

test("update_add_htlc", { timeout: 60_000 }, async () => {
  const frames = updateAddHtlcs.map((message) => encodeMessage(message));
  const buffers = frames.map((frame) => Buffer.from(frame));
  const ours = frames.map((frame) => decodeMessage(frame));
  const theirs = buffers.map((buffer) => UpdateAddHtlcMessage.deserialize(buffer));
  expect(ours).toEqual(updateAddHtlcs);
  for (const [i, message] of updateAddHtlcs.entries()) {
    const { type: _type, ...fields } = message;
    for (const [name, value] of Object.entries(fields)) {
      const expected: unknown = value instanceof Uint8Array ? Buffer.from(value) : value;
      expect(theirs[i]).toHaveProperty(name, expected);
    }
  }
  expect(theirs.map((message) => message.serialize())).toEqual(buffers);

  const rival = "in the manner of @node-lightning/wire";
  const decoding = await sideBySide(
    { name: "satwire", run: each(frames, decodeMessage) },
    { name: rival, run: each(buffers, (buffer) => UpdateAddHtlcMessage.deserialize(buffer)) },
  );
  table.add("decode update_add_htlc", decoding);
  const encoding = await sideBySide(
    { name: "satwire", run: each(ours, encodeMessage) },
    { name: rival, run: each(theirs, (message) => message.serialize()) },
  );
  table.add("encode update_add_htlc", encoding);
});
