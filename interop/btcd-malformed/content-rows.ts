/** Messages that are well-formed and say something that they should not. */
import {
  blockHashOf,
  type BlockHeader,
  checkProofOfWork,
  concatBytes,
  type KnownMessage,
  inventoryType,
  networks,
} from "@satwire/btcwire";
import { frameOf, framed } from "./frame.ts";
import type { Effect, Facts, Row } from "./row.ts";

const hash = new Uint8Array(32).fill(0xab);
const zeros = new Uint8Array(32);
const { genesis } = networks.simnet;
/** A filter that everything matches. */
const load = {
  type: "filterload",
  filter: Uint8Array.of(0xff),
  nHashFuncs: 1,
  nTweak: 0,
  nFlags: 0,
} as const;
const strayTransaction = (value: bigint): KnownMessage => ({
  type: "tx",
  transaction: {
    version: 2,
    inputs: [{ txid: hash, vout: 0, scriptSig: new Uint8Array(0), sequence: 0, witness: [] }],
    outputs: [{ value, scriptPubKey: new Uint8Array(25) }],
    lockTime: 0,
  },
});

/** `getdata` of types that do not exist, or not for everybody. */
const inventoryRows = [0, 4, 5, 6, 7, 0x4000_0003, 0x4000_0000, 0xffff_ffff].map(
  (type): Row => ({
    what: `\`getdata\` of type 0x${type.toString(16)}`,
    when: "later",
    bytes: ({ hashes }) => framed({ type: "getdata", inventory: [{ type, hash: hashes[1]! }] }),
    btcd: type === 0x4000_0003 ? "ignores" : "answers `notfound`",
    core:
      type === 4
        ? "answers `cmpctblock` or `block`"
        : type === 5
          ? "answers `notfound`"
          : "ignores",
    ours: "read",
  }),
);

/** Ranges of filters that nobody can answer. */
const filterRows = (["getcfilters", "getcfheaders"] as const).flatMap((type) => {
  const limit = type === "getcfilters" ? 1000 : 2000;
  const ask =
    (startHeight: number, stop: (facts: Facts) => Uint8Array, filterType = 0) =>
    (facts: Facts) =>
      framed({ type, filterType, startHeight, stopHash: stop(facts) });
  const refused = (what: string, bytes: Row["bytes"]): Row =>
    row(what, bytes, "ignores", "hangs up");
  return [
    refused(
      `\`${type}\` of ${(limit + 1).toLocaleString("en")} blocks`,
      ask(0, ({ hashes }) => hashes[limit]!),
    ),
    refused(
      `\`${type}\` that ends before it starts`,
      ask(9, ({ hashes }) => hashes[5]!),
    ),
    refused(
      `\`${type}\` up to an unknown block`,
      ask(0, () => hash),
    ),
    refused(
      `\`${type}\` from 2^32 - 1 on`,
      ask(2 ** 32 - 1, ({ hashes }) => hashes[5]!),
    ),
    refused(
      `\`${type}\` of an unknown filter type`,
      ask(0, ({ hashes }) => hashes[5]!, 9),
    ),
  ];
});

