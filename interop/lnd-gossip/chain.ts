/** What the chain says of a channel: the output that its short_channel_id points at. */
import { compareBytes, fromShortChannelId, toShortChannelId } from "@satwire/lnwire";
import { payments } from "bitcoinjs-lib";
import type { Btcd } from "../daemons/btcd.ts";
import { simnet } from "../daemons/wallet.ts";

/** An output of a transaction in a block. */
export interface Output {
  readonly txid: string;
  readonly index: number;
  /** In hex. */
  readonly script: string;
  readonly valueSat: number;
}

interface Block {
  readonly height: number;
  readonly tx: readonly string[];
}

const satPerBitcoin = 100_000_000;

/** The hash of the first block in wire order, as messages have it. */
export async function chainHashOf(btcd: Btcd): Promise<Uint8Array> {
  const hash = await btcd.call<string>("getblockhash", 0);
  return Uint8Array.from(Buffer.from(hash, "hex").reverse());
}

/** The unspent output that an id points at. @throws when there is none */
export async function outputAt(btcd: Btcd, shortChannelId: bigint): Promise<Output> {
  const { block, transaction, output } = fromShortChannelId(shortChannelId);
  const hash = await btcd.call<string>("getblockhash", block);
  const { tx } = await btcd.call<Block>("getblock", hash, 1);
  const txid = tx[transaction];
  if (txid === undefined) throw new Error(`block ${block} has no transaction ${transaction}`);
  const found = await btcd.call<{
    readonly value: number;
    readonly scriptPubKey: { readonly hex: string };
  } | null>("gettxout", txid, output, false);
  if (found === null) throw new Error(`${txid}:${output} is spent, or does not exist`);
  const valueSat = Math.round(found.value * satPerBitcoin);
  return { txid, index: output, script: found.scriptPubKey.hex, valueSat };
}

/** The id that an output of a transaction in a block has. @throws when the block does not have it */
export async function idOf(
  btcd: Btcd,
  blockHash: string,
  txid: string,
  output: number,
): Promise<bigint> {
  const { height, tx } = await btcd.call<Block>("getblock", blockHash, 1);
  const transaction = tx.indexOf(txid);
  if (transaction < 0) throw new Error(`${txid} is not in block ${height}`);
  return toShortChannelId({ block: height, transaction, output });
}

/** BOLT 3 "Funding Transaction Output": P2WSH of 2-of-2, the keys in lexicographic order. */
export function fundingOutputOf(
  key1: Uint8Array,
  key2: Uint8Array,
): { readonly address: string; readonly script: string } {
  const pubkeys = [key1, key2].sort(compareBytes);
  const redeem = payments.p2ms({ m: 2, pubkeys, network: simnet });
  const { address, output } = payments.p2wsh({ redeem, network: simnet });
  return { address: address!, script: Buffer.from(output!).toString("hex") };
}
