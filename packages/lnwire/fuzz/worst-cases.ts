// Frames of 65535 bytes that hold as many things as fit, or are wrong in as many places: what reading costs
// most time and memory for.
import fc from "fast-check";
import { maxMessageLength } from "../src/index.ts";
import { fuzzedSets } from "./message-sets.ts";

type Part = number | ArrayLike<number>;
type Named = readonly [name: string, frame: Uint8Array];

/** All of them, each with what is special about it. */
export function worstCases(): readonly Named[] {
  return [...accepted(), ...refused(), ...ofEveryMessage(), ...ofOddLengths()];
}

const bytesOf = (...parts: readonly Part[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Uint8Array.from(typeof part === "number" ? [part] : part)));
const u16 = (value: number): readonly number[] => [value >> 8, value & 0xff];
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const ones = (length: number): Uint8Array => zeros(length).fill(0xff);
const size = (value: number): readonly number[] =>
  value < 0xfd ? [value] : value < 0x10000 ? [0xfd, ...u16(value)] : [0xfe, 0, 1, ...u16(value)];
const tlv = (type: number, value: Uint8Array): Uint8Array =>
  bytesOf(size(type), size(value.length), value);
const bytes16 = (value: Uint8Array): Uint8Array => bytesOf(u16(value.length), value);
const point = bytesOf(2, zeros(32));
/** `count` items behind each other. */
const list = (count: number, item: (i: number) => ArrayLike<number>): Uint8Array =>
  bytesOf(...Array.from({ length: count }, (_, i) => item(i)));
const scid = (i: number): Uint8Array => bytesOf(zeros(5), i >> 16, u16(i & 0xffff));
const frame = (id: number, ...parts: readonly Part[]): Uint8Array => bytesOf(u16(id), ...parts);

/** Unknown odd records of exactly `length` bytes together, which cannot be 1. */
function padding(length: number): Uint8Array {
  if (length === 0) return zeros(0);
  if (length < 255) return tlv(251, zeros(length - 2));
  if (length < 257) return bytesOf(tlv(249, zeros(0)), padding(length - 2));
  return tlv(251, zeros(length - 4));
}

/** The frame with the most items that fit, padded to the full length. */
function full(make: (count: number) => Uint8Array): Uint8Array {
  const start = make(0).length;
  let count = Math.ceil((maxMessageLength - start) / (make(1).length - start));
  for (; count >= 0; count--) {
    const made = make(count);
    const left = maxMessageLength - made.length;
    if (left >= 0 && left !== 1) return bytesOf(made, padding(left));
  }
  throw new Error("nothing fits");
}

/** Empty records of ascending types, each two above the one before. */
function records(first: number, count: number): Uint8Array {
  return list(count, (i) => bytesOf(size(first + 2 * i), 0));
}

const emptyInit = frame(16, zeros(4));
/** Empty records as many as fit behind `start`, of two and of four bytes, and a last one for the rest. */
const manyRecords = (start: Uint8Array, first: number): Uint8Array => {
  const short = Math.ceil((0xfd - first) / 2);
  const left = maxMessageLength - start.length - 2 * short;
  const count = Math.floor((left - 4) / 4);
  const last = tlv(0xffff, zeros(left - 4 * count - 4));
  return bytesOf(start, records(first, short + count), last);
};
/** The records again and again, and one of three bytes if there is room for a single byte. */
const repeated = (record: (i: number) => readonly [type: number, length: 0]): Uint8Array =>
  bytesOf(emptyInit, list(32_763, record), record(0)[0], 1, 0);

