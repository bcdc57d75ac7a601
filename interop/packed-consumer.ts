// Compiled against the packed packages, without Node's types and without skipping library checks.
import { ActorSystem, type Message } from "@satwire/actor";
import {
  bitcoinMessages,
  type BitcoinTransport,
  type BlockHeader,
  checkProofOfWork,
  type KnownMessage,
  messageSet as bitcoinMessageSet,
  networks,
  ping as bitcoinPing,
  type Ping as BitcoinPing,
  pong as bitcoinPong,
  type Pong as BitcoinPong,
  type UnknownMessage as UnknownBitcoinMessage,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";
import {
  type ReconciliationMessage,
  reconciliationMessages,
  sendtxrcncl,
} from "@satwire/btcwire/opt-in";
import { type P2PConnection, PeerError, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
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
import { connectedMock, createHarness, type PeerConnection, simulate } from "@satwire/testkit";
import { describePeerConnection, type SuiteRunner } from "@satwire/testkit/compliance";

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

const pings = bitcoinMessageSet([bitcoinPing, bitcoinPong]);
export const either: BitcoinPing | BitcoinPong | UnknownBitcoinMessage = pings.decode(
  "ping",
  new Uint8Array(8),
);

export function nonceOfPing(payload: Uint8Array): bigint | undefined {
  const message = pings.decode("ping", payload);
  // @ts-expect-error -- an unknown message has none
  const wrongly: unknown = message.nonce;
  return message.type === "ping" ? message.nonce : (wrongly as undefined);
}

// @ts-expect-error -- no message of this set
pings.encode({ type: "verack" });

const drafts = bitcoinMessageSet([...bitcoinMessages.codecs, sendtxrcncl]);
export const draft: Uint8Array = drafts.encode({ type: "sendtxrcncl", version: 1, salt: 2n });
export const reconciliation: ReconciliationMessage | UnknownBitcoinMessage = bitcoinMessageSet(
  reconciliationMessages,
).decode("sketch", new Uint8Array(1));

const options = { network: networks.regtest, messages: bitcoinMessages };
export const transports: readonly BitcoinTransport<KnownMessage>[] = [
  new V1Transport({ ...options, malformed: "report" }),
  V2Transport.initiator({ ...options, garbage: new Uint8Array(3), crypto: undefined }),
  V2Transport.responder(options),
];
export const custom: V2Transport<BitcoinPing | BitcoinPong> = V2Transport.initiator({
  network: { magic: new Uint8Array(4) },
  messages: pings,
});

export function work(headers: readonly BlockHeader[]): boolean {
  return headers.every((header) => checkProofOfWork(header, networks.mainnet));
}

const mock = connectedMock();
export const stands: readonly [P2PConnection, PeerConnection] = [
  mock,
  new SimplePeer(fromText("")),
];
function fromText(text: string): { readonly target: ReturnType<typeof parseNodeAddress> } {
  return { target: parseNodeAddress(text) };
}
export const suite: (runner: SuiteRunner) => void = (runner) =>
  describePeerConnection(
    { name: "mock", create: () => Promise.reject(new Error("not made")) },
    runner,
  );
export const tested: Promise<unknown> = simulate("time", async ({ clock }) => {
  await clock.advance(createHarness({ seed: 1 }).rng.int(1, 2));
});
