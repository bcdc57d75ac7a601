// What nodes have, what they want, and transactions.
import { type InventoryItem, inventoryList } from "../inventory.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";
import { type Transaction, transaction } from "../transaction.ts";

/** `inv`: what the sender has. */
export interface Inv extends MessageBase<"inv"> {
  /** At most 50,000. */
  readonly inventory: readonly InventoryItem[];
}

/** Codec of {@link Inv}. */
export const inv: MessageCodec<Inv> = /* @__PURE__ */ message(
  "inv",
  { inventory: inventoryList },
  { shortId: 14 },
);

/** `getdata`: what the sender wants. */
export interface GetData extends MessageBase<"getdata"> {
  /** At most 50,000. */
  readonly inventory: readonly InventoryItem[];
}

/** Codec of {@link GetData}. */
export const getdata: MessageCodec<GetData> = /* @__PURE__ */ message(
  "getdata",
  { inventory: inventoryList },
  { shortId: 11 },
);

/** `notfound`: what was asked for and is not there; Bitcoin Core says so of transactions only. */
export interface NotFound extends MessageBase<"notfound"> {
  /** At most 50,000; Bitcoin Core ignores more than 5,016. */
  readonly inventory: readonly InventoryItem[];
}

/** Codec of {@link NotFound}. */
export const notfound: MessageCodec<NotFound> = /* @__PURE__ */ message(
  "notfound",
  { inventory: inventoryList },
  { shortId: 17 },
);

/** `mempool` (BIP 35): asks for the unconfirmed transactions, as `inv`. */
export interface Mempool extends MessageBase<"mempool">, Trailing {}

/** Codec of {@link Mempool}. */
export const mempool: MessageCodec<Mempool> = /* @__PURE__ */ signal("mempool", 15);

/** `tx` (BIP 144): one transaction. */
export interface Tx extends MessageBase<"tx"> {
  readonly transaction: Transaction;
}

/** Codec of {@link Tx}. */
export const tx: MessageCodec<Tx> = /* @__PURE__ */ message("tx", { transaction }, { shortId: 21 });

/** The messages of this chapter. */
export type InventoryMessage = Inv | GetData | NotFound | Mempool | Tx;

/** All codecs of this chapter, for a set of one's own. */
export const inventoryMessages: readonly MessageCodec<InventoryMessage>[] = [
  inv,
  getdata,
  notfound,
  mempool,
  tx,
];