function accepted(): readonly Named[] {
  const id32 = zeros(32);
  const signed = bytesOf(zeros(64));
  const node = (features: Uint8Array, addresses: Uint8Array): Uint8Array =>
    frame(257, signed, bytes16(features), zeros(4), point, zeros(35), bytes16(addresses));
  const addresses = (item: Uint8Array): Uint8Array =>
    full((n) =>
      node(
        zeros(0),
        list(n, () => item),
      ),
    );
  const query = (ids: Uint8Array, flags: Uint8Array): Uint8Array =>
    frame(261, id32, bytes16(bytesOf(0, ids)), flags);
  const reply = (...rest: readonly Part[]): Uint8Array => frame(264, id32, zeros(8), 1, ...rest);
  const open = (rest: Uint8Array): Uint8Array =>
    frame(
      32,
      zeros(64),
      zeros(48),
      zeros(8),
      list(6, () => point),
      0,
      rest,
    );
  const hop = bytesOf(point, zeros(2));
  return [
    ["init: unknown records", manyRecords(emptyInit, 5)],
    ["init: globalfeatures", full((n) => frame(16, bytes16(ones(n)), zeros(2)))],
    ["init: features", full((n) => frame(16, zeros(2), bytes16(ones(n))))],
    ["init: networks", full((n) => bytesOf(emptyInit, tlv(1, zeros(32 * n))))],
    ["init: opaque address", full((n) => bytesOf(emptyInit, tlv(3, ones(n + 1))))],
    ["init: bad hostname", full((n) => bytesOf(emptyInit, tlv(3, bytesOf(5, 255, ones(257 + n)))))],
    ["error: text", full((n) => frame(17, id32, bytes16(zeros(n).fill(0x5c))))],
    ["warning: no text", full((n) => frame(1, id32, bytes16(zeros(n).fill(0x1b))))],
    ["ping", full((n) => frame(18, 0, 0, bytes16(ones(n))))],
    ["peer_storage", full((n) => frame(7, bytes16(ones(n))))],
    ["open_channel: script", full((n) => open(tlv(0, ones(n))))],
    ["open_channel: type", full((n) => open(tlv(1, ones(n))))],
    ["tx_add_input: prevtx", full((n) => frame(66, zeros(40), bytes16(ones(n)), zeros(8)))],
    ["tx_signatures: empty witnesses", full((n) => frame(71, zeros(64), u16(n), zeros(2 * n)))],
    [
      "tx_signatures: witnesses of a byte",
      full((n) =>
        frame(
          71,
          zeros(64),
          u16(n),
          list(n, () => [0, 1, 7]),
        ),
      ),
    ],
    ["tx_signatures: one witness", full((n) => frame(71, zeros(64), u16(1), bytes16(ones(n))))],
    ["commitment_signed", full((n) => frame(132, zeros(96), u16(n), ones(64 * n)))],
    ["update_fail_htlc", full((n) => frame(131, zeros(40), bytes16(ones(n))))],
    ["node_announcement: features", full((n) => node(ones(n), zeros(0)))],
    ["node_announcement: ipv4", addresses(bytesOf(1, zeros(6)))],
    ["node_announcement: ipv6", addresses(bytesOf(2, zeros(18)))],
    ["node_announcement: torv3", addresses(bytesOf(4, ones(37)))],
    ["node_announcement: short names", addresses(bytesOf(5, 1, 0x61, 0, 0))],
    ["node_announcement: long names", addresses(bytesOf(5, 255, zeros(255).fill(0x61), 0, 0))],
    ["node_announcement: opaque", full((n) => node(zeros(0), ones(n + 1)))],
    ["query_short_channel_ids", full((n) => query(list(n, scid), zeros(0)))],
    ["query_short_channel_ids: flags", full((n) => query(zeros(0), tlv(1, zeros(n + 1))))],
    [
      "query_short_channel_ids: long flags",
      full((n) => query(zeros(0), tlv(1, bytesOf(0, ones(9 * n))))),
    ],
    ["reply_channel_range: ids", full((n) => reply(bytes16(bytesOf(0, list(n, scid)))))],
    ["reply_channel_range: times", full((n) => reply(u16(1), 0, tlv(1, bytesOf(0, ones(8 * n)))))],
    ["reply_channel_range: checksums", full((n) => reply(u16(1), 0, tlv(3, ones(8 * n))))],
    [
      "reply_channel_range: all",
      full((n) =>
        reply(
          bytes16(bytesOf(0, list(n, scid))),
          tlv(1, bytesOf(0, ones(8 * n))),
          tlv(3, ones(8 * n)),
        ),
      ),
    ],
    ["onion_message", full((n) => frame(513, point, bytes16(ones(66 + n))))],
    ["unknown message", frame(32769, ones(maxMessageLength - 2))],
    // Drafts.
    [
      "channel_reestablish: nonces",
      full((n) => frame(136, zeros(80), point, tlv(22, ones(98 * n)))),
    ],
    ["node_announcement_2: ipv4", full((n) => frame(269, tlv(5, zeros(6 * n))))],
    ["node_announcement_2: names", full((n) => frame(269, tlv(11, zeros(4 * n))))],
    ["dyn_propose: type", full((n) => frame(111, id32, tlv(12, ones(n))))],
    ["lsps0", frame(37913, ones(maxMessageLength - 2))],
    // Inside of onions.
    [
      "blinded_path: hops",
      full((n) =>
        frame(
          65500,
          point,
          point,
          Math.min(n, 255),
          list(Math.min(n, 255), () => hop),
        ),
      ),
    ],
    ["onionmsg_tlv: unknown records", manyRecords(frame(65502), 5)],
    ["encrypted_data_tlv: features", frame(65504, tlv(14, ones(maxMessageLength - 6)))],
  ];
}

