// Random valid messages, one arbitrary each.
import fc from "fast-check";
import * as btc from "../index.ts";
import { merkleBlockOf } from "../partial-merkle-tree.ts";
import {
  block,
  blockHeader,
  bytes,
  hash,
  hashes,
  i32,
  i64,
  inventoryItem,
  netAddress,
  netAddressV2,
  record,
  someBytes,
  text,
  timedNetAddress,
  transaction,
  u32,
  u48,
  u64,
  u8,
} from "./values.ts";

type Arbitrary<T> = fc.Arbitrary<T>;

/** An arbitrary for each field of a message, those of its tail included, `trailing` excepted. */
export type FieldArbitraries<M> = {
  [K in keyof Omit<M, "type" | "trailing">]-?: Arbitrary<Exclude<M[K], undefined>>;
};

/** What to leave out of random messages. */
export interface MessageOptions {
  /** Whether bytes follow the fields now and then, where nodes ignore them. @default true */
  readonly trailing?: boolean | undefined;
}

/**
 * Random messages of one kind. A message with a tail ends in front of any of its fields, as those of older peers do;
 * behind the last one there are sometimes up to 20 bytes more, if the message keeps them.
 */
export function arbitraryMessage<M extends btc.MessageBase>(
  codec: btc.MessageCodec<M>,
  fields: FieldArbitraries<M>,
  { trailing = true }: MessageOptions = {},
): Arbitrary<M> {
  const required = Object.keys(codec.fields);
  const tail = Object.keys(codec.tail).filter((key) => key !== "trailing");
  const model: Record<string, Arbitrary<unknown>> = { type: fc.constant(codec.command) };
  // In the order of the wire, as decoding gives them.
  for (const key of [...required, ...tail]) model[key] = fields[key as keyof typeof fields];
  if (trailing && "trailing" in codec.tail) {
    model["trailing"] = fc.uint8Array({ minLength: 1, maxLength: 20 });
    tail.push("trailing");
  }
  const whole = fc.record(model, { noNullPrototype: true });
  if (tail.length === 0) return whole as unknown as Arbitrary<M>;
  return fc.tuple(whole, fc.nat({ max: tail.length })).map(([message, count]) => {
    const kept = new Set(["type", ...required, ...tail.slice(0, count)]);
    return Object.fromEntries(Object.entries(message).filter(([key]) => kept.has(key)));
  }) as unknown as Arbitrary<M>;
}

/** Arbitraries by the commands of the messages. */
export type ArbitrariesOf<M extends btc.MessageBase> = {
  readonly [K in M as K["type"]]: Arbitrary<K>;
};

/** Arbitraries by the commands of the messages of the default set. */
export type MessageArbitraries = ArbitrariesOf<btc.KnownMessage>;

const inventory: Arbitrary<readonly btc.InventoryItem[]> = /* @__PURE__ */ fc.array(inventoryItem, {
  maxLength: 6,
});
const transactionCount: Arbitrary<number> = /* @__PURE__ */ fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: btc.maxCompactSize }),
);
const announcedHeader: Arbitrary<btc.AnnouncedHeader> = /* @__PURE__ */ fc.oneof(
  blockHeader,
  fc
    .tuple(blockHeader, transactionCount)
    .map(([header, count]): btc.AnnouncedHeader => ({ ...header, transactionCount: count })),
);

