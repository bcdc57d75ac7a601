// BIP 152: blocks whose transactions the receiver may have already.
import { type Codec, EncodeError, flag, type Reader, u64le, type Writer } from "@satwire/codec";
import { type BlockHeader, blockHeader } from "../block-header.ts";
import { readCompactSize, writeCompactSize } from "../compact-size.ts";
import { hash, list } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { type Transaction, transaction } from "../transaction.ts";

/** The most transactions that a compact block can speak of. */
export const maxCompactTransactions = 65_535;

/** `sendcmpct` (BIP 152): how the sender wants blocks announced. */
export interface SendCmpct extends MessageBase<"sendcmpct"> {
  /** Whether by a `cmpctblock` at once; else as before. */
  readonly announce: boolean;
  /** Bitcoin Core knows 2 only: short ids of wtxids. */
  readonly version: bigint;
}

/** Codec of {@link SendCmpct}. */
export const sendcmpct: MessageCodec<SendCmpct> = /* @__PURE__ */ message(
  "sendcmpct",
  { announce: flag, version: u64le },
  { shortId: 20 },
);

/** A transaction that the receiver of a compact block can hardly have. */
export interface PrefilledTransaction {
  /** Its place in the block. */
  readonly index: number;
  readonly tx: Transaction;
}

/** `cmpctblock` (BIP 152): a block with short ids in place of most transactions. */
export interface CmpctBlock extends MessageBase<"cmpctblock"> {
  readonly header: BlockHeader;
  /** Part of the key of the short ids. */
  readonly nonce: bigint;
  /** 48 bits each, of the transactions that are not in `prefilledtxn`, in their order: see `shortIdsOf`. */
  readonly shortids: readonly number[];
  /** In ascending order of `index`; the coinbase at least. */
  readonly prefilledtxn: readonly PrefilledTransaction[];
}

const shortId: Codec<number> = {
  read: (reader) => reader.u32le() + reader.u16le() * 2 ** 32,
  write(writer, value) {
    if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 48)) {
      throw new EncodeError("out_of_range", `${value} is no number of 48 bits`);
    }
    writer.u32le(value % 2 ** 32);
    writer.u16le(Math.floor(value / 2 ** 32));
  },
};

const shortIds: Codec<readonly number[]> = /* @__PURE__ */ list(shortId, maxCompactTransactions);

const prefilledTransactions: Codec<readonly PrefilledTransaction[]> = /* @__PURE__ */ ascending(
  ({ index }) => index,
  (reader, index) => ({ index, tx: transaction.read(reader) }),
  (writer, { tx }) => transaction.write(writer, tx),
);

/** Codec of {@link CmpctBlock}. */
export const cmpctblock: MessageCodec<CmpctBlock> = /* @__PURE__ */ message(
  "cmpctblock",
  {
    header: blockHeader,
    nonce: u64le,
    shortids: shortIds,
    prefilledtxn: prefilledTransactions,
  },
  { shortId: 4, check: checkCount },
);

/** `getblocktxn` (BIP 152): asks for transactions of a block that a `cmpctblock` announced. */
export interface GetBlockTxn extends MessageBase<"getblocktxn"> {
  readonly blockhash: Uint8Array;
  /** Their places in the block, in ascending order. */
  readonly indexes: readonly number[];
}

const indexList: Codec<readonly number[]> = /* @__PURE__ */ ascending(
  (index) => index,
  (_reader, index) => index,
  () => undefined,
);

/** Codec of {@link GetBlockTxn}. */
export const getblocktxn: MessageCodec<GetBlockTxn> = /* @__PURE__ */ message(
  "getblocktxn",
  { blockhash: hash, indexes: indexList },
  { shortId: 10 },
);

/** `blocktxn` (BIP 152): the transactions that a `getblocktxn` asked for. */
export interface BlockTxn extends MessageBase<"blocktxn"> {
  readonly blockhash: Uint8Array;
  readonly transactions: readonly Transaction[];
}

const transactionList: Codec<readonly Transaction[]> = /* @__PURE__ */ list(
  transaction,
  maxCompactTransactions,
);

/** Codec of {@link BlockTxn}. */
export const blocktxn: MessageCodec<BlockTxn> = /* @__PURE__ */ message(
  "blocktxn",
  { blockhash: hash, transactions: transactionList },
  { shortId: 3 },
);

/** The messages of this chapter. */
export type CompactBlockMessage = SendCmpct | CmpctBlock | GetBlockTxn | BlockTxn;

/** All codecs of this chapter, for a set of one's own. */
export const compactBlockMessages: readonly MessageCodec<CompactBlockMessage>[] = [
  sendcmpct,
  cmpctblock,
  getblocktxn,
  blocktxn,
];

/** Items with places in the block, each written as its distance from the next place behind the one before. */
/* @__NO_SIDE_EFFECTS__ */
function ascending<T>(
  indexOf: (item: T) => number,
  read: (reader: Reader, index: number) => T,
  write: (writer: Writer, item: T) => void,
): Codec<readonly T[]> {
  const item = (): Codec<T> => {
    let next = 0;
    return {
      read(reader) {
        const start = reader.offset;
        const index = next + readCompactSize(reader);
        if (index > maxCompactTransactions) {
          throw reader.error("invalid_value", `${index} is beyond the last transaction`, start);
        }
        next = index + 1;
        return read(reader, index);
      },
      write(writer, value) {
        const index = indexOf(value);
        if (!(Number.isInteger(index) && index <= maxCompactTransactions && index >= next)) {
          throw new EncodeError("out_of_order", `${index} is no place from ${next} to 65535`);
        }
        writeCompactSize(writer, index - next);
        next = index + 1;
        write(writer, value);
      },
    };
  };
  return {
    read: (reader) => list(item(), maxCompactTransactions + 1).read(reader),
    write: (writer, value) => list(item(), maxCompactTransactions + 1).write(writer, value),
  };
}

function checkCount({ shortids, prefilledtxn }: CmpctBlock): string | undefined {
  const count = shortids.length + prefilledtxn.length;
  if (count <= maxCompactTransactions) return undefined;
  return `${count} transactions, at most ${maxCompactTransactions}`;
}
