import { describe, expect, test } from "vitest";
import {
  type AnnouncedChannel,
  announcementHash,
  type AnnouncementSignatures,
  decodeMessage,
  encodeMessage,
  fromHex,
  gossipHash,
  joinAnnouncement,
  nobleSignatures,
  type SignatureCrypto,
  signAnnouncement,
  toHex,
  verifyAnnouncementSignatures,
} from "../src/index.ts";
import {
  announcement,
  key,
  offCurve,
  privateKeyOf,
  signingSpy,
  verify,
  withHighS,
} from "./support/signed-gossip.ts";
import { thrown } from "./support/thrown.ts";

const extension = [{ type: 55555n, value: fromHex("ffffffff00000001") }];
const { nodeSignature1, nodeSignature2, bitcoinSignature1, bitcoinSignature2, ...channel } =
  announcement;
const channelId = fromHex("ab".repeat(32));
const [nodeKey1, nodeKey2, bitcoinKey1, bitcoinKey2] = [
  channel.nodeId1,
  channel.nodeId2,
  channel.bitcoinKey1,
  channel.bitcoinKey2,
].map(privateKeyOf) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

const end1 = { channelId, nodeKey: nodeKey1, bitcoinKey: bitcoinKey1 };
const end2 = { channelId, nodeKey: nodeKey2, bitcoinKey: bitcoinKey2 };
const half1 = signAnnouncement(channel, end1);
const half2 = signAnnouncement(channel, end2);

describe("announcement_signatures are made", () => {
  test("of both ends make the announcement that one hand makes", () => {
    expect(half1).toStrictEqual({
      type: "announcement_signatures",
      channelId,
      shortChannelId: 1n,
      nodeSignature: nodeSignature1,
      bitcoinSignature: bitcoinSignature1,
    });
    expect(half2).toStrictEqual({
      type: "announcement_signatures",
      channelId,
      shortChannelId: 1n,
      nodeSignature: nodeSignature2,
      bitcoinSignature: bitcoinSignature2,
    });
    const joined = joinAnnouncement(channel, half1, half2);
    expect(joined).toStrictEqual(announcement);
    expect(verify(joined)).toBe(true);
  });

  test("go over the wire between", () => {
    const sent = [end1, end2].map((end) => encodeMessage(signAnnouncement(channel, end)));
    const [one, two] = sent.map(decodeMessage) as [AnnouncementSignatures, AnnouncementSignatures];
    const frame = encodeMessage(joinAnnouncement(channel, one, two));
    expect(toHex(frame)).toBe(toHex(encodeMessage(announcement)));
  });

  test("in each other's place make an announcement that does not hold", () => {
    expect(verify(joinAnnouncement(channel, half2, half1))).toBe(false);
    expect(verify(joinAnnouncement(channel, half1, half1))).toBe(false);
  });

  test("cover features and unknown records", () => {
    const more: AnnouncedChannel = {
      ...channel,
      features: fromHex("80"),
      unknown: [{ type: 55555n, value: fromHex("01") }],
    };
    expect(toHex(announcementHash(more))).not.toBe(toHex(announcementHash(channel)));
    const joined = joinAnnouncement(
      more,
      signAnnouncement(more, end1),
      signAnnouncement(more, end2),
    );
    expect(joined).toMatchObject({ features: fromHex("80"), unknown: more.unknown });
    expect(verify(joined)).toBe(true);
  });

  test("are made by the backend that is passed in", () => {
    const { crypto, calls } = signingSpy();
    const made = signAnnouncement(channel, end2, { crypto });
    const hash = toHex(announcementHash(channel));
    expect(hash).toBe(toHex(gossipHash(encodeMessage(announcement))));
    expect(calls).toEqual([
      [hash, toHex(nodeKey2)],
      [hash, toHex(bitcoinKey2)],
    ]);
    expect([made.nodeSignature[0], made.bitcoinSignature[0]]).toEqual([1, 2]);
  });

  test.each([
    ["strangers", key(7), key(8)],
    ["a stranger's node", key(7), bitcoinKey1],
    ["a stranger's bitcoin key", nodeKey1, key(8)],
    ["node 1 with the bitcoin key of node 2", nodeKey1, bitcoinKey2],
    ["node 2 with the bitcoin key of node 1", nodeKey2, bitcoinKey1],
    ["node and bitcoin key in each other's place", bitcoinKey1, nodeKey1],
    ["two nodes", nodeKey1, nodeKey2],
  ])("are not made with the keys of %s", (_what, nodeKey, bitcoinKey) => {
    const error = thrown(() => signAnnouncement(channel, { channelId, nodeKey, bitcoinKey }));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value", path: [] });
  });

  test("are not made for a channel that could not be announced", () => {
    const wrong = { ...channel, chainHash: fromHex("00") };
    const expected = {
      name: "EncodeError",
      code: "wrong_length",
      path: ["channel_announcement", "chainHash"],
    };
    expect(thrown(() => signAnnouncement(wrong, end1))).toMatchObject(expected);
    expect(thrown(() => announcementHash(wrong))).toMatchObject(expected);
  });
});