const cmpctBlock: Arbitrary<btc.CmpctBlock> = /* @__PURE__ */ fc
  .tuple(
    blockHeader,
    u64,
    fc.array(u48, { maxLength: 6 }),
    fc.array(fc.tuple(transaction, fc.nat({ max: 6 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([header, nonce, shortids, chosen]) => {
    // The coinbase, and others between the transactions with short ids: all of them are places in the block.
    const gaps = chosen.map(([, gap], i) => (i === 0 ? 0 : Math.min(gap, shortids.length)));
    const sorted = gaps.toSorted((a, b) => a - b);
    const prefilledtxn = chosen.map(([tx], i) => ({ index: (sorted[i] as number) + i, tx }));
    return { type: "cmpctblock", header, nonce, shortids, prefilledtxn };
  });
const indexes: Arbitrary<readonly number[]> = /* @__PURE__ */ fc
  .uniqueArray(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: btc.maxCompactTransactions - 1 })), {
    maxLength: 12,
  })
  .map((places) => places.toSorted((a, b) => a - b));

const provenTransactions: Arbitrary<btc.MerkleBlock> = /* @__PURE__ */ fc
  .tuple(block, u8)
  .map(([value, mask]) => merkleBlockOf(btc.indexBlock(value), (i) => ((mask >> i) & 1) === 1));

/** An arbitrary for every message of the default set, by its command. */
export function arbitraryMessages(options: MessageOptions = {}): MessageArbitraries {
  const { trailing = true } = options;
  const of = <M extends btc.MessageBase>(
    codec: btc.MessageCodec<M>,
    fields: FieldArbitraries<M>,
  ): Arbitrary<M> => arbitraryMessage(codec, fields, options);
  const request = { version: u32, locator: hashes, hashStop: hash };
  const range = { filterType: u8, startHeight: u32, stopHash: hash };
  const pong = of(btc.pong, { nonce: u64 });
  const shortPong: Arbitrary<btc.Pong> = record<btc.Pong & { trailing: Uint8Array }>({
    type: fc.constant("pong"),
    trailing: fc.uint8Array({ minLength: 1, maxLength: 7 }),
  });
  return {
    version: of(btc.version, {
      version: i32,
      services: u64,
      timestamp: i64,
      addrRecv: netAddress,
      addrFrom: netAddress,
      nonce: u64,
      userAgent: text(btc.maxUserAgentLength),
      startHeight: i32,
      relay: fc.boolean(),
    }),
    verack: of(btc.verack, {}),
    wtxidrelay: of(btc.wtxidrelay, {}),
    sendaddrv2: of(btc.sendaddrv2, {}),
    feature: of(btc.feature, { featureid: text(80, 4), featuredata: someBytes }),

    ping: of(btc.ping, { nonce: u64 }),
    pong: trailing ? fc.oneof(pong, shortPong) : pong,
    sendheaders: of(btc.sendheaders, {}),
    feefilter: of(btc.feefilter, { feerate: i64 }),
    reject: of(btc.reject, {
      message: fc.oneof(fc.constantFrom("version", "tx", "block"), text(12)),
      code: fc.oneof(fc.constantFrom(...Object.values(btc.rejectCode)), u8),
      reason: text(60),
      data: fc.oneof(fc.constant(new Uint8Array()), hash, someBytes),
    }),

    getaddr: of(btc.getaddr, {}),
    addr: of(btc.addr, { addresses: fc.array(timedNetAddress, { maxLength: 5 }) }),
    addrv2: of(btc.addrv2, { addresses: fc.array(netAddressV2, { maxLength: 5 }) }),

    inv: of(btc.inv, { inventory }),
    getdata: of(btc.getdata, { inventory }),
    notfound: of(btc.notfound, { inventory }),
    mempool: of(btc.mempool, {}),
    tx: of(btc.tx, { transaction }),

    getblocks: of(btc.getblocks, request),
    getheaders: of(btc.getheaders, request),
    headers: of(btc.headers, { headers: fc.array(announcedHeader, { maxLength: 4 }) }),
    block: block.map((value): btc.BlockMessage => ({ type: "block", ...value })),

    sendcmpct: of(btc.sendcmpct, {
      announce: fc.boolean(),
      version: fc.oneof(fc.constantFrom(1n, 2n), u64),
    }),
    cmpctblock: cmpctBlock,
    getblocktxn: of(btc.getblocktxn, { blockhash: hash, indexes }),
    blocktxn: of(btc.blocktxn, {
      blockhash: hash,
      transactions: fc.array(transaction, { maxLength: 3 }),
    }),

    getcfilters: of(btc.getcfilters, range),
    cfilter: of(btc.cfilter, { filterType: u8, blockHash: hash, filterBytes: someBytes }),
    getcfheaders: of(btc.getcfheaders, range),
    cfheaders: of(btc.cfheaders, {
      filterType: u8,
      stopHash: hash,
      previousFilterHeader: hash,
      filterHashes: hashes,
    }),
    getcfcheckpt: of(btc.getcfcheckpt, { filterType: u8, stopHash: hash }),
    cfcheckpt: of(btc.cfcheckpt, { filterType: u8, stopHash: hash, filterHeaders: hashes }),

    filterload: of(btc.filterload, {
      filter: someBytes,
      nHashFuncs: fc.nat({ max: btc.maxBloomHashFunctions }),
      nTweak: u32,
      nFlags: fc.oneof(fc.constantFrom(...Object.values(btc.bloomFlag)), u8),
    }),
    filteradd: of(btc.filteradd, { data: someBytes }),
    filterclear: of(btc.filterclear, {}),
    merkleblock: fc.oneof(
      provenTransactions,
      of(btc.merkleblock, {
        header: blockHeader,
        totalTransactions: u32,
        hashes,
        flags: fc.oneof(bytes(1), someBytes),
      }),
    ),
  };
}

/** A message of any kind of the default set. */
export function anyMessage(options: MessageOptions = {}): Arbitrary<btc.KnownMessage> {
  return fc.oneof(...Object.values<Arbitrary<btc.KnownMessage>>(arbitraryMessages(options)));
}

/** A message whose command is not among `known`. */
export const unknownMessage = (known: readonly string[]): Arbitrary<btc.UnknownMessage> =>
  record({
    type: fc.constant("unknown" as const),
    command: fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 })
      .filter((command) => btc.isCommand(command) && !known.includes(command)),
    payload: someBytes,
  });
