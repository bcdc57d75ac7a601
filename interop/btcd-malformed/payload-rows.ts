/** Payloads that are not what their command says: too short, too long, with lists beyond their limits. */
import {
  bytesOfText,
  concatBytes,
  fromHex,
  type KnownMessage,
  inventoryType,
} from "@satwire/btcwire";
import { framed, frameOf, framedShort, framedWith, listOf } from "./frame.ts";
import type { Effect, Row } from "./row.ts";

const malformed = "`reject` malformed, hangs up";
const hash = new Uint8Array(32).fill(0xab);
const item = concatBytes(Uint8Array.of(inventoryType.tx, 0, 0, 0), hash);
const header = new Uint8Array(81);
const address = new Uint8Array(30);
const addressV2 = fromHex("00000000" + "00" + "01" + "04" + "01020304" + "208d");
const request = fromHex("80110100");
const stop = new Uint8Array(32);
const aByte = Uint8Array.of(1);

const inv: KnownMessage = { type: "inv", inventory: [{ type: inventoryType.tx, hash }] };
const addr: KnownMessage = {
  type: "addr",
  addresses: [{ time: 0, services: 0n, ip: new Uint8Array(16), port: 1 }],
};
const getheaders: KnownMessage = {
  type: "getheaders",
  version: 70016,
  locator: [hash],
  hashStop: stop,
};

/** Too short: Bitcoin Core drops them, btcd hangs up. */
const shortRows = (
  [
    [inv, malformed],
    [addr, malformed],
    [getheaders, malformed],
    [{ type: "ping", nonce: 7n }, malformed],
    [{ type: "feefilter", feerate: 1000n }, malformed],
    [{ type: "getcfilters", filterType: 0, startHeight: 0, stopHash: hash }, malformed],
  ] as const
).map(
  ([message, btcd]): Row => ({
    what: `\`${message.type}\` less a byte`,
    when: "later",
    bytes: () => framedShort(message),
    btcd,
    core: "ignores",
    ours: "malformed, `short_read`",
  }),
);

/** Too long: Bitcoin Core does not look at the end. */
const trailingRows = (
  [
    [inv, "answers `getdata`", "malformed, `trailing_bytes`"],
    [addr, "takes it", "malformed, `trailing_bytes`"],
    [getheaders, "answers `headers`", "malformed, `trailing_bytes`"],
    [{ type: "ping", nonce: 7n }, "answers `pong`", "malformed, `trailing_bytes`"],
    [{ type: "pong", nonce: 7n }, "ignores", "read"],
    [{ type: "feefilter", feerate: 1000n }, "takes it", "malformed, `trailing_bytes`"],
    [{ type: "getaddr" }, "answers `addr`", "read"],
    [{ type: "sendheaders" }, "takes it", "read"],
    [{ type: "mempool" }, "hangs up unless `-peerbloomfilters`", "read"],
    [{ type: "headers", headers: [] }, "takes it", "malformed, `trailing_bytes`"],
  ] as const
).map(
  ([message, core, ours]): Row => ({
    what: `\`${message.type}\` and a byte`,
    when: "later",
    bytes: () => framedWith(message, aByte),
    btcd: malformed,
    core,
    ours,
  }),
);

