// BIP 158: the basic filter of a block, which tells whether it pays to or spends from a script.
// Bytes: what is given is only read during the call; filters are fresh.
import type { BlockIndex } from "../block-index.ts";
import { blockHashOf } from "../block-header.ts";
import { encodeGolombSet, matchGolombSet } from "./golomb-set.ts";
import type { CFilter } from "../messages/compact-filters.ts";
import { sipHashKeyOf } from "../siphash.ts";

const opReturn = 0x6a;

/**
 * The basic filter of a block (BIP 158 "Block Filters"), as `cfilter` carries it.
 *
 * @param spentScripts - the scripts of all outputs that the block's transactions spend, in any order
 * @throws DecodeError if a transaction of the block cannot be read.
 */
export function basicFilterOf(index: BlockIndex, spentScripts: Iterable<Uint8Array>): Uint8Array {
  return encodeGolombSet(
    sipHashKeyOf(blockHashOf(index.block.header)),
    elementsOf(index, spentScripts),
  );
}

/**
 * Whether a block may pay to or spend from any of these scripts. If it does, the answer is true; if not, it is true
 * for one script in 784,931.
 *
 * Many scripts are matched in one pass. The filter should be the one whose hash the chain of filter headers has: see
 * `filterHashOf`.
 *
 * @param filter - `blockHash` and `filterBytes` of a `cfilter`
 * @throws DecodeError `short_read` or `trailing_bytes` if the bytes are no filter, whatever the scripts are; offsets
 * count from the first byte of the filter.
 * @example
 * ```ts
 * if (message.type === "cfilter" && matchFilter(message, wallet.scripts)) fetchBlock(message.blockHash);
 * ```
 */
export function matchFilter(
  filter: Pick<CFilter, "blockHash" | "filterBytes">,
  scripts: Iterable<Uint8Array>,
): boolean {
  return matchGolombSet(sipHashKeyOf(filter.blockHash), filter.filterBytes, scripts);
}

function* elementsOf(
  index: BlockIndex,
  spentScripts: Iterable<Uint8Array>,
): Generator<Uint8Array, void> {
  for (let i = 0; i < index.length; i++) {
    for (const { scriptPubKey } of index.transaction(i).outputs) {
      if (scriptPubKey.length > 0 && scriptPubKey[0] !== opReturn) yield scriptPubKey;
    }
  }
  for (const script of spentScripts) if (script.length > 0) yield script;
}
