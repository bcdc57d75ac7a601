// BIP 157: filters of what is in blocks, for who does not want all of them.
import { type Codec, u32le, u8 } from "@satwire/codec";
import { maxCompactSize } from "../compact-size.ts";
import { hash, list, varBytes } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** The one filter type there is (BIP 158). */
export const basicFilterType = 0;

/** The most filters that one `getcfilters` may ask for; nodes hang up on more. */
export const maxFilters = 1000;

/** The most hashes of one `cfheaders`. */
export const maxFilterHashes = 2000;

/** Blocks between two headers of a `cfcheckpt`. */
export const filterCheckpointInterval = 1000;

// One per 1,000 blocks, and no more than fit a message.
const maxCheckpoints = 100_000;

/** What is asked for: filters of one type, from a height to a block. */
interface FilterRange {
  /** {@link basicFilterType}. */
  readonly filterType: number;
  /** Height of the first block. */
  readonly startHeight: number;
  /** Hash of the last block. */
  readonly stopHash: Uint8Array;
}

/** `getcfilters` (BIP 157): asks for the filters of up to 1,000 blocks. */
export interface GetCFilters extends MessageBase<"getcfilters">, FilterRange {}

/** Codec of {@link GetCFilters}. */
export const getcfilters: MessageCodec<GetCFilters> = /* @__PURE__ */ message(
  "getcfilters",
  { filterType: u8, startHeight: u32le, stopHash: hash },
  { shortId: 22 },
);

/** `cfilter` (BIP 157): the filter of one block. */
export interface CFilter extends MessageBase<"cfilter"> {
  readonly filterType: number;
  readonly blockHash: Uint8Array;
  /** See `matchFilter`. */
  readonly filterBytes: Uint8Array;
}

const filterBytes: Codec<Uint8Array> = /* @__PURE__ */ varBytes(maxCompactSize);

/** Codec of {@link CFilter}. */
export const cfilter: MessageCodec<CFilter> = /* @__PURE__ */ message(
  "cfilter",
  { filterType: u8, blockHash: hash, filterBytes },
  { shortId: 23 },
);

/** `getcfheaders` (BIP 157): asks for the hashes of the filters of up to 2,000 blocks. */
export interface GetCFHeaders extends MessageBase<"getcfheaders">, FilterRange {}

/** Codec of {@link GetCFHeaders}. */
export const getcfheaders: MessageCodec<GetCFHeaders> = /* @__PURE__ */ message(
  "getcfheaders",
  { filterType: u8, startHeight: u32le, stopHash: hash },
  { shortId: 24 },
);

/** `cfheaders` (BIP 157): hashes of filters, and the filter header in front of the first. */
export interface CFHeaders extends MessageBase<"cfheaders"> {
  readonly filterType: number;
  /** Hash of the last block. */
  readonly stopHash: Uint8Array;
  readonly previousFilterHeader: Uint8Array;
  /** At most 2,000: see `filterHeadersOf`. */
  readonly filterHashes: readonly Uint8Array[];
}

const filterHashes: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxFilterHashes);

/** Codec of {@link CFHeaders}. */
export const cfheaders: MessageCodec<CFHeaders> = /* @__PURE__ */ message(
  "cfheaders",
  { filterType: u8, stopHash: hash, previousFilterHeader: hash, filterHashes },
  { shortId: 25 },
);

/** `getcfcheckpt` (BIP 157): asks for every 1,000th filter header. */
export interface GetCFCheckpt extends MessageBase<"getcfcheckpt"> {
  readonly filterType: number;
  /** Hash of the last block. */
  readonly stopHash: Uint8Array;
}

/** Codec of {@link GetCFCheckpt}. */
export const getcfcheckpt: MessageCodec<GetCFCheckpt> = /* @__PURE__ */ message(
  "getcfcheckpt",
  { filterType: u8, stopHash: hash },
  { shortId: 26 },
);

/** `cfcheckpt` (BIP 157): the filter headers of the blocks 1,000, 2,000 and so on. */
export interface CFCheckpt extends MessageBase<"cfcheckpt"> {
  readonly filterType: number;
  /** Hash of the last block. */
  readonly stopHash: Uint8Array;
  /** At most 100,000. */
  readonly filterHeaders: readonly Uint8Array[];
}

const filterHeaders: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxCheckpoints);

/** Codec of {@link CFCheckpt}. */
export const cfcheckpt: MessageCodec<CFCheckpt> = /* @__PURE__ */ message(
  "cfcheckpt",
  { filterType: u8, stopHash: hash, filterHeaders },
  { shortId: 27 },
);

/** The messages of this chapter. */
export type CompactFilterMessage =
  | GetCFilters
  | CFilter
  | GetCFHeaders
  | CFHeaders
  | GetCFCheckpt
  | CFCheckpt;

/** All codecs of this chapter, for a set of one's own. */
export const compactFilterMessages: readonly MessageCodec<CompactFilterMessage>[] = [
  getcfilters,
  cfilter,
  getcfheaders,
  cfheaders,
  getcfcheckpt,
  cfcheckpt,
];
