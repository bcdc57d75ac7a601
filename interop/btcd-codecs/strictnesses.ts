/** What we refuse, and btcd does not. The table of `docs/interop.md` gives the clauses. */
import {
  addrv2,
  blockHeader,
  type Codec,
  compactSize64,
  decode,
  encode,
  hash,
  list,
  maxAddresses,
  maxCompactSize,
  maxLocator,
  type NetAddressV2,
  networkId,
  struct,
  u16,
  u32le,
  u8,
  varBytes,
} from "@satwire/btcwire";
import type { Strictness } from "./difference.ts";
import { plainMessage } from "./differences.ts";

/** An entry of `addrv2`, of whatever length. */
const anyAddress: Codec<NetAddressV2> = struct<NetAddressV2>({
  time: u32le,
  services: compactSize64,
  networkID: u8,
  addr: varBytes(512),
  port: u16,
});
const anyAddresses = list(anyAddress, maxAddresses);

const btcdLocator = 500;
const longLocator = struct({
  version: u32le,
  locator: list(hash, btcdLocator),
  hashStop: hash,
});
const locator = (command: "getblocks" | "getheaders"): Strictness => ({
  commands: [command],
  what: "102 to 500 hashes in a locator",
  code: "too_long",
  written: (payload) =>
    decode(longLocator, payload).locator.length > maxLocator ? payload : undefined,
  example: { command, payload: `7f11010066${"00".repeat(32 * 103)}` },
});

const maxMerkleHashes = 16_666;
const longMerkleBlock = struct({
  header: blockHeader,
  totalTransactions: u32le,
  hashes: list(hash, maxCompactSize),
  flags: varBytes(maxCompactSize),
});

export const strictnesses: readonly Strictness[] = [
  {
    commands: ["addrv2"],
    what: "Yggdrasil with another length than 16",
    code: "invalid_value",
    written(payload) {
      const all = decode(anyAddresses, payload);
      const addresses = all.filter(({ networkID }) => networkID !== networkId.yggdrasil);
      if (addresses.length === all.length) return undefined;
      return encode(addrv2, plainMessage({ type: "addrv2", addresses }));
    },
    example: { command: "addrv2", payload: "010000000000070100208d" },
  },
  locator("getblocks"),
  locator("getheaders"),
  {
    commands: ["merkleblock"],
    what: "more than 16,666 hashes",
    code: "too_long",
    written: (payload) =>
      decode(longMerkleBlock, payload).hashes.length > maxMerkleHashes ? payload : undefined,
    example: {
      command: "merkleblock",
      payload: `${"00".repeat(84)}fd1b41${"00".repeat(32 * (maxMerkleHashes + 1))}00`,
    },
  },
];
