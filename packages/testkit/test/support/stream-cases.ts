// Readers of streams with a stream for each, for the suite of readers.
import {
  type BitcoinMessage,
  type BitcoinTransport,
  type KnownMessage,
  V1Transport,
} from "@satwire/btcwire";
import { initiate, type NoiseChannel, respond } from "@satwire/noise";
import type { StreamFrame, StreamReader, StreamReaderCase } from "../../src/compliance/index.ts";
import {
  bitcoinOptions,
  noiseCrypto,
  noiseSides,
  v2Initiator,
  v2Responder,
} from "./fixed-sessions.ts";

const noBytes = new Uint8Array(0);

/** Messages of a Lightning peer, as bytes. */
const messages = [Uint8Array.of(1, 2, 3), noBytes, new Uint8Array(150).fill(7)];

/** Messages of a Bitcoin peer. */
const bitcoin: readonly BitcoinMessage[] = [
  { type: "verack" },
  { type: "ping", nonce: 9n },
  { type: "unknown", command: "big", payload: new Uint8Array(150).fill(7) },
];

/** A copy with another first byte. */
const spoilt = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === 0 ? byte ^ 0x55 : byte));

function channelReader(channel: NoiseChannel): StreamReader {
  return {
    push(chunk) {
      const { messages: items, failure } = channel.push(chunk);
      // Later calls tell of the first failure as their cause.
      const first = failure?.cause instanceof Error ? failure.cause : failure;
      return { items, failure: first };
    },
    end: () => channel.end(),
  };
}

/** What one side of a BOLT 8 connection reads, acts included. */
export function channelCase(role: "initiator" | "responder"): () => StreamReaderCase {
  const session = (): { handshake: StreamFrame[]; sender: NoiseChannel } => {
    const [initiator, responder] = noiseSides();
    const act1 = initiator.open() ?? noBytes;
    const act2 = responder.push(act1).reply ?? noBytes;
    const act3 = initiator.push(act2).reply ?? noBytes;
    responder.push(act3);
    return role === "initiator"
      ? { handshake: [{ bytes: act2, items: [] }], sender: responder }
      : {
          handshake: [
            { bytes: act1, items: [], isIncomplete: true },
            { bytes: act3, items: [] },
          ],
          sender: initiator,
        };
  };
  const { handshake, sender } = session();
  const frames = [
    ...handshake,
    ...messages.map((message) => ({ bytes: sender.encode([message]), items: [message] })),
  ];
  const next = (message: Uint8Array): Uint8Array => {
    const other = session().sender;
    other.encode(messages);
    return other.encode([message]);
  };
  const refused = spoilt(next(noBytes));
  const announced = next(new Uint8Array(65_535)).slice(0, 30);
  return () => {
    const [initiator, responder] = noiseSides();
    const channel = role === "initiator" ? initiator : responder;
    return { reader: channelReader(channel), frames, mustBegin: true, refused, announced };
  };
}

/** What one side of a BOLT 8 connection reads after the handshake. */
export function noiseTransportCase(): () => StreamReaderCase {
  const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
  const crypto = noiseCrypto;
  const remoteKey = crypto.publicKey(key(2));
  const session = () => {
    const ours = initiate({ localKey: key(1), ephemeralKey: key(3), remoteKey, crypto });
    const theirs = respond({ localKey: key(2), ephemeralKey: key(4), crypto }).readAct1(ours.act1);
    const { act3, transport: sender } = ours.readAct2(theirs.act2);
    return { sender, receiver: theirs.readAct3(act3).transport };
  };
  const { sender } = session();
  const frames = messages.map((message) => ({ bytes: sender.encrypt(message), items: [message] }));
  const next = (message: Uint8Array): Uint8Array => {
    const other = session().sender;
    for (const each of messages) other.encrypt(each);
    return other.encrypt(message);
  };
  const refused = spoilt(next(noBytes));
  const announced = next(new Uint8Array(65_535)).slice(0, 30);
  return () => {
    const { receiver } = session();
    const reader: StreamReader = {
      push(chunk) {
        let items: Uint8Array[] = [];
        try {
          items = receiver.push(chunk);
        } catch {} // is in `failure`, too
        return { items, failure: receiver.failure };
      },
      end: () => receiver.end(),
      get bytesBuffered() {
        return receiver.bytesBuffered;
      },
    };
    return { reader, frames, refused, announced };
  };
}

