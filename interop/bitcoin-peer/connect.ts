/** Our side of a connection to a Bitcoin node, over either transport. */
import {
  type BitcoinTransport,
  bitcoinMessages,
  type KnownMessage,
  type NetworkName,
  networks,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";
import { parseHostPort } from "@satwire/net";
import { RawBitcoinConnection } from "@satwire/testkit";
import type { Btcd } from "../daemons/btcd.ts";
import { ask } from "../daemons/daemon.ts";
import { type Greeting, greet } from "./greeting.ts";

/** How to talk. */
export type Protocol = "v1" | "v2";

/** The side that dials. */
export function dialling(
  protocol: Protocol,
  network: NetworkName = "simnet",
): BitcoinTransport<KnownMessage> {
  const options = { network: networks[network], messages: bitcoinMessages };
  return protocol === "v1" ? new V1Transport(options) : V2Transport.initiator(options);
}

/** Dials a node with a transport. @throws when it hangs up before messages can be sent */
export function dial(
  { host, port }: { readonly host: string; readonly port: number },
  transport: BitcoinTransport<KnownMessage>,
): Promise<RawBitcoinConnection> {
  const address = parseHostPort(`${host}:${port}`);
  return RawBitcoinConnection.dial({ address, transport, timeoutMs: 30_000 });
}

/** Dials a node. @throws when it hangs up before messages can be sent */
export function connect(
  to: { readonly host: string; readonly port: number },
  protocol: Protocol = "v1",
): Promise<RawBitcoinConnection> {
  return dial(to, dialling(protocol));
}

/** Connects to a btcd over v1 and greets it. Resolves when it counts us among its peers: see `counted`. */
export async function join(btcd: Btcd): Promise<RawBitcoinConnection> {
  const peer = await connect(btcd);
  await counted(btcd, await greet(peer));
  return peer;
}

/**
 * Resolves when a btcd that has our `verack` counts us among its peers. It reads on before that, and drops what is
 * about blocks and transactions.
 */
export async function counted(btcd: Btcd, { version }: Greeting): Promise<void> {
  const us = `127.0.0.1:${version.addrRecv.port}`;
  await ask("btcd to count us among its peers", async () => {
    const peers = await btcd.call<{ readonly addr: string }[]>("getpeerinfo");
    return peers.some(({ addr }) => addr === us) || undefined;
  });
}
