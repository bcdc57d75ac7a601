// What inventories speak of (BIP 37, 144, 152, 331, 339).
import { type Codec, EncodeError, withPath } from "@satwire/codec";

/** Kinds of inventory by their numbers. A number that is not here may still come. */
export const inventoryType = {
  error: 0,
  tx: 1,
  block: 2,
  /** A `merkleblock` (BIP 37); in `getdata` only. */
  filteredBlock: 3,
  /** A `cmpctblock` (BIP 152); in `getdata` only. */
  compactBlock: 4,
  /** A transaction by its wtxid (BIP 339). */
  wtx: 5,
  /** Transactions by their combined hash (BIP 331, draft); in `notfound` only. */
  packageTransactions: 6,
  /** The unconfirmed ancestors of a wtxid (BIP 331, draft); in `getdata` only. */
  ancestorPackage: 7,
  /** A transaction by its txid, with its witness (BIP 144); in `getdata` only. */
  witnessTx: 0x4000_0001,
  /** A block with its witnesses (BIP 144); in `getdata` only. */
  witnessBlock: 0x4000_0002,
} as const;

/** The bit of an inventory type that asks for witnesses (BIP 144). */
export const witnessFlag = 0x4000_0000;

/** One thing that a node has or wants. */
export interface InventoryItem {
  /** See {@link inventoryType}. */
  readonly type: number;
  /** 32 bytes in the order of the wire: a txid, a wtxid or the hash of a block. */
  readonly hash: Uint8Array;
}

/** Codec of {@link InventoryItem}: 36 bytes. */
export const inventoryItem: Codec<InventoryItem> = {
  // By hand: there are up to 50,000 in a message.
  read(reader) {
    let key = "type";
    try {
      const type = reader.u32le();
      key = "hash";
      return { type, hash: reader.take(32) };
    } catch (error) {
      throw withPath(error, key);
    }
  },
  write(writer, { type, hash }) {
    let key = "type";
    try {
      if (type === undefined) throw new EncodeError("missing_field", "is required");
      writer.u32le(type);
      key = "hash";
      if (hash === undefined) throw new EncodeError("missing_field", "is required");
      if (hash?.length !== 32) {
        throw new EncodeError("wrong_length", `expected 32 bytes, got ${hash?.length}`);
      }
      writer.put(hash);
    } catch (error) {
      throw withPath(error, key);
    }
  },
};
