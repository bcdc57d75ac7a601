/** The longest lists and texts that btcd and we take alike; one item more is refused by both. */
import { compactSize, concatBytes, encode, type KnownMessage } from "@satwire/btcwire";

/** Where a list is in a payload, and how long it may be. */
export interface Limit {
  readonly command: KnownMessage["type"];
  readonly most: number;
  /** Bytes in front of the count, of each item, and behind the list. */
  readonly before?: number;
  readonly item: number;
  readonly behind?: number;
}

export const limits: readonly Limit[] = [
  { command: "version", most: 256, before: 80, item: 1, behind: 5 },
  { command: "addr", most: 1000, item: 30 },
  { command: "inv", most: 50_000, item: 36 },
  { command: "getdata", most: 50_000, item: 36 },
  { command: "notfound", most: 50_000, item: 36 },
  { command: "headers", most: 2000, item: 81 },
  { command: "cfheaders", most: 2000, before: 65, item: 32 },
  { command: "cfcheckpt", most: 100_000, before: 33, item: 32 },
  { command: "filterload", most: 36_000, item: 1, behind: 9 },
  { command: "filteradd", most: 520, item: 1 },
];

/** A payload of zeros with so many items. */
export function payloadWith({ before = 0, item, behind = 0 }: Limit, count: number): Uint8Array {
  return concatBytes(
    new Uint8Array(before),
    encode(compactSize, count),
    new Uint8Array(item * count + behind),
  );
}
