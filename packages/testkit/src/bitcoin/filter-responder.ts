// What a node answers to requests for compact filters (BIP 157). Undefined stands for a request that nodes hang up on.
import {
  basicFilterType,
  type BitcoinMessage,
  filterCheckpointInterval,
  filterHashOf,
  type GetCFCheckpt,
  type GetCFHeaders,
  type GetCFilters,
  maxFilterHashes,
  maxFilters,
} from "@satwire/btcwire";
import type { ChainBlock } from "./chain-block.ts";
import type { FakeChain } from "./fake-chain.ts";

/** A request of BIP 157. */
export type FilterRequest = GetCFilters | GetCFHeaders | GetCFCheckpt;

/** The messages that answer a request, made one at a time; undefined if it is against the rules. */
export function answerFilterRequest(
  chain: FakeChain,
  request: FilterRequest,
): Iterable<BitcoinMessage> | undefined {
  if (request.filterType !== basicFilterType) return undefined;
  const stop = chain.block(request.stopHash);
  // A block that was never in the best chain has no filter, here and in Bitcoin Core.
  if (stop === undefined || chain.filterHeader(stop.hash) === undefined) return undefined;
  if (request.type === "getcfcheckpt") return [checkpoints(chain, stop)];
  const { startHeight } = request;
  const limit = request.type === "getcfilters" ? maxFilters : maxFilterHashes;
  if (startHeight > stop.height || stop.height - startHeight >= limit) return undefined;
  const path = chain.path(startHeight, stop);
  return request.type === "getcfilters" ? filters(chain, path) : [hashes(chain, path, stop)];
}

function* filters(chain: FakeChain, path: readonly ChainBlock[]): Generator<BitcoinMessage, void> {
  for (const { hash } of path) {
    const filterBytes = chain.filter(hash) as Uint8Array;
    yield { type: "cfilter", filterType: basicFilterType, blockHash: hash, filterBytes };
  }
}

function hashes(chain: FakeChain, path: readonly ChainBlock[], stop: ChainBlock): BitcoinMessage {
  const { prevBlock } = (path[0] as ChainBlock).header;
  return {
    type: "cfheaders",
    filterType: basicFilterType,
    stopHash: stop.hash,
    previousFilterHeader: chain.filterHeader(prevBlock) ?? new Uint8Array(32),
    filterHashes: path.map(({ hash }) => filterHashOf(chain.filter(hash) as Uint8Array)),
  };
}

function checkpoints(chain: FakeChain, stop: ChainBlock): BitcoinMessage {
  const filterHeaders = chain
    .path(0, stop)
    .filter(({ height }) => height > 0 && height % filterCheckpointInterval === 0)
    .map(({ hash }) => chain.filterHeader(hash) as Uint8Array);
  return { type: "cfcheckpt", filterType: basicFilterType, stopHash: stop.hash, filterHeaders };
}