/** Rows of payloads. */
export const payloadRows: readonly Row[] = [
  ...shortRows,
  row("`ping` of no bytes", frameOf("ping"), "hangs up", "ignores", "read"),
  row("`pong` of no bytes", frameOf("pong"), "hangs up", "ignores", "read"),
  row("`inv` of no bytes", frameOf("inv"), "hangs up", "ignores", "malformed, `short_read`"),
  row(
    "`inv` of 50,000 items that are not there",
    frameOf("inv", fromHex("fd50c3")),
    "hangs up",
    "ignores",
    "malformed, `short_read`",
  ),
  row(
    "`inv` of 2^64 - 1 items",
    frameOf("inv", fromHex("ffffffffffffffffff")),
    malformed,
    "ignores",
    "malformed, `too_long`",
  ),
  ...trailingRows,
  ...(["inv", "getdata", "notfound"] as const).map((command) =>
    row(
      `\`${command}\` of 50,001 items`,
      frameOf(command, listOf(50_001, item)),
      malformed,
      command === "notfound" ? "ignores" : "hangs up",
      "malformed, `too_long`",
    ),
  ),
  row(
    "`addr` of 1,001 addresses",
    frameOf("addr", listOf(1001, address)),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  row(
    "`addrv2` of 1,001 addresses",
    frameOf("addrv2", listOf(1001, addressV2)),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  row(
    "`headers` of 2,001 headers",
    frameOf("headers", listOf(2001, header)),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  ...(["getheaders", "getblocks"] as const).flatMap((command) => [
    row(
      `\`${command}\` with a locator of 102`,
      frameOf(command, concatBytes(request, listOf(102, hash), hash)),
      command === "getheaders" ? "answers `headers`" : "answers `inv`",
      "hangs up",
      "malformed, `too_long`",
    ),
    row(
      `\`${command}\` with a locator of 501`,
      frameOf(command, concatBytes(request, listOf(501, hash), hash)),
      malformed,
      "hangs up",
      "malformed, `too_long`",
    ),
  ]),
  row(
    "`inv` with a length in a longer form than necessary",
    frameOf("inv", concatBytes(fromHex("fd0100"), item)),
    malformed,
    "ignores",
    "malformed, `non_canonical`",
  ),
  {
    what: "`headers` with a transaction count of 1",
    when: "later",
    bytes: ({ tip }) => framed({ type: "headers", headers: [{ ...tip, transactionCount: 1 }] }),
    btcd: malformed,
    core: "takes it",
    ours: "read",
  },
  row(
    "`addrv2` with an IPv4 address of 5 bytes",
    frameOf("addrv2", fromHex("01" + "00000000" + "00" + "01" + "05" + "0102030405" + "208d")),
    malformed,
    "ignores",
    "malformed, `invalid_value`",
  ),
  row(
    "`addrv2` with an unknown network's address of 513 bytes",
    frameOf(
      "addrv2",
      concatBytes(fromHex("01" + "00000000" + "00" + "63" + "fd0102"), new Uint8Array(515)),
    ),
    malformed,
    "ignores",
    "malformed, `too_long`",
  ),
  row(
    "`addrv2` with an unknown network's address of 512 bytes",
    frameOf(
      "addrv2",
      concatBytes(fromHex("01" + "00000000" + "00" + "63" + "fd0002"), new Uint8Array(514)),
    ),
    "ignores",
    "ignores",
    "read",
  ),
  row(
    "`filterload` of 36,001 bytes",
    frameOf("filterload", concatBytes(listOf(36_001, aByte), new Uint8Array(9))),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  row(
    "`filterload` with 51 hash functions",
    frameOf("filterload", fromHex("01ff" + "33000000" + "00000000" + "00")),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  row(
    "`filteradd` of 521 bytes",
    frameOf("filteradd", listOf(521, aByte)),
    malformed,
    "hangs up",
    "malformed, `too_long`",
  ),
  row(
    "`tx` with a witness flag of 2",
    frameOf("tx", fromHex("02000000" + "0002" + "00".repeat(20))),
    malformed,
    "ignores",
    "malformed, `invalid_value`",
  ),
  row(
    "`tx` that is text",
    frameOf("tx", bytesOfText("a transaction")),
    malformed,
    "ignores",
    "malformed, `short_read`",
  ),
  row(
    "`block` of a header alone",
    frameOf("block", new Uint8Array(80)),
    "hangs up",
    "ignores",
    "read",
  ),
  row(
    "`reject` with a text of 2^32 bytes",
    frameOf("reject", fromHex("ff0000000001000000")),
    malformed,
    "ignores",
    "malformed, `too_long`",
  ),
];

function row(what: string, bytes: Uint8Array, btcd: Effect, core: string, ours: string): Row {
  return { what, when: "later", bytes: () => bytes, btcd, core, ours };
}
