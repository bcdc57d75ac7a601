/** The messages of bcoin 1.0.2. */
import type { KnownMessage, Transaction } from "@satwire/btcwire";
import { loadBcoin } from "./load-bcoin.ts";
import { changed, type Difference, isAscii, type Reading, type Rival } from "./rival.ts";

interface Packet {
  witness?: boolean;
  toRaw(): Buffer;
}
interface Transactions {
  readonly txid: () => string;
  readonly wtxid: () => string;
}
interface Item {
  readonly type: number;
  readonly hash: string;
}

const packets = loadBcoin("net/packets") as {
  fromRaw(command: string, payload: Buffer): Packet;
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What getters of a packet say. Hashes are hex in the order of the wire. */
const fieldsOf: Partial<Record<KnownMessage["type"], (packet: never) => object>> = {
  inv: ({ items }: { items: Item[] }) => ({
    inventory: items.map(({ type, hash }) => [type, hash]),
  }),
  headers: ({ items }: { items: BcoinHeader[] }) => ({ headers: items.map(headerOf) }),
  addr: ({ items }: { items: BcoinAddress[] }) => ({
    addresses: items.map(({ time, services, raw, port }) => [time, services, hex(raw), port]),
  }),
  getheaders: ({ locator, stop }: { locator: string[]; stop: string | null }) => ({
    locator,
    hashStop: stop ?? "00".repeat(32),
  }),
  getblocktxn: ({ request }: { request: { hash: string; indexes: number[] } }) => ({
    blockhash: request.hash,
    indexes: request.indexes,
  }),
  cmpctblock: ({ block }: { block: BcoinHeader & { ids: number[]; keyNonce: Buffer } }) => ({
    header: headerOf(block),
    shortids: block.ids,
    nonce: block.keyNonce.readBigUInt64LE(),
  }),
  tx: ({ tx }: { tx: Transactions }) => ({ txid: tx.txid(), wtxid: tx.wtxid() }),
};

interface BcoinHeader {
  readonly version: number;
  readonly prevBlock: string;
  readonly merkleRoot: string;
  readonly time: number;
  readonly bits: number;
  readonly nonce: number;
}
interface BcoinAddress {
  readonly time: number;
  readonly services: number;
  readonly raw: Buffer;
  readonly port: number;
}

function headerOf({ version, prevBlock, merkleRoot, time, bits, nonce }: BcoinHeader): unknown[] {
  return [version | 0, prevBlock, merkleRoot, time, bits, nonce];
}

const hasHash = (command: string): boolean => command === "tx" || command === "block";
const low32 = (services: bigint): bigint => BigInt.asUintN(32, services);
const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
const safe = (value: bigint): bigint => (isSafe(value) ? value : 5_000_000_000n);

function withSafeValues(transaction: Transaction): Transaction {
  if (transaction.outputs.every(({ value }) => isSafe(value))) return transaction;
  const outputs = transaction.outputs.map((output) => ({ ...output, value: safe(output.value) }));
  return { ...transaction, outputs };
}

/** Applies a change to a list; the same list if nothing changes. */
function each<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const all = list.map(change);
  return all.some((item, i) => item !== list[i]) ? all : list;
}