/** Rows of messages. */
export const contentRows: readonly Row[] = [
  ...(["inv", "getdata", "notfound"] as const).map((type) =>
    row(`\`${type}\` of nothing`, { type, inventory: [] }, "ignores", "ignores"),
  ),
  row("`headers` of nothing", { type: "headers", headers: [] }, "ignores", "takes it"),
  ...inventoryRows,
  row(
    "`getdata` of a merkle block, and no filter",
    ({ hashes }) => fetchFiltered(hashes),
    "ignores",
    "ignores",
  ),
  {
    ...row(
      "`getdata` of a merkle block, behind `filterload`",
      ({ hashes }) => fetchFiltered(hashes),
      "answers `merkleblock`, `tx`",
      "answers `merkleblock`, `tx` with `-peerbloomfilters`",
    ),
    before: () => framed(load),
  },
  row("`inv` of type 0", { type: "inv", inventory: [{ type: 0, hash }] }, "ignores", "ignores"),
  row(
    "`inv` of a wtxid, without `wtxidrelay`",
    { type: "inv", inventory: [{ type: 5, hash }] },
    "ignores",
    "ignores",
  ),
  row(
    "`notfound` of type 0",
    { type: "notfound", inventory: [{ type: 0, hash }] },
    "hangs up",
    "ignores",
  ),
  row(
    "`notfound` that nobody has asked for",
    { type: "notfound", inventory: [{ type: inventoryType.tx, hash }] },
    "ignores",
    "ignores",
  ),
  row("`pong` with a nonce that was not sent", { type: "pong", nonce: 77n }, "ignores", "ignores"),
  row("`feefilter` below zero", { type: "feefilter", feerate: -1n }, "hangs up", "ignores"),
  row(
    "`feefilter` of more than 21 million bitcoin",
    { type: "feefilter", feerate: 21_000_000_0000_0001n },
    "hangs up",
    "ignores",
  ),
  row(
    "`reject` of `version`",
    { type: "reject", message: "version", code: 1, reason: "why not", data: new Uint8Array(0) },
    "ignores",
    "ignores",
  ),
  row("`filterload`", load, "takes it", "hangs up unless `-peerbloomfilters`"),
  row(
    "`filterload` of no bytes",
    { ...load, filter: new Uint8Array(0) },
    "takes it",
    "hangs up unless `-peerbloomfilters`",
  ),
  row("`filteradd` without a filter", { type: "filteradd", data: hash }, "hangs up", "hangs up"),
  {
    ...row(
      "`filteradd` behind `filterload`",
      { type: "filteradd", data: hash },
      "takes it",
      "hangs up unless `-peerbloomfilters`",
    ),
    before: () => framed(load),
  },
  row(
    "`filterclear` without a filter",
    { type: "filterclear" },
    "hangs up",
    "hangs up unless `-peerbloomfilters`",
  ),
  {
    ...row(
      "`filterclear` behind `filterload`",
      { type: "filterclear" },
      "takes it",
      "hangs up unless `-peerbloomfilters`",
    ),
    before: () => framed(load),
  },
  row(
    "`mempool`, and it is empty",
    { type: "mempool" },
    "ignores",
    "hangs up unless `-peerbloomfilters`",
  ),
  row(
    "`block` that nobody has asked for",
    ({ tip }) => blockOn(tip),
    "hangs up",
    "hangs up: it is mutated; else takes it",
  ),
  row(
    "`merkleblock` that nobody has asked for",
    {
      type: "merkleblock",
      header: genesis,
      totalTransactions: 1,
      hashes: [hash],
      flags: Uint8Array.of(1),
    },
    "ignores",
    "ignores",
  ),
  ...(
    [
      { type: "cfilter", filterType: 0, blockHash: hash, filterBytes: Uint8Array.of(0) },
      {
        type: "cfheaders",
        filterType: 0,
        stopHash: hash,
        previousFilterHeader: zeros,
        filterHashes: [],
      },
      { type: "cfcheckpt", filterType: 0, stopHash: hash, filterHeaders: [] },
      { type: "getblocktxn", blockhash: hash, indexes: [0] },
      { type: "sendcmpct", announce: true, version: 9n },
    ] as const
  ).map((message) =>
    row(
      `\`${message.type}\`${message.type.startsWith("cf") ? " that nobody has asked for" : ""}`,
      message,
      "ignores",
      "ignores",
    ),
  ),
  row(
    "`headers` that are known",
    ({ tip }) => framed({ type: "headers", headers: [tip] }),
    "ignores",
    "takes it",
  ),
  row(
    "`headers` of the first block",
    { type: "headers", headers: [genesis] },
    "hangs up",
    "answers `getheaders`",
  ),
  row(
    "`headers` behind an unknown one",
    () => headersOf({ ...genesis, prevBlock: hash }, true),
    "hangs up",
    "answers `getheaders`",
  ),
  row(
    "`headers` without work",
    ({ tip }) => headersOf(childOf(tip), false),
    "hangs up",
    "hangs up",
  ),
  row(
    "`headers` with a target of zero",
    ({ tip }) => headersOf({ ...childOf(tip), bits: 0 }, false),
    "hangs up",
    "hangs up",
  ),
  row(
    "`tx` that spends what nobody knows",
    strayTransaction(1n),
    "ignores",
    "takes it, and asks for what it spends",
  ),
  row(
    "`tx` that pays less than nothing",
    strayTransaction(-1n),
    "answers `reject` invalid",
    "hangs up",
  ),
  row(
    "`tx` of nothing",
    () => frameOf("tx", concatBytes(Uint8Array.of(2, 0, 0, 0, 0, 0), new Uint8Array(4))),
    "`reject` malformed, hangs up",
    "hangs up",
    "read",
  ),
  ...filterRows,
  ...(
    [load, { type: "filteradd", data: hash }, { type: "filterclear" }, { type: "mempool" }] as const
  ).map((message) => ({
    ...row(`\`${message.type}\`, with \`--nopeerbloomfilters\``, message, "hangs up", "hangs up"),
    isWithoutBloom: true,
  })),
  row(
    "`getcfcheckpt` up to an unknown block",
    { type: "getcfcheckpt", filterType: 0, stopHash: hash },
    "ignores",
    "hangs up",
  ),
  row(
    "`getheaders` of an unknown block",
    { type: "getheaders", version: 70016, locator: [], hashStop: hash },
    "answers `headers`",
    "ignores",
  ),
  row(
    "`getblocks` behind the tip",
    ({ hashes }) =>
      framed({ type: "getblocks", version: 70016, locator: [hashes.at(-1)!], hashStop: zeros }),
    "ignores",
    "ignores",
  ),
];

function row(
  what: string,
  message: KnownMessage | Row["bytes"],
  btcd: Effect,
  core: string,
  ours = "read",
): Row {
  const bytes = typeof message === "function" ? message : () => framed(message);
  return { what, when: "later", bytes, btcd, core, ours };
}

function fetchFiltered(hashes: readonly Uint8Array[]): Uint8Array {
  const type = inventoryType.filteredBlock;
  return framed({ type: "getdata", inventory: [{ type, hash: hashes[1]! }] });
}

function childOf(tip: BlockHeader): BlockHeader {
  return { ...tip, prevBlock: blockHashOf(tip), time: tip.time + 1 };
}

/** One header, with a nonce that does its work or does not: on simnet that is every second. */
function headersOf(header: BlockHeader, hasWork: boolean): Uint8Array {
  for (let nonce = 0; ; nonce++) {
    const one = { ...header, nonce };
    if (checkProofOfWork(one) === hasWork) return framed({ type: "headers", headers: [one] });
  }
}

/** A block without transactions. */
function blockOn(tip: BlockHeader): Uint8Array {
  return framed({ type: "block", header: childOf(tip), body: Uint8Array.of(0) });
}
