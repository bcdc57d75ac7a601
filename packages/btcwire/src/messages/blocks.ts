// Blocks, their headers, and how both are asked for.
import { type Codec, rest, u32le } from "@satwire/codec";
import type { Block } from "../block-index.ts";
import { type BlockHeader, blockHeader } from "../block-header.ts";
import { readCompactSize, writeCompactSize } from "../compact-size.ts";
import { hash, list } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** The most hashes of a block locator (`MAX_LOCATOR_SZ` of Bitcoin Core). */
export const maxLocator = 101;

/** The most headers of one `headers`; as many mean that there are more. */
export const maxHeaders = 2000;

/** What `getblocks` and `getheaders` say. */
interface BlockRequest {
  /** The sender's protocol version; nodes ignore it. */
  readonly version: number;
  /** Hashes of blocks that the sender has, the last first; at most 101. See `locatorHeights`. */
  readonly locator: readonly Uint8Array[];
  /** The last block that is wanted; zeros for as many as there are. */
  readonly hashStop: Uint8Array;
}

const hashes: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxLocator);

/** `getblocks`: asks for an `inv` of up to 500 blocks behind the locator. */
export interface GetBlocks extends MessageBase<"getblocks">, BlockRequest {}

/** Codec of {@link GetBlocks}. */
export const getblocks: MessageCodec<GetBlocks> = /* @__PURE__ */ message(
  "getblocks",
  { version: u32le, locator: hashes, hashStop: hash },
  { shortId: 9 },
);

/** `getheaders`: asks for up to 2,000 headers behind the locator; without one for the header of `hashStop`. */
export interface GetHeaders extends MessageBase<"getheaders">, BlockRequest {}

/** Codec of {@link GetHeaders}. */
export const getheaders: MessageCodec<GetHeaders> = /* @__PURE__ */ message(
  "getheaders",
  { version: u32le, locator: hashes, hashStop: hash },
  { shortId: 12 },
);

/** A header as `headers` carries it. */
export interface AnnouncedHeader extends BlockHeader {
  /** The number behind the header; absent for 0, which is all that nodes send. Bitcoin Core ignores it. */
  readonly transactionCount?: number;
}

const announcedHeader: Codec<AnnouncedHeader> = {
  read(reader) {
    const header = blockHeader.read(reader);
    const transactionCount = readCompactSize(reader);
    return transactionCount === 0 ? header : { ...header, transactionCount };
  },
  write(writer, value) {
    blockHeader.write(writer, value);
    writeCompactSize(writer, value.transactionCount ?? 0);
  },
};

/** `headers`: headers of blocks, each the child of the one before. */
export interface Headers extends MessageBase<"headers"> {
  /** At most 2,000. */
  readonly headers: readonly AnnouncedHeader[];
}

const headerList: Codec<readonly AnnouncedHeader[]> = /* @__PURE__ */ list(
  announcedHeader,
  maxHeaders,
);

/** Codec of {@link Headers}. */
export const headers: MessageCodec<Headers> = /* @__PURE__ */ message(
  "headers",
  { headers: headerList },
  { shortId: 13 },
);

/**
 * `block`: a block whose transactions stay as they came. Reading does not look at them: `indexBlock` does, and
 * refuses what is no block.
 */
export interface BlockMessage extends MessageBase<"block">, Block {}

/** Codec of {@link BlockMessage}. */
export const block: MessageCodec<BlockMessage> = /* @__PURE__ */ message(
  "block",
  { header: blockHeader, body: rest },
  { shortId: 2 },
);

/** The messages of this chapter. */
export type BlocksMessage = GetBlocks | GetHeaders | Headers | BlockMessage;

/** All codecs of this chapter, for a set of one's own. */
export const blocksMessages: readonly MessageCodec<BlocksMessage>[] = [
  getblocks,
  getheaders,
  headers,
  block,
];
