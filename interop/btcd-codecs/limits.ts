/** Where btcd and we agree on lengths: how long lists and texts may be, and in which form a length is written. */
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

/** The longest that both take; one item more is refused by both. */
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

/** A length in one of its forms. Both take the shortest only. */
export interface LengthForm {
  /** Hex. */
  readonly form: string;
  readonly length: number;
  readonly isShortest: boolean;
}

export const lengthForms: readonly LengthForm[] = [
  { form: "fc", length: 252, isShortest: true },
  { form: "fdfc00", length: 252, isShortest: false },
  { form: "fdfd00", length: 253, isShortest: true },
  { form: "fdffff", length: 65_535, isShortest: true },
  { form: "feffff0000", length: 65_535, isShortest: false },
  { form: "fe00000100", length: 65_536, isShortest: true },
  { form: "ff0000010000000000", length: 65_536, isShortest: false },
];