/** Wrong in every record or at the very end. */
function refused(): readonly Named[] {
  const id32 = zeros(32);
  const ids = (n: number): Uint8Array => bytesOf(list(n, scid), scid(0));
  const flags = maxMessageLength - 43;
  return [
    ["init: even records", manyRecords(emptyInit, 6)],
    ["init: one record over and over", repeated(() => [201, 0])],
    ["init: one even record over and over", repeated(() => [200, 0])],
    ["init: descending records", repeated((i) => [252 - (i % 250), 0])],
    ["init: bad networks", bytesOf(emptyInit, list(32_764, () => [1, 1, 0]).subarray(0, 65_529))],
    ["ids: the last is too low", full((n) => frame(261, id32, bytes16(bytesOf(0, ids(n)))))],
    [
      "flags: the last is cut",
      frame(261, id32, 0, 1, 0, 1, 0xfd, u16(flags + 2), 0, zeros(flags), 0xfd),
    ],
    ["witnesses: the last is cut", frame(71, zeros(64), ones(2), zeros(maxMessageLength - 68))],
    ["signatures: the last is cut", frame(132, zeros(96), u16(1023), ones(65_435))],
    ["a count of 65535", frame(71, zeros(64), ones(2), ones(maxMessageLength - 68))],
  ];
}

/** For each message: one long record, a record of 2^64 - 1 bytes, and the same byte again and again. */
function ofEveryMessage(): readonly Named[] {
  return fuzzedSets.flatMap(({ set, arbitraries }) =>
    set.codecs.flatMap((codec): readonly Named[] => {
      const { id, name } = codec;
      const arbitrary = arbitraries[name];
      if (arbitrary === undefined) throw new Error(`no arbitrary for ${name}`);
      const [message] = fc.sample(arbitrary, { seed: 1, numRuns: 1 });
      const { unknown: _, ...known } = message ?? { type: name };
      const start = set.encode(known as Parameters<typeof set.encode>[0]);
      const left = maxMessageLength - start.length;
      const bytes = [0, 1, 2, 0xff].map((byte): Named => {
        return [`${name}: ${byte} again and again`, frame(id, zeros(65_533).fill(byte))];
      });
      return [
        [`${name}: one long record`, bytesOf(start, padding(left))],
        [`${name}: 2^64 - 1 bytes`, bytesOf(start, 251, ones(9), zeros(left - 10))],
        ...bytes,
      ];
    }),
  );
}

function ofOddLengths(): readonly Named[] {
  return [
    ["no byte", zeros(0)],
    ["one byte", zeros(1)],
    ["two bytes", frame(18)],
    [
      "65536 bytes",
      bytesOf(
        full((n) => frame(18, 0, 0, bytes16(ones(n)))),
        0,
      ),
    ],
  ];
}