describe("announcement_signatures are verified", () => {
  const { nodeId1, nodeId2 } = channel;
  const holds = verifyAnnouncementSignatures;

  test("hold for the end that sent them, and for no other", () => {
    expect(holds(half1, channel, nodeId1)).toBe(true);
    expect(holds(half2, channel, nodeId2)).toBe(true);
    expect(holds(half1, channel, nodeId2)).toBe(false);
    expect(holds(half2, channel, nodeId1)).toBe(false);
    for (const stranger of [
      nobleSignatures.publicKey(key(9)),
      channel.bitcoinKey1,
      fromHex(""),
      offCurve,
    ]) {
      expect(holds(half1, channel, stranger)).toBe(false);
    }
  });

  test("of a stranger do not hold, even with the bitcoin signature of an end", () => {
    const nodeSignature = nobleSignatures.sign(announcementHash(channel), key(9));
    const stranger = nobleSignatures.publicKey(key(9));
    for (const half of [half1, half2]) {
      expect(holds({ ...half, nodeSignature }, channel, stranger)).toBe(false);
    }
  });

  test("over the wire hold too", () => {
    const read = decodeMessage(encodeMessage(half1)) as AnnouncementSignatures;
    expect(holds(read, channel, nodeId1.slice())).toBe(true);
  });

  test("hold for their channel only", () => {
    expect(holds({ ...half1, shortChannelId: 2n }, channel, nodeId1)).toBe(false);
    expect(holds(half1, { ...channel, shortChannelId: 2n }, nodeId1)).toBe(false);
    const moved = { ...half1, shortChannelId: 2n };
    expect(holds(moved, { ...channel, shortChannelId: 2n }, nodeId1)).toBe(false);
    expect(holds(half1, { ...channel, features: fromHex("02") }, nodeId1)).toBe(false);
    expect(holds(half1, { ...channel, chainHash: key(0) }, nodeId1)).toBe(false);
    expect(holds(half1, { ...channel, unknown: extension }, nodeId1)).toBe(false);
    // Which of the peer's channels they are for is not a matter of signatures.
    expect(holds({ ...half1, channelId: key(0) }, channel, nodeId1)).toBe(true);
  });

  test("need both signatures, each in its place", () => {
    const { nodeSignature, bitcoinSignature } = half1;
    const wrong: Partial<AnnouncementSignatures>[] = [
      { nodeSignature: bitcoinSignature, bitcoinSignature: nodeSignature },
      { nodeSignature: bitcoinSignature },
      { bitcoinSignature: nodeSignature },
      { nodeSignature: half2.nodeSignature },
      { bitcoinSignature: half2.bitcoinSignature },
      { nodeSignature: withHighS(nodeSignature) },
      { bitcoinSignature: new Uint8Array(64) },
    ];
    for (const change of wrong) {
      expect(holds({ ...half1, ...change }, channel, nodeId1)).toBe(false);
    }
  });

  test("with keys in each other's place do not hold, however well signed", () => {
    const swapped: AnnouncedChannel = {
      ...channel,
      bitcoinKey1: channel.bitcoinKey2,
      bitcoinKey2: channel.bitcoinKey1,
    };
    expect(holds(half1, swapped, nodeId1)).toBe(false);
    const resigned = signAnnouncement(swapped, { ...end1, bitcoinKey: bitcoinKey2 });
    expect(holds(resigned, swapped, nodeId1)).toBe(true);
    expect(holds(resigned, channel, nodeId1)).toBe(false);
  });

  test("are verified by the backend that is passed in", () => {
    const keysUsed: string[] = [];
    const crypto: SignatureCrypto = {
      ...nobleSignatures,
      verify: (_signature, hash, publicKey) => {
        expect(hash).toEqual(gossipHash(encodeMessage(announcement)));
        keysUsed.push(toHex(publicKey));
        return true;
      },
    };
    const junk = { ...half2, nodeSignature: fromHex("00"), bitcoinSignature: fromHex("") };
    expect(holds(junk, channel, nodeId2, { crypto })).toBe(true);
    expect(keysUsed).toEqual([toHex(nodeId2), toHex(channel.bitcoinKey2)]);
    expect(holds(junk, channel, nodeId2)).toBe(false);
  });

  test("of a channel that could not be announced are an error", () => {
    const wrong = { ...channel, chainHash: fromHex("00") };
    expect(thrown(() => holds(half1, wrong, nodeId1))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
      path: ["channel_announcement", "chainHash"],
    });
  });
});
