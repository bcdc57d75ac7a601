/** Where lnd and BOLT 7 part about gossip. Each row is seen happening; docs/interop.md has them for people. */
import { expect } from "vitest";

/** One thing that lnd does otherwise. */
export interface Difference {
  readonly messages: readonly string[];
  /** What lnd does. */
  readonly what: string;
  /** The clause of BOLT 7. */
  readonly spec: string;
}

/** All rows, by short names. */
export const differences = {
  queryFlags: {
    messages: ["query_short_channel_ids"],
    what: "ignores `query_flags`: all announcements of the channel come",
    spec: "MUST reply with what the flags ask for; lnd does not offer gossip_queries_ex",
  },
  checksums: {
    messages: ["query_channel_range"],
    what: "ignores bit 1 of `query_option`: no checksums come",
    spec: "MAY append them",
  },
  noIds: {
    messages: ["query_short_channel_ids"],
    what: "does not answer a query without ids",
    spec: "MUST follow the responses with reply_short_channel_ids_end",
  },
  neverComplete: {
    messages: ["reply_channel_range"],
    what: "the only reply for an unknown chain has `sync_complete` 0",
    spec: "MUST set it to true in the final reply",
  },
  nodesBetween: {
    messages: ["channel_update", "node_announcement"],
    what: "sends each end's node_announcement right behind the other end's channel_update",
    spec: "node_announcements MUST follow; nothing is said of their place among updates",
  },
  otherChain: {
    messages: ["gossip_timestamp_filter"],
    what: "does not look at `chain_hash`",
    spec: "`chain_hash` identifies the chain that the gossip shall refer to",
  },
  wholeChannel: {
    messages: ["gossip_timestamp_filter"],
    what: "sends both channel_updates when the time of one is asked for",
    spec: "SHOULD send what is within the range",
  },
  unasked: {
    messages: ["channel_update"],
    what: "announces its channel with the first update of the other end, to peers without a filter too",
    spec: "MUST NOT send gossip it did not generate itself before a filter comes",
  },
  noUpdates: {
    messages: ["channel_announcement"],
    what: "relays a channel that has no channel_update yet",
    spec: "MUST NOT send it",
  },
  dropsRecords: {
    messages: ["channel_update"],
    what: "takes an unknown odd TLV record, and passes the update on without it: the signature no longer holds",
    spec: "BOLT 1: readers ignore it; BOLT 7: the signature covers the entire message",
  },
  noWarning: {
    messages: ["channel_announcement", "channel_update"],
    what: "has no word for a signature that does not hold",
    spec: "SHOULD send a warning",
  },
  silentRefusal: {
    messages: ["channel_announcement"],
    what: "counts channels that the chain does not have, without a word, and bans the sender after 100",
    spec: "MUST ignore a message whose output does not correspond",
  },
} as const satisfies Record<string, Difference>;

/** The name of a row. */
export type DifferenceName = keyof typeof differences;

/** How often each row was seen. */
export const sightings: Map<DifferenceName, number> = new Map();

/** Counts a row as seen. @throws when it is not so */
export function saw(name: DifferenceName, isSo: boolean): void {
  expect(isSo, `lnd ${differences[name].what}`).toBe(true);
  sightings.set(name, (sightings.get(name) ?? 0) + 1);
}
