/** Blocks by `getdata`: as many as are wanted, in the order in which they are asked for. */
import {
  blockHashOf,
  type BlockMessage,
  equalBytes,
  formatHash,
  inventoryType,
} from "@satwire/btcwire";
import type { RawBitcoinConnection } from "@satwire/testkit";

/** How many one `getdata` asks for. */
const batch = 500;

/** Asks for blocks until all have come. @throws for a block that is not the one that is next */
export async function downloadBlocks(
  peer: RawBitcoinConnection,
  hashes: readonly Uint8Array[],
  type: number = inventoryType.witnessBlock,
): Promise<BlockMessage[]> {
  const blocks: BlockMessage[] = [];
  for (let at = 0; at < hashes.length; at += batch) {
    const part = hashes.slice(at, at + batch);
    peer.send({ type: "getdata", inventory: part.map((hash) => ({ type, hash })) });
    for (const hash of part) {
      const block = await peer.take("block");
      if (!equalBytes(blockHashOf(block.header), hash)) throw new Error(`not ${formatHash(hash)}`);
      blocks.push(block);
    }
  }
  return blocks;
}
