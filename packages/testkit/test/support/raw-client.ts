// Raw connections to a loopback node, and what their tests take from them.
import { decodeMessage, featureVector, type LightningMessage } from "@satwire/lnwire";
import type { ByteStream } from "@satwire/net";
import { RawLightningConnection } from "@satwire/testkit";

/** An `init` that every node accepts. */
export const plainInit: LightningMessage = {
  type: "init",
  globalfeatures: new Uint8Array(0),
  features: featureVector([1, 9, 13, 15, 45]),
};

export function rawClient(
  stream: ByteStream,
  remoteKey: Uint8Array,
  localKey?: Uint8Array,
): RawLightningConnection {
  return RawLightningConnection.initiate(stream, { remoteKey, localKey });
}

/** The next frames, once there are so many. */
export async function nextFrames(
  client: RawLightningConnection,
  count: number,
): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  while (frames.length < count) frames.push(await client.takeFrame());
  return frames;
}

/** The next message, whatever it is. */
export async function next(client: RawLightningConnection): Promise<LightningMessage> {
  return decodeMessage(await client.takeFrame());
}

/** Sends a ping that asks for this many bytes and takes what comes next. */
export async function pingOnce(
  client: RawLightningConnection,
  numPongBytes = 1,
): Promise<LightningMessage> {
  client.send({ type: "ping", numPongBytes, ignored: new Uint8Array(0) });
  return next(client);
}
