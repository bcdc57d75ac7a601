import { type BlockIndex, basicFilterOf, type CFilter, matchFilter } from "@satwire/btcwire";

/** What a node answers to `getcfilters`: needs the scripts of the outputs that the block spends. */
export function filterOf(index: BlockIndex, blockHash: Uint8Array, spent: Uint8Array[]): CFilter {
  const filterBytes = basicFilterOf(index, spent);
  return { type: "cfilter", filterType: 0, blockHash, filterBytes };
}

/** Whether a wallet has to fetch the block. */
export function concerns(filter: CFilter, scripts: readonly Uint8Array[]): boolean {
  return matchFilter(filter, scripts);
}
