/** The messages that btcd's wire has. What the program finds by trying has to be these. */
import type { KnownMessage } from "@satwire/btcwire";

export const commands: readonly KnownMessage["type"][] = [
  "version",
  "verack",
  "wtxidrelay",
  "sendaddrv2",
  "ping",
  "pong",
  "sendheaders",
  "feefilter",
  "reject",
  "getaddr",
  "addr",
  "addrv2",
  "inv",
  "getdata",
  "notfound",
  "mempool",
  "tx",
  "getblocks",
  "getheaders",
  "headers",
  "block",
  "getcfilters",
  "cfilter",
  "getcfheaders",
  "cfheaders",
  "getcfcheckpt",
  "cfcheckpt",
  "filterload",
  "filteradd",
  "filterclear",
  "merkleblock",
];

/** Those that it writes and takes for unknown. */
export const unreadable: readonly string[] = ["wtxidrelay"];
