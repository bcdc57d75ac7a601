// BIP 157: filter headers. Each commits to a filter and to the header before it, so that one of them says what all
// filters before are. Nothing says which header is right: that is what asking several peers is for.
// Bytes: hashes and headers that are computed are fresh.
import { concatBytes, equalBytes } from "@satwire/codec";
import { hash256 } from "../hash256.ts";
import {
  type CFCheckpt,
  type CFHeaders,
  filterCheckpointInterval,
  type GetCFCheckpt,
  type GetCFHeaders,
} from "../messages/compact-filters.ts";

/** The hash of a filter, 32 bytes in the order of the wire: what `cfheaders` lists. */
export function filterHashOf(filterBytes: Uint8Array): Uint8Array {
  return hash256(filterBytes);
}

/**
 * The header of a filter (BIP 157), 32 bytes in the order of the wire.
 *
 * @param filterHash - see {@link filterHashOf}
 * @param previousHeader - the header of the block before; zeros for the first block
 */
export function filterHeaderOf(filterHash: Uint8Array, previousHeader: Uint8Array): Uint8Array {
  return hash256(concatBytes(filterHash, previousHeader));
}

/** The filter headers that the hashes of a `cfheaders` lead to, in the order of their blocks. */
export function filterHeadersOf({
  previousFilterHeader,
  filterHashes,
}: Pick<CFHeaders, "previousFilterHeader" | "filterHashes">): Uint8Array[] {
  let header = previousFilterHeader;
  return filterHashes.map((hash) => (header = filterHeaderOf(hash, header)));
}

/**
 * What {@link checkFilterHeaders} and {@link checkFilterCheckpoints} found.
 *
 * - `valid`: it agrees with all that is known.
 * - `unasked`: it is about another filter type or another last block.
 * - `wrong_count`: there are fewer or more of them than there are blocks.
 * - `unlinked`: the first does not follow the header that is known.
 * - `other_checkpoint`: a header is not the one that the checkpoints have for its height.
 */
export type FilterHeaderCheck =
  | "valid"
  | "unasked"
  | "wrong_count"
  | "unlinked"
  | "other_checkpoint";

/** What a `cfheaders` is checked against. */
export interface FilterHeaderCheckOptions {
  /** Height of the block that was asked for as the last. */
  readonly stopHeight: number;
  /** The filter header of the block before the first, if it is known; for height 0 it is: zeros. */
  readonly previousFilterHeader?: Uint8Array | undefined;
  /** Filter headers of the blocks 1,000, 2,000 and so on, if they are known: those of a `cfcheckpt`. */
  readonly checkpoints?: readonly Uint8Array[] | undefined;
}

/**
 * Whether a `cfheaders` answers a request, and agrees with what is known already (BIP 157 "Client Operation"). If not,
 * peers that gave the two disagree, and only the blocks can tell which is wrong.
 */
export function checkFilterHeaders(
  answer: CFHeaders,
  request: Pick<GetCFHeaders, "filterType" | "startHeight" | "stopHash">,
  { stopHeight, previousFilterHeader, checkpoints = [] }: FilterHeaderCheckOptions,
): FilterHeaderCheck {
  const { startHeight } = request;
  if (!isAnswer(answer, request)) return "unasked";
  if (answer.filterHashes.length !== stopHeight - startHeight + 1) return "wrong_count";
  const known = startHeight === 0 ? new Uint8Array(32) : previousFilterHeader;
  if (known !== undefined && !equalBytes(known, answer.previousFilterHeader)) return "unlinked";
  const headers = [answer.previousFilterHeader, ...filterHeadersOf(answer)];
  for (const [i, header] of headers.entries()) {
    const checkpoint = checkpointAt(checkpoints, startHeight - 1 + i);
    if (checkpoint !== undefined && !equalBytes(checkpoint, header)) return "other_checkpoint";
  }
  return "valid";
}

/** What a `cfcheckpt` is checked against. */
export interface FilterCheckpointCheckOptions {
  /** Height of the block that was asked for as the last. */
  readonly stopHeight: number;
  /** What is known of the same chain, in the same order, if anything is; longer or shorter. */
  readonly checkpoints?: readonly Uint8Array[] | undefined;
}

/** Whether a `cfcheckpt` answers a request, and agrees with what is known already. */
export function checkFilterCheckpoints(
  answer: CFCheckpt,
  request: Pick<GetCFCheckpt, "filterType" | "stopHash">,
  { stopHeight, checkpoints = [] }: FilterCheckpointCheckOptions,
): FilterHeaderCheck {
  const { filterHeaders } = answer;
  if (!isAnswer(answer, request)) return "unasked";
  if (filterHeaders.length !== Math.floor(stopHeight / filterCheckpointInterval)) {
    return "wrong_count";
  }
  const agrees = filterHeaders.every((header, i) => equalBytes(header, checkpoints[i] ?? header));
  return agrees ? "valid" : "other_checkpoint";
}

function isAnswer(
  answer: CFHeaders | CFCheckpt,
  { filterType, stopHash }: Pick<GetCFCheckpt, "filterType" | "stopHash">,
): boolean {
  return answer.filterType === filterType && equalBytes(answer.stopHash, stopHash);
}

function checkpointAt(checkpoints: readonly Uint8Array[], height: number): Uint8Array | undefined {
  if (height % filterCheckpointInterval !== 0) return undefined;
  // The first is that of block 1,000: block 0 has none.
  return checkpoints[height / filterCheckpointInterval - 1];
}
