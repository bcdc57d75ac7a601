// What the parts of the suite of Bitcoin transports share: pairs, their handshake, and messages to send.
import {
  type BitcoinMessage,
  type BitcoinTransport,
  concatBytes,
  type KnownMessage,
  type TransportEvent,
  type TransportResult,
} from "@satwire/btcwire";
import { assert, assertEqual } from "../assert.ts";

/** Two transports of one connection. */
export interface BitcoinTransportPair {
  /** The side that dialed and the side that was called; nothing has been pushed. */
  readonly transports: readonly [BitcoinTransport<KnownMessage>, BitcoinTransport<KnownMessage>];
  /** What they agree on. */
  readonly protocol: "v1" | "v2";
}

/** What the suite asks of the transports that are made for a test. */
export interface BitcoinTransportPairOptions {
  /** To be given to both. */
  readonly malformed: "fail" | "report";
}

/** What the parts of the suite share. */
export interface BitcoinTransportTests {
  /** Declares a test. */
  readonly test: (name: string, body: () => Promise<void>) => void;
  /** Two transports that have not met. */
  readonly fresh: (options?: BitcoinTransportPairOptions) => BitcoinTransportPair;
  /** Two transports behind their handshake, and behind a `version` of the one that dialed. */
  readonly met: (options?: BitcoinTransportPairOptions) => readonly [Way, Way];
  /** The same with a pair of its own for each direction, for tests that end one. */
  readonly metApart: (options?: BitcoinTransportPairOptions) => readonly [Way, Way];
}

/** One direction of a pair that has met. */
export interface Way {
  readonly name: string;
  readonly sender: BitcoinTransport<KnownMessage>;
  readonly receiver: BitcoinTransport<KnownMessage>;
}

/** The first message of a connection. */
export const version: KnownMessage = {
  type: "version",
  version: 70_016,
  services: 9n,
  timestamp: 1_700_000_000n,
  addrRecv: { services: 0n, ip: new Uint8Array(16), port: 0 },
};

/** A message that no set knows, with bytes that differ from each other. */
export function unknown(length: number, command = "big"): BitcoinMessage {
  const payload = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) payload[i] = i * 31 + 1;
  return { type: "unknown", command, payload };
}

/** Short and long ones, with and without a short id (BIP 324), with and without a payload. */
export const someMessages: readonly BitcoinMessage[] = [
  { type: "verack" },
  { type: "ping", nonce: 7n },
  unknown(0),
  unknown(300),
  { type: "mempool" },
  { type: "pong", nonce: 2n ** 64n - 1n },
];

/** What went on while two transports met. */
export interface Meeting {
  /** What each of them was sent, in one piece. */
  readonly received: readonly [Uint8Array, Uint8Array];
  /** What each of them made of it. */
  readonly events: readonly [
    readonly TransportEvent<KnownMessage>[],
    readonly TransportEvent<KnownMessage>[],
  ];
}

/** Carries bytes between two fresh transports, in chunks of this size, until none is left; both say hello. */
export function meet({ transports }: BitcoinTransportPair, chunkBytes: number = Infinity): Meeting {
  const received: [Uint8Array[], Uint8Array[]] = [[], []];
  const events: [TransportEvent<KnownMessage>[], TransportEvent<KnownMessage>[]] = [[], []];
  const hasSent = [false, false];
  const underWay: [Uint8Array[], Uint8Array[]] = [[], []];
  const carry = (to: 0 | 1, bytes: Uint8Array | undefined): void => {
    if (bytes !== undefined) underWay[to].push(bytes);
  };
  carry(1, transports[0].open());
  carry(0, transports[1].open());
  for (;;) {
    for (const side of [0, 1] as const) {
      // The side that was called speaks when it knows how.
      const isReady = transports[side].established && (side === 0 || received[1].length > 0);
      if (isReady && !hasSent[side]) carry(side === 0 ? 1 : 0, transports[side].encode(version));
      hasSent[side] ||= isReady;
    }
    const to = underWay[1].length > 0 ? 1 : 0;
    const bytes = underWay[to].shift();
    if (bytes === undefined) break;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.slice(at, Math.min(at + chunkBytes, bytes.length));
      received[to].push(chunk);
      const { events: seen, reply, failure } = transports[to].push(chunk);
      assertEqual(failure?.message, undefined, "the failure while the two met");
      events[to].push(...seen);
      carry(to === 0 ? 1 : 0, reply);
    }
  }
  assert(hasSent[0] === true && hasSent[1] === true, "not both sides could send");
  return { received: [concatBytes(...received[0]), concatBytes(...received[1])], events };
}

/** Messages as one stream. */
export function encoded(
  sender: BitcoinTransport<KnownMessage>,
  messages: readonly BitcoinMessage[],
): Uint8Array {
  return concatBytes(...messages.map((message) => sender.encode(message)));
}

/** Pushes a stream in pieces of this size, until one fails. */
export function pushAll(
  receiver: BitcoinTransport<KnownMessage>,
  stream: Uint8Array,
  chunkBytes: number,
): TransportResult<KnownMessage> {
  const events: TransportEvent<KnownMessage>[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    const result = receiver.push(stream.slice(at, at + chunkBytes));
    events.push(...result.events);
    if (result.failure !== undefined) return { events, failure: result.failure };
  }
  return { events };
}

/** The messages among events; anything else by its type, so that it cannot be overlooked. */
export function messagesOf(events: readonly TransportEvent<KnownMessage>[]): unknown[] {
  return events.map((event) => (event.type === "message" ? event.message : event.type));
}
