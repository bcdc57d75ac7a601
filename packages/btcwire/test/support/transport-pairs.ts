// Two ends of a connection for each way that two ends can talk, after their handshake.
import { toHex } from "@satwire/codec";
import { type BitcoinMessage, bitcoinMessages, type KnownMessage } from "../../src/bitcoin.ts";
import type {
  BitcoinTransport,
  TransportEvent,
  TransportOptions,
} from "../../src/transport/transport.ts";
import { V1Transport } from "../../src/transport/v1-transport.ts";
import { V2Transport, type V2TransportOptions } from "../../src/transport/v2-transport.ts";
import { keyPairs, seededCrypto } from "./seeded-crypto.ts";

/** The magic of the main network. */
export const magic: Uint8Array = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);

/** What both sides of every test are made with. */
export const options: TransportOptions<KnownMessage> = {
  network: { magic },
  messages: bitcoinMessages,
};

export const versionMessage: KnownMessage = {
  type: "version",
  version: 70016,
  services: 9n,
  timestamp: 1_700_000_000n,
  addrRecv: { services: 0n, ip: new Uint8Array(16), port: 0 },
};

/** Bytes that differ from each other. */
export function payloadOf(length: number, seed = 1): Uint8Array {
  const payload = new Uint8Array(length);
  for (let i = 0; i < length; i++) payload[i] = i * 31 + seed;
  return payload;
}

/** A message that no set knows, with a payload of the given length. */
export const unknown = (length: number, seed = 1): BitcoinMessage => ({
  type: "unknown",
  command: "big",
  payload: payloadOf(length, seed),
});

/** Short and long ones, with and without a short id, with and without a payload. */
export const someMessages: readonly BitcoinMessage[] = [
  { type: "verack" },
  { type: "ping", nonce: 7n },
  unknown(0),
  unknown(300),
  { type: "mempool" },
  { type: "pong", nonce: 2n ** 64n - 1n },
];

export type V2Options = Partial<V2TransportOptions<KnownMessage>>;

export const v2Initiator = (more: V2Options = {}): V2Transport<KnownMessage> =>
  V2Transport.initiator({
    ...options,
    keyPair: keyPairs[0],
    garbage: Uint8Array.of(1, 2, 3),
    crypto: seededCrypto(3),
    ...more,
  });

export const v2Responder = (more: V2Options = {}): V2Transport<KnownMessage> =>
  V2Transport.responder({
    ...options,
    keyPair: keyPairs[1],
    garbage: Uint8Array.of(4, 5, 6, 7, 8),
    crypto: seededCrypto(4),
    ...more,
  });

/** A sender and a receiver between which messages flow. */
type Pair = readonly [
  sender: BitcoinTransport<KnownMessage>,
  receiver: BitcoinTransport<KnownMessage>,
];

/** Lets two v2 sides finish their handshake. */
export function shakeHands(
  initiator: BitcoinTransport<KnownMessage>,
  responder: BitcoinTransport<KnownMessage>,
): void {
  const answer = responder.push(initiator.open() ?? new Uint8Array(0)).reply;
  const last = initiator.push(answer ?? new Uint8Array(0)).reply;
  responder.push(last ?? new Uint8Array(0));
}

export interface PairKind {
  readonly name: string;
  readonly protocol: "v1" | "v2";
  readonly connect: (receiverOptions?: Pick<TransportOptions<KnownMessage>, "malformed">) => Pair;
}

/** Every way. */
export const pairKinds: readonly PairKind[] = [
  {
    name: "v1",
    protocol: "v1",
    connect(more) {
      const pair = [new V1Transport(options), new V1Transport({ ...options, ...more })] as const;
      pair[1].push(pair[0].encode(versionMessage));
      return pair;
    },
  },
  {
    name: "v2, from the side that dialled",
    protocol: "v2",
    connect(more) {
      const pair = [v2Initiator(), v2Responder(more)] as const;
      shakeHands(...pair);
      return pair;
    },
  },
  {
    name: "v2, to the side that dialled",
    protocol: "v2",
    connect(more) {
      const [initiator, responder] = [v2Initiator(more), v2Responder()];
      shakeHands(initiator, responder);
      return [responder, initiator];
    },
  },
  {
    name: "v1 to a side that knows v2",
    protocol: "v1",
    connect(more) {
      const pair = [new V1Transport(options), v2Responder(more)] as const;
      pair[1].push(pair[0].encode(versionMessage));
      return pair;
    },
  },
];

/** The messages among events; anything else as text, so that it cannot be overlooked. */
export function messagesOf(events: readonly TransportEvent<KnownMessage>[]): unknown[] {
  return events.map((event) =>
    event.type === "message"
      ? event.message
      : `${event.type} ${"payload" in event ? toHex(event.payload) : ""}`,
  );
}
