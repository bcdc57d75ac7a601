/** Announcements that lnd has to refuse, and how its log tells that it did. */
import {
  chainHashOf,
  type ChannelAnnouncement,
  formatShortChannelId,
  fromShortChannelId,
  type SignedGossip,
  toHex,
  toShortChannelId,
} from "@satwire/lnwire";
import type { ChannelGossip } from "./lnd-pair.ts";
import { announce } from "./our-channel.ts";

/** What is sent, and a line of the log. */
export interface Refusal {
  readonly message: SignedGossip;
  readonly line: RegExp;
}

/** `nodeId` is the sender's, `tip` the height of the chain. */
export function refusalsFor(
  { announcement, updates: [update] }: ChannelGossip,
  nodeId: Uint8Array,
  tip: number,
): readonly Refusal[] {
  const { chainHash, shortChannelId } = announcement;
  const { block } = fromShortChannelId(shortChannelId);
  const at = (height: number, transaction: number, output: number): ChannelAnnouncement =>
    announce(chainHash, toShortChannelId({ block: height, transaction, output }));
  const sender = toHex(nodeId);
  const score = (id: bigint): RegExp => {
    const place = formatShortChannelId(id).replaceAll("x", ":");
    return new RegExp(
      `Increasing ban score for peer=${sender}@\\S+ due to invalid .* channel ${place}\\n`,
    );
  };

  const noTransaction = at(block, 1000, 0);
  const otherOutput = at(block - 1, 0, 0);
  const noBlock = at(tip + 1000, 1, 0);
  const otherChain = { ...at(block, 1, 1), chainHash: chainHashOf("regtest") };
  const good = at(block, 1, 2);
  const known = at(block, 1, 0);
  return [
    { message: noTransaction, line: score(noTransaction.shortChannelId) },
    { message: otherOutput, line: score(otherOutput.shortChannelId) },
    { message: noBlock, line: new RegExp(`chan_id=\\(${noBlock.shortChannelId}\\), is premature`) },
    { message: otherChain, line: /ignoring ChannelAnnouncement1 from chain=/ },
    {
      message: { ...good, bitcoinSignature2: good.bitcoinSignature1 },
      line: /unable to validate announcement: can't verify second bitcoin signature/,
    },
    {
      message: { ...known, shortChannelId },
      line: new RegExp(
        `Processing ChannelAnnouncement1: peer=${sender}@\\S+ short_chan_id=${shortChannelId}\\n`,
      ),
    },
    {
      message: { ...update, timestamp: update.timestamp + 1000 },
      line: /unable to validate channel update announcement for [^\n]*\n: invalid signature/,
    },
  ];
}
