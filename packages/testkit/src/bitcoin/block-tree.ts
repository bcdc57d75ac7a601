// The blocks of a chain with all its branches, and the ways through them.
import { blockLocator, toHex } from "@satwire/btcwire";
import type { ChainBlock } from "./chain-block.ts";
import type { ChainState } from "./chain-state.ts";

/** All blocks by their hash, in the order in which they came. */
export class BlockTree {
  readonly #blocks = new Map<string, ChainBlock>();
  readonly #best: Pick<ChainState, "blocks" | "tip" | "isBest">;

  constructor(best: Pick<ChainState, "blocks" | "tip" | "isBest">) {
    this.#best = best;
    for (const block of best.blocks) this.add(block);
  }

  /** The first block included. */
  get size(): number {
    return this.#blocks.size;
  }

  get all(): readonly ChainBlock[] {
    return [...this.#blocks.values()];
  }

  add(block: ChainBlock): void {
    this.#blocks.set(toHex(block.hash), block);
  }

  delete(block: ChainBlock): void {
    this.#blocks.delete(toHex(block.hash));
  }

  /** By the hash, or by the height in the best chain. */
  get(id: Uint8Array | number): ChainBlock | undefined {
    return typeof id === "number" ? this.#best.blocks[id] : this.#blocks.get(toHex(id));
  }

  /** The blocks from a height up to one, which may be off the best chain; none if that is below the height. */
  path(startHeight: number, stop: ChainBlock): ChainBlock[] {
    if (this.#best.isBest(stop)) return this.#best.blocks.slice(startHeight, stop.height + 1);
    const path: ChainBlock[] = [];
    let at: ChainBlock | undefined = stop;
    while (at !== undefined && at.height >= startHeight) {
      path.push(at);
      at = this.get(at.header.prevBlock);
    }
    return path.reverse();
  }

  /** The blocks from one down to the best chain, the highest first: none if it is in there. */
  offBest(block: ChainBlock): ChainBlock[] {
    const off: ChainBlock[] = [];
    let at: ChainBlock | undefined = block;
    while (at !== undefined && !this.#best.isBest(at)) {
      off.push(at);
      at = this.get(at.header.prevBlock);
    }
    return off;
  }

  locator(): Uint8Array[] {
    return blockLocator(this.#best.tip.height, (height) => (this.get(height) as ChainBlock).hash);
  }

  /** The last block of the best chain that a locator names; the first one if it names none. */
  findFork(locator: readonly Uint8Array[]): ChainBlock {
    for (const hash of locator) {
      const block = this.get(hash);
      if (block !== undefined && this.#best.isBest(block)) return block;
    }
    return this.#best.blocks[0] as ChainBlock;
  }

  /** Blocks of the best chain behind one of it, up to `hashStop`, and no more than `limit`. */
  following(block: ChainBlock, hashStop: Uint8Array, limit: number): ChainBlock[] {
    const stop = this.get(hashStop);
    const isInWay = stop !== undefined && this.#best.isBest(stop) && stop.height > block.height;
    const end = Math.min(block.height + 1 + limit, isInWay ? stop.height + 1 : Infinity);
    return this.#best.blocks.slice(block.height + 1, end);
  }

  /** That of the block and the ten before it, seconds: what the time of the next one has to be above. */
  medianTime(block: ChainBlock): number {
    const last = this.path(Math.max(block.height - 10, 0), block);
    const times = last.map(({ header }) => header.time);
    return times.sort((a, b) => a - b)[times.length >> 1] as number;
  }
}
