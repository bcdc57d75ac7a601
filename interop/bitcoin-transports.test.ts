// Frames of v1 there and back between our transport and bcoin's parser and framer. SATWIRE_SEED repeats a run.
import { EventEmitter } from "node:events";
import {
  type BitcoinMessage,
  bitcoinMessages,
  commandOf,
  type KnownMessage,
  networks,
  toHex,
  V1Transport,
} from "@satwire/btcwire";
import { arbitraryMessages } from "@satwire/btcwire/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bcoin } from "./bitcoin-codecs/bcoin.ts";
import { loadBcoin } from "./bitcoin-codecs/load-bcoin.ts";

interface Packet {
  readonly cmd: string;
  witness?: boolean;
  toRaw(): Buffer;
}
interface Parser extends EventEmitter<{ packet: [Packet]; error: [Error] }> {
  feed(chunk: Buffer): void;
}
interface Framer {
  packet(command: string, payload: Buffer, checksum?: Buffer): Buffer;
}
const Parser = loadBcoin("net/parser") as new (network: string) => Parser;
const Framer = loadBcoin("net/framer") as new (network: string) => Framer;

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = 300;
const framer = new Framer("main");
const headerLength = 24;
const counts = { ours: 0, theirs: 0, chunks: 0 };

beforeAll(() => console.log(`SATWIRE_SEED=${seed}`));
afterAll(() => console.log(JSON.stringify(counts)));

const arbitraries = arbitraryMessages({ trailing: false });

/** Messages that bcoin takes as they are. */
const anyMessages: fc.Arbitrary<readonly KnownMessage[]> = fc.array(
  fc
    .constantFrom(...bcoin.commands)
    .chain((command): fc.Arbitrary<KnownMessage> => arbitraries[command])
    .map((message) =>
      (["spoils", "refuses", "rewrites"] as const)
        .flatMap((effect) => bcoin.differences.filter((one) => one.effect === effect))
        .filter(({ commands }) => commands.includes(message.type))
        .reduce((plain, { without }) => without(plain), message),
    ),
  { minLength: 1, maxLength: 8 },
);
/** Lengths of pieces, for one stream: short ones are those of headers. */
const anyCuts: fc.Arbitrary<readonly number[]> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2000 })),
  { minLength: 1, maxLength: 30 },
);

function* cut(stream: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < stream.length; i++) {
    const end = at + (lengths[i % lengths.length] ?? 1);
    counts.chunks += 1;
    yield stream.slice(at, end);
    at = end;
  }
}

const ourTransport = (malformed: "fail" | "report" = "fail"): V1Transport<KnownMessage> =>
  new V1Transport({ network: networks.mainnet, messages: bitcoinMessages, malformed });

test("bcoin reads what we send, cut at any place", () => {
  fc.assert(
    fc.property(anyMessages, anyCuts, (messages, cuts) => {
      const transport = ourTransport();
      const stream = Buffer.concat(messages.map((message) => transport.encode(message)));
      const packets: Packet[] = [];
      const parser = new Parser("main");
      parser.on("packet", (packet) => packets.push(packet));
      for (const chunk of cut(stream, cuts)) parser.feed(Buffer.from(chunk)); // throws on "error"
      expect(packets.map(({ cmd }) => cmd)).toEqual(messages.map(({ type }) => type));
      for (const [i, packet] of packets.entries()) {
        if ("witness" in packet) packet.witness = true; // else it leaves witnesses out
        const payload = bitcoinMessages.encode(messages[i] as KnownMessage);
        expect(toHex(packet.toRaw())).toBe(toHex(payload));
      }
      counts.ours += messages.length;
    }),
    { seed, numRuns },
  );
});

test("we read what bcoin sends, cut at any place", () => {
  fc.assert(
    fc.property(anyMessages, anyCuts, (messages, cuts) => {
      const frames = messages.map((message) => {
        const { bytes } = bcoin.read(message.type, bitcoinMessages.encode(message));
        return framer.packet(message.type, Buffer.from(bytes));
      });
      const transport = ourTransport();
      const read: BitcoinMessage[] = [];
      for (const chunk of cut(Buffer.concat(frames), cuts)) {
        const { events, failure } = transport.push(chunk);
        if (failure !== undefined) throw failure;
        for (const event of events) if (event.type === "message") read.push(event.message);
      }
      expect(read).toStrictEqual(messages);
      expect(transport.end()).toBeUndefined();
      counts.theirs += messages.length;
    }),
    { seed, numRuns },
  );
});

test("both write the same frames", () => {
  fc.assert(
    fc.property(anyMessages, (messages) => {
      const transport = ourTransport();
      for (const message of messages) {
        const payload = Buffer.from(bitcoinMessages.encode(message));
        expect(toHex(transport.encode(message))).toBe(toHex(framer.packet(message.type, payload)));
      }
    }),
    { seed, numRuns: 100 },
  );
});

/** A frame of the parts that are given. */
function frame(
  command: string | Uint8Array,
  payload: Uint8Array,
  { magic = networks.mainnet.magic, length = payload.length, checksum = true } = {},
): Buffer {
  const bytes = framer.packet("", Buffer.from(payload));
  bytes.set(magic);
  bytes.set(typeof command === "string" ? Buffer.from(command, "latin1") : command, 4);
  bytes.writeUInt32LE(length, 16);
  if (!checksum) bytes[20] = (bytes[20] as number) ^ 1;
  return bytes;
}

