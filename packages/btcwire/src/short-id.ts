// BIP 152 "Short transaction IDs": 48 bits that stand for a transaction in one compact block.
// Bytes: what is given is only read during the call.
import { sha256 } from "#sha256";
import { concatBytes, encode, u64le } from "@satwire/codec";
import { blockHeader } from "./block-header.ts";
import type { CmpctBlock } from "./messages/compact-blocks.ts";
import { type SipHashKey, sipHashKeyOf, writeSipHash } from "./siphash.ts";

/** The key of a compact block's short ids. */
export function shortIdKeyOf({ header, nonce }: Pick<CmpctBlock, "header" | "nonce">): SipHashKey {
  return sipHashKeyOf(sha256(concatBytes(encode(blockHeader, header), encode(u64le, nonce))));
}

/** The short id for the hot path; `hash` is room for two numbers. */
export function shortIdOf(hash: Uint32Array, key: SipHashKey, id: Uint8Array): number {
  writeSipHash(hash, key, id);
  return ((hash[1] as number) & 0xffff) * 2 ** 32 + (hash[0] as number);
}

/**
 * The short ids (BIP 152) that transactions have in one compact block, 48 bits each.
 *
 * @param block - header and nonce of the compact block
 * @param ids - `wtxid`s, as version 2 has it; `txid`s for version 1, which nodes do not speak any more
 * @throws EncodeError if header or nonce cannot be written.
 */
export function shortIdsOf(
  block: Pick<CmpctBlock, "header" | "nonce">,
  ids: Iterable<Uint8Array>,
): number[] {
  const key = shortIdKeyOf(block);
  const hash = new Uint32Array(2);
  return Array.from(ids, (id) => shortIdOf(hash, key, id));
}
