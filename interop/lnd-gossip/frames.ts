/** Announcements compared byte by byte, and the newest of each. */
import { encodeMessage, type SignedGossip, toHex } from "@satwire/lnwire";
import { GossipStore } from "@satwire/testkit";

/** Frames in hex, without their order. */
export function framesOf(messages: readonly SignedGossip[]): readonly string[] {
  return messages.map((message) => toHex(encodeMessage(message))).sort();
}

/** Whether these are the same bytes, in whatever order. */
export function areSame(one: readonly SignedGossip[], other: readonly SignedGossip[]): boolean {
  return framesOf(one).join() === framesOf(other).join();
}

/** What is left when newer messages have replaced older ones. */
export function latestOf(
  chainHash: Uint8Array,
  messages: readonly SignedGossip[],
): readonly SignedGossip[] {
  return allOf(storeOf(chainHash, messages));
}

/** A store with these messages, channels first. */
export function storeOf(chainHash: Uint8Array, messages: readonly SignedGossip[]): GossipStore {
  const store = new GossipStore(chainHash);
  const isChannel = ({ type }: SignedGossip): boolean => type === "channel_announcement";
  for (const message of messages.filter(isChannel)) store.add(message);
  for (const message of messages.filter((other) => !isChannel(other))) store.add(message);
  return store;
}

function allOf(store: GossipStore): readonly SignedGossip[] {
  const channels = store.channelIds.flatMap((id) => {
    const { announcement, updates } = store.channel(id)!;
    return [announcement, ...updates.filter((update) => update !== undefined)];
  });
  return [...channels, ...store.nodes];
}
