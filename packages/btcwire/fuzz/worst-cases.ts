// Messages that hold as many things as fit, or are wrong at their very end: what reading costs most time and
// memory for.
import { maxPayloadLength } from "../src/index.ts";
import { everyMessage, joined } from "./inputs.ts";

type Named = readonly [name: string, input: Uint8Array];
type Part = number | Uint8Array | readonly number[];

/** All of them, each with what is special about it. */
export function worstCases(): readonly Named[] {
  return [...lists(), ...transactions(), ...blocks(), ...refused(), ...ofEveryMessage(), ...odd()];
}

/**
 * Bytes of the messages whose items are so small that each costs a hundred times its bytes: witnesses of one byte
 * are 53 times as large in memory, 210 MiB for 4,000,000 bytes, which takes two seconds.
 */
const smallItemsLength = 400_000;

const bytesOf = (...parts: readonly Part[]): Uint8Array => {
  const all = parts.map((part) => (typeof part === "number" ? [part] : part));
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const ones = (length: number): Uint8Array => zeros(length).fill(0xff);
const u16 = (value: number): readonly number[] => [value & 0xff, value >> 8];
const u32 = (value: number): readonly number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const size = (value: number): readonly number[] =>
  value < 0xfd ? [value] : value < 0x1_0000 ? [0xfd, ...u16(value)] : [0xfe, ...u32(value)];
/** `count` times the same bytes. */
const times = (count: number, item: Part): Uint8Array => {
  const one = bytesOf(item);
  const bytes = new Uint8Array(count * one.length);
  if (count > 0) bytes.set(one);
  // Doubles what is there.
  for (let filled = one.length; filled < bytes.length; filled *= 2) {
    bytes.copyWithin(filled, 0, Math.min(filled, bytes.length - filled));
  }
  return bytes;
};
/** A list of the same item. */
const list = (count: number, item: Part): Uint8Array => bytesOf(size(count), times(count, item));
/** A list of as many as fit `length` bytes, its count of 5 bytes included. */
const fullList = (length: number, item: Part): Uint8Array => {
  const count = Math.floor((length - 5) / bytesOf(item).length);
  return list(count, item);
};

const header = zeros(80);
const hash = zeros(32);
const input = bytesOf(zeros(36), 0, ones(4));
const addressV2 = (network: number, length: number): Uint8Array =>
  bytesOf(zeros(4), 0, network, size(length), zeros(length), 0, 0);

function lists(): readonly Named[] {
  const v6 = bytesOf(zeros(4), zeros(8), zeros(16), 0, 0);
  return [
    ["addr: 1,000", joined("addr", list(1000, v6))],
    ["addrv2: 1,000 of IPv4", joined("addrv2", list(1000, addressV2(1, 4)))],
    ["addrv2: 1,000 of no bytes", joined("addrv2", list(1000, addressV2(99, 0)))],
    ["addrv2: 1,000 of 512 bytes", joined("addrv2", list(1000, addressV2(99, 512)))],
    ["inv: 50,000", joined("inv", list(50_000, zeros(36)))],
    ["getdata: 50,000", joined("getdata", list(50_000, zeros(36)))],
    ["notfound: 50,000", joined("notfound", list(50_000, zeros(36)))],
    ["getheaders: 101", joined("getheaders", bytesOf(zeros(4), list(101, hash), hash))],
    ["headers: 2,000", joined("headers", list(2000, bytesOf(header, 0)))],
    [
      "headers: 2,000 counts",
      joined("headers", list(2000, bytesOf(header, 0xfe, u32(0x200_0000)))),
    ],
    [
      "cmpctblock: 65,535 short ids",
      joined("cmpctblock", bytesOf(header, zeros(8), list(65_535, ones(6)), 0)),
    ],
    [
      "cmpctblock: 65,535 prefilled",
      joined("cmpctblock", bytesOf(header, zeros(8), 0, list(65_535, zeros(11)))),
    ],
    ["getblocktxn: 65,536", joined("getblocktxn", bytesOf(hash, list(65_536, 0)))],
    ["blocktxn: 65,535", joined("blocktxn", bytesOf(hash, list(65_535, zeros(10))))],
    ["cfheaders: 2,000", joined("cfheaders", bytesOf(0, hash, hash, list(2000, hash)))],
    ["cfcheckpt: 100,000", joined("cfcheckpt", bytesOf(0, hash, list(100_000, hash)))],
    ["cfilter", joined("cfilter", bytesOf(0, hash, size(3_999_962), ones(3_999_962)))],
    [
      "merkleblock: 16,666",
      joined(
        "merkleblock",
        bytesOf(header, zeros(4), list(16_666, hash), size(3_000_000), ones(3_000_000)),
      ),
    ],
    ["filterload", joined("filterload", bytesOf(size(36_000), ones(36_000), u32(50), zeros(5)))],
    ["reject: a long text", joined("reject", bytesOf(size(3_999_993), ones(3_999_993), 1, 0))],
    ["version: trailing bytes", joined("version", bytesOf(zeros(86), ones(3_999_914)))],
    ["verack: trailing bytes", joined("verack", ones(maxPayloadLength))],
    ["sketch: 131,070", joined("sketch", bytesOf(size(524_280), ones(524_280)))],
    ["reconcildiff: 131,070", joined("reconcildiff", bytesOf(1, list(131_070, ones(4))))],
    ["ancpkginfo: 65,535", joined("ancpkginfo", bytesOf(size(65_535), distinct(65_535)))],
    ["ancpkginfo: the same", joined("ancpkginfo", list(65_535, hash))],
    [
      "pkgtxns: 100",
      joined("pkgtxns", list(100, bytesOf(zeros(4), list(900, input), 0, zeros(4)))),
    ],
    ["unknown", joined("strange", ones(maxPayloadLength))],
  ];
}

function distinct(count: number): Uint8Array {
  const hashes = zeros(32 * count);
  for (let i = 0; i < count; i++) hashes.set(u32(i), 32 * i);
  return hashes;
}

const version = u32(2);
const witnessed = bytesOf(version, 0, 1, 1, input, 0);
const small = smallItemsLength;
const bare = bytesOf(version, 1, input, 0, zeros(4));

function transactions(): readonly Named[] {
  const length = maxPayloadLength;
  return [
    ["tx: inputs", joined("tx", bytesOf(version, fullList(length - 9, input), 0, zeros(4)))],
    [
      "tx: outputs",
      joined("tx", bytesOf(version, 1, input, fullList(length / 2, zeros(9)), zeros(4))),
    ],
    [
      "tx: a long script",
      joined(
        "tx",
        bytesOf(version, 1, zeros(36), size(3_999_000), ones(3_999_000), ones(4), 0, zeros(4)),
      ),
    ],
    ["tx: empty witnesses", joined("tx", bytesOf(witnessed, fullList(small, 0), zeros(4)))],
    [
      "tx: witnesses of a byte",
      joined("tx", bytesOf(witnessed, fullList(small, [1, 7]), zeros(4))),
    ],
    [
      "tx: a witness for each input",
      joined(
        "tx",
        bytesOf(version, 0, 1, list(10_000, input), 0, times(10_000, [2, 0, 0]), zeros(4)),
      ),
    ],
  ];
}

function blocks(): readonly Named[] {
  const body = maxPayloadLength - 80;
  const withWitness = bytesOf(witnessed, [1, 1, 7], zeros(4));
  return [
    ["block: nothing", joined("block", header)],
    [
      "block: the smallest transactions",
      joined("block", bytesOf(header, fullList(body, zeros(10)))),
    ],
    ["block: bare transactions", joined("block", bytesOf(header, fullList(body, bare)))],
    ["block: small witnesses", joined("block", bytesOf(header, fullList(body, withWitness)))],
    [
      "block: one transaction of outputs",
      joined(
        "block",
        bytesOf(header, 1, version, 1, input, fullList(body / 2, zeros(9)), zeros(4)),
      ),
    ],
    ["block: no block at all", joined("block", ones(maxPayloadLength))],
    [
      "block: the last transaction cut",
      joined("block", bytesOf(header, fullList(body, bare)).slice(0, -1)),
    ],
    [
      "block: more than announced",
      joined("block", bytesOf(header, size(300_000), zeros(3_900_000))),
    ],
  ];
}

/** Wrong at the very end, or long lists of which nothing is there. */
function refused(): readonly Named[] {
  return [
    ["inv: 50,001", joined("inv", list(50_001, zeros(36)))],
    ["inv: the last cut", joined("inv", list(50_000, zeros(36)).slice(0, -1))],
    [
      "addrv2: the last has a wrong length",
      joined("addrv2", bytesOf(size(1000), times(999, addressV2(1, 4)), addressV2(1, 5))),
    ],
    [
      "getblocktxn: beyond the end",
      joined("getblocktxn", bytesOf(hash, size(65_536), times(65_535, 0), 1)),
    ],
    [
      "cmpctblock: 65,536 together",
      joined("cmpctblock", bytesOf(header, zeros(8), list(65_535, ones(6)), 1, zeros(11))),
    ],
    [
      "cfcheckpt: the last cut",
      joined("cfcheckpt", bytesOf(0, hash, list(100_000, hash)).slice(0, -1)),
    ],
    ["tx: inputs cut", joined("tx", bytesOf(version, fullList(maxPayloadLength - 9, input)))],
    ["tx: witnesses cut", joined("tx", bytesOf(witnessed, fullList(small, [1, 7])))],
    [
      "tx: no witness after all",
      joined("tx", bytesOf(version, 0, 1, list(90_000, input), 0, zeros(90_000), zeros(4))),
    ],
  ];
}

/** For each message: as many items as a count can say, and the same byte again and again. */
function ofEveryMessage(): readonly Named[] {
  const most = [0xfe, ...u32(0x200_0000)];
  return everyMessage.codecs.flatMap(({ command }): readonly Named[] => [
    [`${command}: counts of 2^25`, joined(command, times(2000, most))],
    [`${command}: counts of 65,535`, joined(command, times(30_000, [0xfd, 0xff, 0xff]))],
    ...[0, 1, 2, 0xff].map((byte): Named => {
      return [`${command}: ${byte} again and again`, joined(command, zeros(100_000).fill(byte))];
    }),
  ]);
}

function odd(): readonly Named[] {
  return [
    ["no byte", zeros(0)],
    ["half a command", zeros(6).fill(0x61)],
    ["a command", joined("ping", zeros(0))],
    ["a command that is none", bytesOf([0x61, 0, 0x61], zeros(9), 1)],
    ["4,000,001 bytes", joined("verack", zeros(maxPayloadLength + 1))],
    ["4,000,001 unknown bytes", joined("strange", zeros(maxPayloadLength + 1))],
  ];
}
