// What inventories speak of (BIP 37, 144, 152, 331, 339).
import { type Codec, EncodeError, type Reader, withPath } from "@satwire/codec";
import { readCompactSize } from "./compact-size.ts";
import { list } from "./fields.ts";

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

/** The most items of one `inv`, `getdata` or `notfound` (`MAX_INV_SZ` of Bitcoin Core). */
export const maxInventory = 50_000;

const itemLength = 36;
const anyList: Codec<readonly InventoryItem[]> = /* @__PURE__ */ list(inventoryItem, maxInventory);

/** Codec of up to {@link maxInventory} items behind their count. */
export const inventoryList: Codec<readonly InventoryItem[]> = {
  read(reader) {
    const start = reader.offset;
    const count = readCompactSize(reader);
    if (count <= maxInventory && count * itemLength <= reader.remaining) {
      return readItems(reader, count);
    }
    // The loop below could not say which item is cut.
    reader.offset = start;
    return anyList.read(reader);
  },
  write: (writer, value) => anyList.write(writer, value),
};

/** Reads items that are all there, without a call for each field. */
function readItems(reader: Reader, count: number): InventoryItem[] {
  const { bytes } = reader;
  const { buffer, byteOffset } = bytes;
  const items: InventoryItem[] = [];
  let at = reader.offset;
  for (let i = 0; i < count; i++) {
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    const high = ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    items.push({ type: (low | high) >>> 0, hash: new Uint8Array(buffer, byteOffset + at + 4, 32) });
    at += itemLength;
  }
  reader.offset = at;
  return items;
}
