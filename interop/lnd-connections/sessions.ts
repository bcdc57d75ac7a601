/** Connections of ours with lnd, and what lnd says of them. */
import { type DialingPeerOptions, SimplePeer } from "@satwire/lnp2p";
import { type KnownMessage, type MessageBase, toHex } from "@satwire/lnwire";
import { type HostPort, parseHostPort } from "@satwire/net";
import { RawLightningConnection } from "@satwire/testkit";
import { type AskOptions, ask } from "../daemons/daemon.ts";
import type { Lnd } from "../daemons/lnd.ts";

/** A peer as `GET /v1/peers` has it, as far as it is used. */
export interface ListedPeer {
  readonly pub_key: string;
  readonly address: string;
  /** Whether the peer dialed. */
  readonly inbound: boolean;
  /** Microseconds that the last pong took; "-1" before the first. */
  readonly ping_time: string;
  /** `ignored` of the last ping that came, in hex. */
  readonly last_ping_payload: string;
  readonly features: LndFeatures;
}

/** Feature bits with lnd's names for them. */
export type LndFeatures = Readonly<
  Record<
    string,
    { readonly name: string; readonly is_required: boolean; readonly is_known: boolean }
  >
>;

/** Who and where a node is. */
export type Reachable = Pick<Lnd, "host" | "port" | "nodeId">;

/** A peer of ours that dials a node, not connected yet. */
export function peerOf<M extends MessageBase = KnownMessage>(
  node: Reachable,
  options: Partial<DialingPeerOptions<M>> = {},
): SimplePeer<M> {
  return new SimplePeer<M>({ target: targetOf(node), ...options });
}

/** Dials a node with a side of ours that has no rules. */
export function rawTo(node: Reachable): Promise<RawLightningConnection> {
  return RawLightningConnection.dial({ target: targetOf(node), timeoutMs: 30_000 });
}

function targetOf({ host, port, nodeId }: Reachable): {
  readonly publicKey: Uint8Array;
  readonly address: HostPort;
} {
  return { publicKey: nodeId, address: parseHostPort(`${host}:${port}`) };
}

/** lnd's entry for a key, if it has one. */
async function lookUp(lnd: Lnd, publicKey: Uint8Array): Promise<ListedPeer | undefined> {
  const { peers } = await lnd.rest<{ readonly peers: readonly ListedPeer[] }>("/v1/peers");
  return peers.find(({ pub_key }) => pub_key === toHex(publicKey));
}

/** Resolves when lnd lists a peer that passes. */
export function listed(
  lnd: Lnd,
  publicKey: Uint8Array,
  accept: (peer: ListedPeer) => boolean = () => true,
  options?: AskOptions,
): Promise<ListedPeer> {
  return ask(
    `lnd to list ${toHex(publicKey)}`,
    async () => {
      const peer = await lookUp(lnd, publicKey);
      return peer !== undefined && accept(peer) ? peer : undefined;
    },
    options,
  );
}

/** Resolves when lnd does not list a peer. */
export async function unlisted(lnd: Lnd, publicKey: Uint8Array): Promise<void> {
  await ask(`lnd to forget ${toHex(publicKey)}`, async () =>
    (await lookUp(lnd, publicKey)) === undefined ? true : undefined,
  );
}
