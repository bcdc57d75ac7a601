// Filters of blocks and the headers that chain them (BIP 157, BIP 158), made when they are asked for.
import { basicFilterOf, filterHashOf, filterHeaderOf, indexBlock } from "@satwire/btcwire";
import type { ChainBlock } from "./chain-block.ts";
import type { Coin } from "./coins.ts";

/** What the filters are made from. */
export interface FilterSource {
  /** What a block spent; undefined if that was never known. */
  spentBy(block: ChainBlock): readonly Coin[] | undefined;
  parentOf(block: ChainBlock): ChainBlock | undefined;
}

/** Filters and filter headers, each made once. */
export class FilterIndex {
  readonly #source: FilterSource;
  readonly #filters = new WeakMap<ChainBlock, Uint8Array>();
  readonly #headers = new WeakMap<ChainBlock, Uint8Array>();

  constructor(source: FilterSource) {
    this.#source = source;
  }

  filter(block: ChainBlock): Uint8Array | undefined {
    const known = this.#filters.get(block);
    if (known !== undefined) return known;
    const spent = this.#source.spentBy(block);
    if (spent === undefined) return undefined;
    const scripts = spent.map(({ output }) => output.scriptPubKey);
    const filter = basicFilterOf(indexBlock(block), scripts);
    this.#filters.set(block, filter);
    return filter;
  }

  header(block: ChainBlock): Uint8Array | undefined {
    const missing: ChainBlock[] = [];
    let at: ChainBlock | undefined = block;
    while (at !== undefined && !this.#headers.has(at)) {
      missing.push(at);
      at = this.#source.parentOf(at);
    }
    let header: Uint8Array = (at && this.#headers.get(at)) ?? new Uint8Array(32);
    for (const each of missing.reverse()) {
      const filter = this.filter(each);
      if (filter === undefined) return undefined;
      header = filterHeaderOf(filterHashOf(filter), header);
      this.#headers.set(each, header);
    }
    return header;
  }
}
