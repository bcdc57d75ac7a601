// Every message of Bitcoin in one set. Chapters are listed here, messages in their chapters.
import type { UnknownMessage } from "./message.ts";
import { messageSet, type MessageSet } from "./message-set.ts";
import { type AddressMessage, addressMessages } from "./messages/addresses.ts";
import { type BlocksMessage, blocksMessages } from "./messages/blocks.ts";
import { type BloomFilterMessage, bloomFilterMessages } from "./messages/bloom-filters.ts";
import { type CompactBlockMessage, compactBlockMessages } from "./messages/compact-blocks.ts";
import { type CompactFilterMessage, compactFilterMessages } from "./messages/compact-filters.ts";
import { type ControlMessage, controlMessages } from "./messages/control.ts";
import { type HandshakeMessage, handshakeMessages } from "./messages/handshake.ts";
import { type InventoryMessage, inventoryMessages } from "./messages/inventory.ts";

/** Every message that nodes of today send or take. */
export type KnownMessage =
  | HandshakeMessage
  | ControlMessage
  | AddressMessage
  | InventoryMessage
  | BlocksMessage
  | CompactBlockMessage
  | CompactFilterMessage
  | BloomFilterMessage;

/** What can come out of a connection: a known message or the bytes of an unknown one. */
export type BitcoinMessage = KnownMessage | UnknownMessage;

/** The set of all messages that nodes of today send or take. Drafts and messages of one's own are not in it. */
export const bitcoinMessages: MessageSet<KnownMessage> = /* @__PURE__ */ messageSet([
  ...handshakeMessages,
  ...controlMessages,
  ...addressMessages,
  ...inventoryMessages,
  ...blocksMessages,
  ...compactBlockMessages,
  ...compactFilterMessages,
  ...bloomFilterMessages,
]);