type Transport = BitcoinTransport<KnownMessage>;

function transportReader(transport: Transport): StreamReader {
  return {
    push(chunk) {
      const { events, failure } = transport.push(chunk);
      return { items: events, failure };
    },
    end: () => transport.end(),
    get bytesBuffered() {
      return transport.bytesBuffered;
    },
  };
}

const readyV1 = { type: "ready", protocol: "v1" } as const;

/** What a side reads that talks v1, or finds out that its peer does. */
export function v1Case(createReader: () => Transport): () => StreamReaderCase {
  const sender = new V1Transport(bitcoinOptions);
  const frames = bitcoin.map((message, index): StreamFrame => {
    const bytes = sender.encode(message);
    const event = { type: "message", message, wireLength: bytes.length };
    return { bytes, items: index === 0 ? [readyV1, event] : [event] };
  });
  const refused = spoilt(sender.encode({ type: "verack" }));
  const announced = sender
    .encode({ type: "unknown", command: "big", payload: new Uint8Array(4_000_000) })
    .slice(0, 40);
  return () => ({ reader: transportReader(createReader()), frames, refused, announced });
}

/** The same with a peer that begins as one of v1 must. */
export function v1PeerCase(): () => StreamReaderCase {
  const sender = new V1Transport(bitcoinOptions);
  const version: KnownMessage = {
    type: "version",
    version: 70_016,
    services: 9n,
    timestamp: 1_700_000_000n,
    addrRecv: { services: 0n, ip: new Uint8Array(16), port: 0 },
  };
  const bytes = sender.encode(version);
  const event = { type: "message", message: version, wireLength: bytes.length };
  const create = v1Case(() => v2Responder());
  return () => {
    const it = create();
    const [, ...rest] = it.frames;
    return { ...it, frames: [{ bytes, items: [readyV1, event] }, ...rest] };
  };
}

/** What one side of a BIP 324 connection reads, handshake included. */
export function v2Case(role: "initiator" | "responder"): () => StreamReaderCase {
  const session = (): { handshake: Uint8Array[]; sender: Transport; sessionId: unknown } => {
    const [initiator, responder] = [v2Initiator(), v2Responder()];
    const opening = initiator.open() ?? noBytes;
    const answer = responder.push(opening).reply ?? noBytes;
    const last = initiator.push(answer).reply ?? noBytes;
    responder.push(last);
    return role === "initiator"
      ? { handshake: [answer], sender: responder, sessionId: responder.sessionId }
      : { handshake: [opening, last], sender: initiator, sessionId: initiator.sessionId };
  };
  const { handshake, sender, sessionId } = session();
  const ready = { type: "ready", protocol: "v2", sessionId };
  const frames = [
    ...handshake.map((bytes, index): StreamFrame => {
      const isLast = index === handshake.length - 1;
      return isLast ? { bytes, items: [ready] } : { bytes, items: [], isIncomplete: true };
    }),
    ...bitcoin.map((message): StreamFrame => {
      const bytes = sender.encode(message);
      return { bytes, items: [{ type: "message", message, wireLength: bytes.length }] };
    }),
  ];
  const next = (length: number): Uint8Array => {
    const other = session().sender;
    for (const message of bitcoin) other.encode(message);
    return other.encode({ type: "unknown", command: "big", payload: new Uint8Array(length) });
  };
  // The length is not authenticated before the packet is there.
  const packet = next(3);
  const refused = packet.map((byte, at) => (at === packet.length - 1 ? byte ^ 1 : byte));
  const announced = next(4_000_000).slice(0, 40);
  return () => {
    const transport = role === "initiator" ? v2Initiator() : v2Responder();
    const mustBegin = role === "initiator";
    return { reader: transportReader(transport), frames, mustBegin, refused, announced };
  };
}
