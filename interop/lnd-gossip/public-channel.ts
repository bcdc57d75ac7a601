/** A public channel between two lnds, from coins to five confirmations. */
import { toHex } from "@satwire/lnwire";
import type { Btcd } from "../daemons/btcd.ts";
import { ask } from "../daemons/daemon.ts";
import type { Lnd } from "../daemons/lnd.ts";
import { graphOf } from "./graph.ts";

const coinsSat = 10_0000_0000n;
/** One less than the confirmations after which BOLT 7 lets a channel be announced. */
const depthBefore = 5;

export interface ChannelOptions {
  readonly btcd: Btcd;
  /** Who pays for it. */
  readonly from: Lnd;
  readonly to: Lnd;
  readonly capacitySat: bigint;
}

/** Where the channel is on the chain. */
export interface FundingOutput {
  /** As RPC has it: the other way around than on the wire. */
  readonly txid: string;
  readonly output: number;
  /** Hash of its block. */
  readonly block: string;
}

/** Coins for a node, confirmed. */
export async function fund(btcd: Btcd, lnd: Lnd): Promise<void> {
  const { address } = await lnd.rest<{ readonly address: string }>(
    "/v1/newaddress?type=WITNESS_PUBKEY_HASH",
  );
  const transaction = await btcd.pay([{ address, valueSat: coinsSat }]);
  await btcd.call("sendrawtransaction", transaction.toHex());
  await btcd.mine(1);
  await ask("lnd to have its coins", async () => {
    const balance = await lnd.rest<{ readonly confirmed_balance: string }>(
      "/v1/balance/blockchain",
    );
    return BigInt(balance.confirmed_balance) === coinsSat ? true : undefined;
  });
}

/** Connects two nodes. */
export async function connectTo(from: Lnd, to: Lnd): Promise<void> {
  const pubkey = toHex(to.nodeId);
  await from.rest("/v1/peers", { addr: { pubkey, host: `${to.host}:${to.port}` } });
  for (const [lnd, other] of [
    [from, pubkey],
    [to, toHex(from.nodeId)],
  ] as const) {
    await ask("both to be peers", async () => {
      const { peers } = await lnd.rest<{ readonly peers: readonly { pub_key: string }[] }>(
        "/v1/peers",
      );
      return peers.some(({ pub_key }) => pub_key === other) ? true : undefined;
    });
  }
}

/** Asks for a channel with `terms`, and resolves when its funding transaction waits for a block. */
export async function openChannel(
  btcd: Btcd,
  from: Lnd,
  to: Uint8Array,
  terms: { readonly capacitySat: bigint; readonly [term: string]: unknown },
): Promise<Omit<FundingOutput, "block">> {
  const { capacitySat, ...others } = terms;
  const { funding_txid_bytes, output_index } = await from.rest<{
    readonly funding_txid_bytes: string;
    readonly output_index: number;
  }>("/v1/channels", {
    node_pubkey: Buffer.from(to).toString("base64"),
    local_funding_amount: String(capacitySat),
    sat_per_vbyte: "10",
    ...others,
  });
  const txid = Buffer.from(funding_txid_bytes, "base64").reverse().toString("hex");
  await ask("btcd to know the funding transaction", async () => {
    const waiting = await btcd.call<readonly string[]>("getrawmempool");
    return waiting.includes(txid) ? true : undefined;
  });
  return { txid, output: output_index };
}

/** Opens a channel that both use at the end, and that one more block lets them announce. The payer has coins. */
export async function openPublicChannel(options: ChannelOptions): Promise<FundingOutput> {
  const { btcd, from, to, capacitySat } = options;
  const { txid, output } = await openChannel(btcd, from, to.nodeId, { capacitySat });
  const blocks = await btcd.mine(depthBefore);
  for (const lnd of [from, to]) {
    await ask("both ends to know the terms of both", async () => {
      const { edges } = await graphOf(lnd, false);
      return edges[0]?.node1_policy && edges[0].node2_policy ? true : undefined;
    });
  }
  return { txid, output, block: blocks[0]! };
}