const differences: readonly Difference[] = [
  {
    commands: ["version"],
    what: "ends between `addrFrom` and `nonce`",
    effect: "refuses",
    without: (message) =>
      message.type === "version" && message.addrFrom !== undefined && message.nonce === undefined
        ? changed(message, { nonce: 1n })
        : message,
  },
  {
    commands: ["version"],
    what: "ends behind `addrRecv` or later: the rest is made up",
    effect: "rewrites",
    without: (message) =>
      message.type !== "version" || message.relay !== undefined
        ? message
        : changed(message, {
            addrFrom: message.addrFrom ?? message.addrRecv,
            nonce: message.nonce ?? 1n,
            userAgent: message.userAgent ?? "",
            startHeight: message.startHeight ?? 0,
            relay: true,
          }),
  },
  {
    commands: ["version"],
    what: "a negative `version` or `timestamp`, or one beyond 2^53 − 1",
    effect: "refuses",
    without: (message) => {
      if (message.type !== "version") return message;
      const { version, timestamp } = message;
      if (version >= 0 && timestamp >= 0n && isSafe(timestamp)) return message;
      return changed(message, { version: 70016, timestamp: 1_700_000_000n });
    },
  },
  {
    commands: ["version"],
    what: "`startHeight` below zero, version 10300, bytes of `userAgent` above 0x7f, a high half of `services`",
    effect: "rewrites",
    without: (message) => {
      if (message.type !== "version") return message;
      const { version, startHeight = 0, userAgent = "", services, addrRecv, addrFrom } = message;
      const fits =
        startHeight >= 0 &&
        version !== 10300 &&
        isAscii(userAgent) &&
        [services, addrRecv.services, addrFrom?.services ?? 0n].every((s) => low32(s) === s);
      if (fits) return message;
      return changed(message, {
        version: version === 10300 ? 10301 : version,
        services: low32(services),
        addrRecv: { ...addrRecv, services: low32(addrRecv.services) },
        ...(addrFrom && { addrFrom: { ...addrFrom, services: low32(addrFrom.services) } }),
        ...(message.userAgent !== undefined && { userAgent: "/test:1/" }),
        ...(message.startHeight !== undefined && { startHeight: Math.max(0, startHeight) }),
      });
    },
  },
  {
    commands: ["addr"],
    what: "a high half of `services`",
    effect: "rewrites",
    without: (message) => {
      if (message.type !== "addr") return message;
      const addresses = each(message.addresses, (address) =>
        low32(address.services) === address.services
          ? address
          : { ...address, services: low32(address.services) },
      );
      return addresses === message.addresses ? message : changed(message, { addresses });
    },
  },
  {
    commands: ["pong"],
    what: "no nonce",
    effect: "refuses",
    without: (message) =>
      message.type === "pong" && message.nonce === undefined
        ? changed(message, { nonce: 1n })
        : message,
  },
  {
    commands: ["feefilter"],
    what: "an amount beyond 2^53 − 1",
    effect: "refuses",
    without: (message) =>
      message.type === "feefilter" && !isSafe(message.feerate)
        ? changed(message, { feerate: 1000n })
        : message,
  },
  {
    commands: ["sendcmpct"],
    what: "a version beyond 2^53 − 1",
    effect: "refuses",
    without: (message) =>
      message.type === "sendcmpct" && !isSafe(message.version)
        ? changed(message, { version: 2n })
        : message,
  },
  {
    commands: ["headers"],
    what: "`transactionCount` that is not 0",
    effect: "rewrites",
    without: (message) => {
      if (message.type !== "headers") return message;
      const headers = each(message.headers, (header) => {
        if (header.transactionCount === undefined) return header;
        const { transactionCount: _count, ...plain } = header;
        return plain;
      });
      return headers === message.headers ? message : changed(message, { headers });
    },
  },
  {
    commands: ["tx", "blocktxn", "cmpctblock"],
    what: "a value of an output beyond 2^53 − 1",
    effect: "refuses",
    without: (message) => {
      if (message.type === "tx") {
        const transaction = withSafeValues(message.transaction);
        return transaction === message.transaction ? message : changed(message, { transaction });
      }
      if (message.type === "blocktxn") {
        const transactions = each(message.transactions, withSafeValues);
        return transactions === message.transactions ? message : changed(message, { transactions });
      }
      if (message.type !== "cmpctblock") return message;
      const prefilledtxn = each(message.prefilledtxn, (item) => {
        const tx = withSafeValues(item.tx);
        return tx === item.tx ? item : { ...item, tx };
      });
      return prefilledtxn === message.prefilledtxn ? message : changed(message, { prefilledtxn });
    },
  },
  {
    commands: ["filterload"],
    what: "`nFlags` above 2",
    effect: "refuses",
    without: (message) =>
      message.type === "filterload" && message.nFlags > 2
        ? changed(message, { nFlags: 1 })
        : message,
  },
  {
    commands: ["reject"],
    what: "less than a hash for `tx` or `block`",
    effect: "refuses",
    without: (message) =>
      message.type === "reject" && hasHash(message.message) && message.data.length < 32
        ? changed(message, { data: new Uint8Array(32) })
        : message,
  },
  {
    commands: ["reject"],
    what: "bytes above 0x7f in a text, data behind the hash, or data of a command that has none",
    effect: "rewrites",
    without: (message) => {
      if (message.type !== "reject") return message;
      const isPlain = isAscii(message.message + message.reason);
      const length = hasHash(message.message) ? 32 : 0;
      if (isPlain && message.data.length === length) return message;
      return changed(message, {
        message: length > 0 ? message.message : "version",
        reason: "a reason",
        data: new Uint8Array(length).fill(7),
      });
    },
  },
];

export const bcoin: Rival = {
  name: "bcoin",
  commands: [
    "version",
    "verack",
    "ping",
    "pong",
    "getaddr",
    "addr",
    "inv",
    "getdata",
    "notfound",
    "getblocks",
    "getheaders",
    "headers",
    "sendheaders",
    "block",
    "tx",
    "reject",
    "mempool",
    "filterload",
    "filteradd",
    "filterclear",
    "merkleblock",
    "feefilter",
    "sendcmpct",
    "cmpctblock",
    "getblocktxn",
    "blocktxn",
  ],
  differences,
  read(command, payload): Reading {
    const packet = packets.fromRaw(command, Buffer.from(payload));
    if ("witness" in packet) packet.witness = true; // else it leaves witnesses out
    const bytes = packet.toRaw();
    const fields = fieldsOf[command as KnownMessage["type"]];
    return { bytes, fields: fields === undefined ? {} : fields(packet as never) };
  },
};
