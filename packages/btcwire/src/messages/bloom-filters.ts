// BIP 37: blocks and transactions that match a filter which the receiver has set. Off by default in Bitcoin Core.
import { type Codec, EncodeError, u32le, u8 } from "@satwire/codec";
import { type BlockHeader, blockHeader } from "../block-header.ts";
import { maxCompactSize } from "../compact-size.ts";
import { hash, list, varBytes } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";

/** The largest filter, in bytes. */
export const maxBloomFilterLength = 36_000;

/** The most hash functions of a filter. */
export const maxBloomHashFunctions = 50;

/** The longest element of a `filteradd`, in bytes: the longest that a script can push. */
export const maxBloomElementLength = 520;

// One per transaction at most: a block has a weight of up to 4,000,000, a transaction one of 240 at least.
const maxMerkleHashes = 16_666;

/** What a node does with the filter when something matches. */
export const bloomFlag = {
  /** Leave it as it is. */
  none: 0,
  /** Add the outpoint of every output that matches. */
  all: 1,
  /** Add it if the output pays to a public key or to several. */
  p2pubkeyOnly: 2,
} as const;

/** `filterload` (BIP 37): sets the filter. */
export interface FilterLoad extends MessageBase<"filterload"> {
  /** At most 36,000 bytes: see `BloomFilter`. */
  readonly filter: Uint8Array;
  /** At most 50. */
  readonly nHashFuncs: number;
  readonly nTweak: number;
  /** See {@link bloomFlag}. */
  readonly nFlags: number;
}

const hashFunctions: Codec<number> = {
  read(reader) {
    const start = reader.offset;
    const count = reader.u32le();
    if (count > maxBloomHashFunctions) {
      throw reader.error("too_long", `${count} hash functions, at most 50`, start);
    }
    return count;
  },
  write(writer, value) {
    if (value > maxBloomHashFunctions) {
      throw new EncodeError("too_long", `${value} hash functions, at most 50`);
    }
    writer.u32le(value);
  },
};

/** Codec of {@link FilterLoad}. */
export const filterload: MessageCodec<FilterLoad> = /* @__PURE__ */ message(
  "filterload",
  {
    filter: /* @__PURE__ */ varBytes(maxBloomFilterLength),
    nHashFuncs: hashFunctions,
    nTweak: u32le,
    nFlags: u8,
  },
  { shortId: 8 },
);

/** `filteradd` (BIP 37): adds an element to the filter. */
export interface FilterAdd extends MessageBase<"filteradd"> {
  /** At most 520 bytes. */
  readonly data: Uint8Array;
}

/** Codec of {@link FilterAdd}. */
export const filteradd: MessageCodec<FilterAdd> = /* @__PURE__ */ message(
  "filteradd",
  { data: /* @__PURE__ */ varBytes(maxBloomElementLength) },
  { shortId: 6 },
);

/** `filterclear` (BIP 37): removes the filter. */
export interface FilterClear extends MessageBase<"filterclear">, Trailing {}

/** Codec of {@link FilterClear}. */
export const filterclear: MessageCodec<FilterClear> = /* @__PURE__ */ signal("filterclear", 7);

/** `merkleblock` (BIP 37): a header, and the proof that some transactions are in the block. */
export interface MerkleBlock extends MessageBase<"merkleblock"> {
  readonly header: BlockHeader;
  /** Transactions in the block. */
  readonly totalTransactions: number;
  /** Hashes of the tree in depth-first order, at most 16,666: see `readPartialMerkleTree`. */
  readonly hashes: readonly Uint8Array[];
  /** Bits of the tree, the lowest of each byte first. */
  readonly flags: Uint8Array;
}

const hashes: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxMerkleHashes);
const flags: Codec<Uint8Array> = /* @__PURE__ */ varBytes(maxCompactSize);

/** Codec of {@link MerkleBlock}. */
export const merkleblock: MessageCodec<MerkleBlock> = /* @__PURE__ */ message(
  "merkleblock",
  { header: blockHeader, totalTransactions: u32le, hashes, flags },
  { shortId: 16 },
);

/** The messages of this chapter. */
export type BloomFilterMessage = FilterLoad | FilterAdd | FilterClear | MerkleBlock;

/** All codecs of this chapter, for a set of one's own. */
export const bloomFilterMessages: readonly MessageCodec<BloomFilterMessage>[] = [
  filterload,
  filteradd,
  filterclear,
  merkleblock,
];
