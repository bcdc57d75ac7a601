import {
  encodeMessage,
  fromShortChannelId,
  maxMessageLength,
  type ReplyChannelRange,
  toShortChannelId,
} from "@satwire/lnwire";
import { answerGossipQuery, GossipStore } from "@satwire/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { announcement, regtest } from "../support/unsigned-gossip.ts";

const u32 = fc.nat({ max: 0xffffffff });

/** Crowded around few blocks, so that blocks are split, or anywhere. */
const block = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 100, max: 106 }) },
  fc.nat({ max: 0xffffff }),
);
const channelId = fc
  .record({ block, transaction: fc.nat({ max: 5 }), output: fc.nat({ max: 2 }) })
  .map(toShortChannelId);
const scenario = fc.record({
  ids: fc.uniqueArray(channelId, { maxLength: 40 }),
  firstBlocknum: fc.oneof(fc.integer({ min: 95, max: 110 }), u32, fc.constant(0)),
  numberOfBlocks: fc
    .oneof(fc.integer({ min: 1, max: 12 }), u32, fc.constant(0xffffffff))
    .map((count) => Math.max(count, 1)),
  idsPerReply: fc.integer({ min: 1, max: 8 }),
  queryOption: fc.constantFrom(undefined, 0n, 1n, 2n, 3n),
});

test("replies to any range name each channel in it once, ascending, and cover the range in order", () => {
  fc.assert(
    fc.property(scenario, ({ ids, firstBlocknum, numberOfBlocks, idsPerReply, queryOption }) => {
      const store = new GossipStore(regtest);
      for (const id of ids) store.add(announcement(id));
      const end = firstBlocknum + numberOfBlocks;
      const replies = [
        ...(answerGossipQuery(
          store,
          {
            type: "query_channel_range",
            chainHash: regtest,
            firstBlocknum,
            numberOfBlocks,
            ...(queryOption === undefined ? {} : { queryOption }),
          },
          { idsPerReply },
        ) as Iterable<ReplyChannelRange>),
      ];

      const expected = ids
        .filter((id) => {
          const place = fromShortChannelId(id).block;
          return place >= firstBlocknum && place < end;
        })
        .sort((a, b) => (a < b ? -1 : 1));
      expect(replies.flatMap(({ shortChannelIds }) => shortChannelIds)).toEqual(expected);

      let coveredTo = firstBlocknum;
      let previousFirst = 0;
      for (const [i, reply] of replies.entries()) {
        const { firstBlocknum: first, numberOfBlocks: count, shortChannelIds } = reply;
        // BOLT 7: the first block never falls, the range has no hole, and every reply overlaps it.
        expect(first).toBeGreaterThanOrEqual(previousFirst);
        expect(first).toBeLessThanOrEqual(coveredTo);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(first + count).toBeGreaterThan(firstBlocknum);
        expect(first).toBeLessThan(end);
        for (const id of shortChannelIds) {
          const place = fromShortChannelId(id).block;
          expect(place >= first && place < first + count).toBe(true);
        }
        expect(shortChannelIds.length).toBeLessThanOrEqual(idsPerReply);
        const listLength = (option: bigint): number | undefined =>
          ((queryOption ?? 0n) & option) === 0n ? undefined : shortChannelIds.length;
        expect(reply.timestamps?.length).toBe(listLength(1n));
        expect(reply.checksums?.length).toBe(listLength(2n));
        expect(encodeMessage(reply).length).toBeLessThanOrEqual(maxMessageLength);
        expect(reply.syncComplete).toBe(i === replies.length - 1);
        previousFirst = first;
        coveredTo = Math.max(coveredTo, first + count);
      }
      expect(coveredTo).toBe(end);
      expect(replies.length).toBe(Math.max(1, Math.ceil(expected.length / idsPerReply)));
    }),
    { numRuns: 1000 },
  );
});