const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const before = frame("ping", nonce);
const after = frame("pong", nonce);

/** What is sent between a `ping` and a `pong`, and what the two make of all three; the same unless said otherwise. */
interface Row {
  readonly what: string;
  readonly frame: Buffer;
  readonly ours: readonly string[];
  readonly bcoin: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: "an unknown command",
    frame: frame("strange", nonce),
    ours: ["ping", "strange", "pong"],
    bcoin: ["ping", "strange", "pong"],
  },
  {
    what: "4,000,000 bytes",
    frame: frame("strange", new Uint8Array(4_000_000)),
    ours: ["ping", "strange", "pong"],
    bcoin: ["ping", "strange", "pong"],
  },
  {
    what: "no payload",
    frame: frame("verack", new Uint8Array(0)),
    ours: ["ping", "verack", "pong"],
    bcoin: ["ping", "verack", "pong"],
  },
  {
    what: "a wrong checksum",
    frame: frame("verack", nonce, { checksum: false }),
    ours: ["ping", "ignored checksum", "pong"],
    bcoin: ["ping", "error Invalid checksum", "pong"],
  },
  {
    what: "a payload that ends too early",
    frame: frame("inv", Uint8Array.of(2, 1)),
    ours: ["ping", "malformed inv", "pong"],
    bcoin: ["ping", "error Out of bounds read", "pong"],
  },
  // It goes on behind the header of what it refuses: a payload would be read as the next header.
  {
    what: "another network's magic",
    frame: frame("verack", new Uint8Array(0), { magic: networks.testnet3.magic }),
    ours: ["ping", "failure wrong_network"],
    bcoin: ["ping", "error Invalid magic value", "pong"],
  },
  {
    what: "4,000,001 bytes announced",
    frame: frame("strange", new Uint8Array(0), { length: 4_000_001 }),
    ours: ["ping", "failure payload_too_long"],
    bcoin: ["ping", "error Packet length too large", "pong"],
  },
  {
    what: "bytes behind the end of a payload",
    frame: frame("ping", Uint8Array.of(...nonce, 9)),
    ours: ["ping", "malformed ping", "pong"],
    bcoin: ["ping", "ping", "pong"],
  },
  {
    what: "a command of twelve characters",
    frame: frame("abcdefghijkl", new Uint8Array(0)),
    ours: ["ping", "abcdefghijkl", "pong"],
    bcoin: ["ping", "error Non NULL-terminated command", "pong"],
  },
  {
    what: "an empty command",
    frame: frame("", nonce),
    ours: ["ping", "ignored command", "pong"],
    bcoin: ["ping", "", "pong"],
  },
  {
    what: "a command that goes on behind a zero",
    frame: frame("ping\0\0x", nonce),
    ours: ["ping", "ignored command", "pong"],
    bcoin: ["ping", "ping", "pong"],
  },
  {
    what: "a command that is not printable",
    frame: frame("pin\x07", nonce),
    ours: ["ping", "ignored command", "pong"],
    bcoin: ["ping", "pin\x07", "pong"],
  },
];

describe.each(rows)("$what", ({ frame: odd, ours, bcoin: theirs }) => {
  const stream = Buffer.concat([before, odd, after]);
  const lengths = stream.length > 10_000 ? [stream.length, 5000] : [stream.length, 1];

  test.each(lengths)("to us, in pieces of %d", (length) => {
    const seen: string[] = [];
    const transport = ourTransport("report");
    for (const chunk of cut(stream, [length])) {
      const wasOver = transport.failure !== undefined;
      const { events, failure } = transport.push(chunk);
      for (const event of events) {
        if (event.type === "message") seen.push(commandOf(event.message));
        else if (event.type === "ignored") seen.push(`ignored ${event.reason}`);
        else if (event.type === "malformed") seen.push(`malformed ${event.command}`);
      }
      if (failure !== undefined && !wasOver) seen.push(`failure ${failure.code}`);
    }
    expect(seen).toEqual(ours);
  });

  test.each(lengths)("to bcoin, in pieces of %d", (length) => {
    const seen: string[] = [];
    const parser = new Parser("main");
    parser.on("packet", ({ cmd }) => seen.push(cmd));
    parser.on("error", ({ message }) =>
      seen.push(`error ${message.replace(/[.:(].*/s, "").trim()}`),
    );
    for (const chunk of cut(stream, [length])) parser.feed(Buffer.from(chunk));
    expect(seen).toEqual(theirs);
  });
});

test("bcoin cannot send a command of twelve characters, which we read", () => {
  expect(() => framer.packet("abcdefghijkl", Buffer.alloc(0))).toThrow();
  const message = { type: "unknown", command: "abcdefghijkl", payload: nonce } as const;
  const transport = ourTransport();
  const { events } = transport.push(transport.encode(message));
  expect(events.at(-1)).toMatchObject({ type: "message", message });
  expect(transport.encode(message)).toHaveLength(headerLength + nonce.length);
});
