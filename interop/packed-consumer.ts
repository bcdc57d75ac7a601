// Compiled against the packed packages, without Node's types and without skipping library checks.
import { ActorSystem, type Message } from "@satwire/actor";
import { PeerError, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
import {
  type ChannelUpdate,
  lightningMessages,
  messageSet,
  ping,
  type Ping,
  replaceMessages,
  type UnknownMessage,
} from "@satwire/lnwire";
import { type Lsps0, lsps0Messages, taprootChannelMessages } from "@satwire/lnwire/opt-in";

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

const taproot = messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages));

export function nonceOf(frame: Uint8Array): Uint8Array | undefined {
  const message = taproot.decode(frame);
  return message.type === "open_channel" ? message.nextLocalNonce : undefined;
}

export const lsps: Lsps0 | UnknownMessage = messageSet(lsps0Messages).decode(new Uint8Array(2));

// @ts-expect-error -- an init is sent by the connection itself
export const wrong: Parameters<SimplePeer["sendMessage"]>[0] = { type: "init" };

interface Find extends Message<string | undefined> {
  readonly type: "find";
}

export async function find(): Promise<string> {
  await using system = new ActorSystem();
  const ref = system.spawn<Find>("empty", () => undefined);
  // @ts-expect-error -- an undefined is part of the reply, with and without exactOptionalPropertyTypes
  const found: string = await ref.ask({ type: "find" });
  return found;
}
