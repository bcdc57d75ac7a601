// Drafts that chose the same numbers. Their messages are described here as far as it takes to collide.
import { describe, expect, test } from "vitest";
import {
  bigSize,
  bytes16,
  chainHash,
  channelId,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  point,
  prefixedArray,
  shortChannelId,
  signature,
  u16,
  u64,
} from "../../src/index.ts";
import {
  commandoMessages,
  dynamicCommitmentMessages,
  lsps0Messages,
  taprootChannelMessages,
  taprootGossipMessages,
} from "../../src/opt-in/index.ts";

// bolts #1259
interface ReplyPath extends MessageBase<"reply_path"> {
  readonly sourceNodeId: Uint8Array;
  readonly destinationNodeId: Uint8Array;
  readonly amountMsat: bigint;
  readonly path: readonly bigint[];
  readonly routingInfo: Uint8Array;
}
const replyPath: MessageCodec<ReplyPath> = message(267, "reply_path", {
  sourceNodeId: point,
  destinationNodeId: point,
  amountMsat: u64,
  path: prefixedArray(u16, shortChannelId),
  routingInfo: bytes16,
});

// bolts #1186
interface GossipStatus extends MessageBase<"gossip_status"> {
  readonly chainHash: Uint8Array;
  readonly numChannelAnnouncements: bigint;
  readonly numChannelUpdates: bigint;
  readonly numNodeAnnouncements: bigint;
}
const gossipStatus: MessageCodec<GossipStatus> = message(267, "gossip_status", {
  chainHash,
  numChannelAnnouncements: bigSize,
  numChannelUpdates: bigSize,
  numNodeAnnouncements: bigSize,
});

// bolts #1117
interface ChanParamAck extends MessageBase<"chan_param_ack"> {
  readonly channelId: Uint8Array;
  readonly signature: Uint8Array;
}
const chanParamAck: MessageCodec<ChanParamAck> = message(113, "chan_param_ack", {
  channelId,
  signature,
});

const share = "two messages of a set share a number or a name: ";

describe("drafts that collide cannot be in one set", () => {
  test.each([
    [
      "taproot gossip and path queries",
      [...taprootGossipMessages, replyPath],
      "reply_path (267) and channel_announcement_2 (267)",
    ],
    [
      "gossip status and taproot gossip",
      [gossipStatus, ...taprootGossipMessages],
      "channel_announcement_2 (267) and gossip_status (267)",
    ],
    [
      "path queries and gossip status",
      [replyPath, gossipStatus],
      "gossip_status (267) and reply_path (267)",
    ],
    [
      "lnd's dynamic commitments and those of the draft",
      [...dynamicCommitmentMessages, chanParamAck],
      "chan_param_ack (113) and dyn_ack (113)",
    ],
    [
      "taproot channels and the default set",
      [...taprootChannelMessages, ...lightningMessages.codecs],
      "open_channel (32) and open_channel (32)",
    ],
  ])("%s", (_what, codecs: readonly MessageCodec[], names) => {
    expect(() => messageSet(codecs)).toThrow(new RangeError(share + names));
  });

  test("each of them alone can be beside the default set", () => {
    for (const rival of [[replyPath], [gossipStatus], taprootGossipMessages]) {
      const codecs: readonly MessageCodec[] = [...lightningMessages.codecs, ...rival];
      expect(messageSet(codecs).codecs).toHaveLength(codecs.length);
    }
  });
});

test("all that do not collide can be in one set", () => {
  const set = messageSet([
    ...lightningMessages.codecs,
    ...taprootGossipMessages,
    ...dynamicCommitmentMessages,
    ...commandoMessages,
    ...lsps0Messages,
  ]);
  const frame = set.encode({ type: "lsps0", payload: new Uint8Array(1) });
  const read = set.decode(frame);
  expect(read.type === "lsps0" && read.payload.length).toBe(1);
  expect(
    set.decode(set.encode({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) })),
  ).toMatchObject({ type: "ping" });
});

test("nothing of it is in the default set", () => {
  const ids = new Set(lightningMessages.codecs.map(({ id }) => id));
  const lists: readonly (readonly MessageCodec[])[] = [
    taprootGossipMessages,
    dynamicCommitmentMessages,
    commandoMessages,
    lsps0Messages,
  ];
  expect(lists.flat().filter(({ id }) => ids.has(id))).toEqual([]);
  expect(
    taprootChannelMessages.some((codec) => lightningMessages.codecs.includes(codec as never)),
  ).toBe(false);
});
