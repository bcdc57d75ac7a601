// A chain as bytes: blocks in the order in which they came, so that who reads them comes to the same tip.
//
//   magic "satchain" (8 bytes) · format 1 (u8) · network 0 regtest, 1 simnet (u8) · seed (text behind a compact size)
//   · time of the second block (u32le) · seconds between blocks (u32le) · blocks but the first (compact size, then each behind its length: header and
//   body) · transactions that wait (likewise) · the first four bytes of the double SHA-256 of all that
import {
  type Block,
  blockHeader,
  bytes,
  bytesOfText,
  type Codec,
  concatBytes,
  decode,
  DecodeError,
  encode,
  equalBytes,
  hash256,
  list,
  rest,
  struct,
  type Transaction,
  transaction,
  u32le,
  u8,
  varBytes,
} from "@satwire/btcwire";
import { FakeChainError } from "./chain-error.ts";

/** What a saved chain says. */
export interface ChainFile {
  readonly network: "regtest" | "simnet";
  readonly seed: string;
  readonly startTime: number;
  readonly blockIntervalSeconds: number;
  /** All but the first, none before its parent. */
  readonly blocks: readonly Block[];
  /** Those that wait for a block. */
  readonly transactions: readonly Transaction[];
}

const magic: Uint8Array = /* @__PURE__ */ bytesOfText("satchain");
const formatVersion = 1;
const networkNames = ["regtest", "simnet"] as const;
const checksumLength = 4;
/** The longest seed, in bytes. */
export const maxSeedLength = 1000;

interface Raw
  extends Pick<ChainFile, "startTime" | "blockIntervalSeconds" | "blocks" | "transactions"> {
  readonly magic: Uint8Array;
  readonly formatVersion: number;
  readonly network: number;
  readonly seed: Uint8Array;
}

const savedBlock: Codec<Block> = behindLength(
  struct<Block>({ header: blockHeader, body: rest }),
  4_000_000,
);
const savedTransaction: Codec<Transaction> = behindLength(transaction, 400_000);

const raw: Codec<Raw> = /* @__PURE__ */ struct<Raw>({
  magic: /* @__PURE__ */ bytes(8),
  formatVersion: u8,
  network: u8,
  seed: /* @__PURE__ */ varBytes(maxSeedLength),
  startTime: u32le,
  blockIntervalSeconds: u32le,
  blocks: /* @__PURE__ */ list(savedBlock, 10_000_000),
  transactions: /* @__PURE__ */ list(savedTransaction, 10_000),
});

/** A chain as bytes. */
export function encodeChainFile(file: ChainFile): Uint8Array {
  const { network, seed, startTime, blockIntervalSeconds, blocks, transactions } = file;
  const contents = encode(raw, {
    magic,
    formatVersion,
    network: networkNames.indexOf(network),
    seed: new TextEncoder().encode(seed),
    startTime,
    blockIntervalSeconds,
    blocks,
    transactions,
  });
  return concatBytes(contents, checksumOf(contents));
}

/** Reads a saved chain. Blocks are as they are: nothing in them is checked. @throws FakeChainError `bad_file` */
export function decodeChainFile(file: Uint8Array): ChainFile {
  const contents = file.subarray(0, Math.max(file.length - checksumLength, 0));
  const given = file.subarray(contents.length);
  const begins = equalBytes(contents.subarray(0, magic.length), magic);
  if (!begins) throw new FakeChainError("bad_file", "the bytes are no saved chain");
  if (contents[magic.length] !== formatVersion) {
    const text = `format ${contents[magic.length]} is not known, only ${formatVersion}`;
    throw new FakeChainError("bad_file", text);
  }
  if (!equalBytes(given, checksumOf(contents))) {
    throw new FakeChainError("bad_file", "the checksum is wrong: bytes were lost or changed");
  }
  let said: Raw;
  try {
    said = decode(raw, contents);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new FakeChainError("bad_file", `not all of a chain: ${cause.message}`, { cause });
  }
  const network = networkNames[said.network];
  if (network === undefined) {
    throw new FakeChainError("bad_file", `network ${said.network} is not known`);
  }
  const { startTime, blockIntervalSeconds, blocks, transactions } = said;
  const seed = textOfUtf8(said.seed);
  return { network, seed, startTime, blockIntervalSeconds, blocks, transactions };
}

function behindLength<T>(codec: Codec<T>, maxLength: number): Codec<T> {
  const whole = varBytes(maxLength);
  return {
    read: (reader) => decode(codec, whole.read(reader)),
    write: (writer, value) => whole.write(writer, encode(codec, value)),
  };
}

function checksumOf(contents: Uint8Array): Uint8Array {
  return hash256(contents).subarray(0, checksumLength);
}

function textOfUtf8(value: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch (cause) {
    throw new FakeChainError("bad_file", "the seed is no UTF-8", { cause });
  }
}
