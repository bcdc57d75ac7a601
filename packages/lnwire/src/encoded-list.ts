// BOLT 7 "Query Messages": lists behind one byte of encoding. Only encoding 0, plain, is allowed.
import {
  type Codec,
  EncodeError,
  type Reader,
  repeated,
  struct,
  u32,
  type Writer,
} from "@satwire/codec";
import { prefixed16 } from "./fields.ts";
import { bigSize } from "./integers.ts";
import { shortChannelId } from "./short-channel-id.ts";

const plain = 0;
const zlib = 1;

/** A pair of numbers, one for each node of a channel; 0 where there is no `channel_update`. */
export interface PerNode {
  readonly node1: number;
  readonly node2: number;
}

const perNode: Codec<PerNode> = /* @__PURE__ */ struct({ node1: u32, node2: u32 });

/** `channel_update_checksums`: CRC32C of both updates, per channel. */
export const checksums: Codec<readonly PerNode[]> = /* @__PURE__ */ repeated(perNode);

/** `encoded_timestamps`: seconds of both updates, per channel. */
export const encodedTimestamps: Codec<readonly PerNode[]> = /* @__PURE__ */ encoded(checksums);

const flags: Codec<readonly bigint[]> = /* @__PURE__ */ repeated(bigSize);

/** `encoded_query_flags`: a bit field per channel. */
export const encodedQueryFlags: Codec<readonly bigint[]> = /* @__PURE__ */ encoded(flags);

const ascendingIds: Codec<readonly bigint[]> = {
  read(reader) {
    const ids: bigint[] = [];
    let previous = -1n;
    while (reader.remaining > 0) {
      const id = shortChannelId.read(reader);
      if (id <= previous) {
        throw reader.error("out_of_order", `${id} follows ${previous}`, reader.offset - 8);
      }
      ids.push(id);
      previous = id;
    }
    return ids;
  },
  write(writer, ids) {
    let previous = -1n;
    for (const id of ids) {
      shortChannelId.write(writer, id);
      if (id <= previous) throw new EncodeError("out_of_order", `${id} follows ${previous}`);
      previous = id;
    }
  },
};

const encodedIds: Codec<readonly bigint[]> = /* @__PURE__ */ encoded(ascendingIds);

/** `encoded_short_ids` behind its length: ascending `short_channel_id`s, each once; at most 8191. */
export const encodedShortIds: Codec<readonly bigint[]> = /* @__PURE__ */ prefixed16(encodedIds);

/* @__NO_SIDE_EFFECTS__ */
function encoded<T>(list: Codec<T>): Codec<T> {
  return {
    read(reader: Reader) {
      const encoding = reader.u8();
      if (encoding !== plain) {
        const name = encoding === zlib ? "zlib (1)" : String(encoding);
        const text = `encoding ${name} must not be used`;
        throw reader.error("unsupported_encoding", text, reader.offset - 1);
      }
      return list.read(reader);
    },
    write(writer: Writer, value) {
      writer.u8(plain);
      list.write(writer, value);
    },
  };
}
