// Compiled against the packed packages, without Node's types and without skipping library checks.
import { PeerError, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
import {
  type ChannelUpdate,
  messageSet,
  ping,
  type Ping,
  type UnknownMessage,
} from "@satwire/lnwire";

export async function updates(text: string): Promise<ChannelUpdate[]> {
  const peer = new SimplePeer({ target: parseNodeAddress(text) });
  const list: ChannelUpdate[] = [];
  try {
    await peer.connect();
    for await (const message of peer.receiveMessages()) {
      if (message.type === "channel_update") list.push(message);
    }
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
  }
  return list;
}

export const decoded: Ping | UnknownMessage = messageSet([ping]).decode(new Uint8Array(2));

// @ts-expect-error -- an init is sent by the connection itself
export const wrong: Parameters<SimplePeer["sendMessage"]>[0] = { type: "init" };
