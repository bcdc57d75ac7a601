// Raw clients of a loopback node, and nodes of each other, in memory.
import { decodeMessage, type LightningMessage, type MessageBase } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import {
  type LoopbackLightningConnection,
  type LoopbackLightningNode,
  type RawLightningConnection,
  settle,
} from "@satwire/testkit";
import { plainInit, rawClient } from "./raw-client.ts";

/** A client of a node after both `init`s, with nothing else received. */
export async function clientOf<M extends MessageBase>(
  node: LoopbackLightningNode<M>,
): Promise<[RawLightningConnection, LoopbackLightningConnection<M>]> {
  const [theirs, ours] = memoryPair();
  const connection = node.attach(theirs);
  const client = rawClient(ours, node.publicKey);
  await client.established();
  client.send(plainInit);
  await connection.ready();
  await settle();
  client.takeFrames();
  return [client, connection];
}

/** What a client has got since it was last asked. */
export async function arrived(client: RawLightningConnection): Promise<LightningMessage[]> {
  await settle();
  return client.takeFrames().map(decodeMessage);
}

/** Connects two nodes; the first one begins. */
export async function link(
  one: LoopbackLightningNode,
  two: LoopbackLightningNode,
): Promise<[LoopbackLightningConnection, LoopbackLightningConnection]> {
  const [first, second] = memoryPair();
  const answering = two.attach(second);
  const dialing = one.attach(first, { remoteKey: two.publicKey });
  await Promise.all([dialing.ready(), answering.ready()]);
  return [dialing, answering];
}
