// BOLT 7 "Definition of short_channel_id", as a number, as its parts and as text.
import { type Codec, EncodeError, u64 } from "@satwire/codec";
import { isU64 } from "./integers.ts";

/** `short_channel_id` as one number: 3 bytes of block height, 3 of transaction, 2 of output. */
export const shortChannelId: Codec<bigint> = u64;

/** Where on the chain a channel was funded. */
export interface ChannelPoint {
  /** Height of the block that holds the funding transaction. */
  readonly block: number;
  /** Index of the transaction in its block. */
  readonly transaction: number;
  /** Index of the output in its transaction. */
  readonly output: number;
}

/**
 * The `short_channel_id` of a funding output (BOLT 7).
 *
 * @throws EncodeError `out_of_range` above 24, 24 and 16 bits.
 */
export function toShortChannelId({ block, transaction, output }: ChannelPoint): bigint {
  check("block", block, 0xffffff);
  check("transaction", transaction, 0xffffff);
  check("output", output, 0xffff);
  return (BigInt(block) << 40n) | (BigInt(transaction) << 16n) | BigInt(output);
}

/** Takes a `short_channel_id` apart. @throws EncodeError `out_of_range` beyond 64 bits. */
export function fromShortChannelId(id: bigint): ChannelPoint {
  if (!isU64(id)) {
    throw new EncodeError("out_of_range", `${id} does not fit 64 bits`);
  }
  return {
    block: Number((id >> 40n) & 0xffffffn),
    transaction: Number((id >> 16n) & 0xffffffn),
    output: Number(id & 0xffffn),
  };
}

/** Text form `block x transaction x output`, as in `800000x12x1`. @throws EncodeError `out_of_range` */
export function formatShortChannelId(id: bigint): string {
  const { block, transaction, output } = fromShortChannelId(id);
  return `${block}x${transaction}x${output}`;
}

/**
 * Reads the text form `800000x12x1`.
 *
 * @throws EncodeError `invalid_value` for other text, `out_of_range` for too large numbers.
 */
export function parseShortChannelId(text: string): bigint {
  const match = /^(\d{1,8})x(\d{1,8})x(\d{1,5})$/.exec(text);
  if (match === null) {
    throw new EncodeError("invalid_value", `${JSON.stringify(text)} is not like 800000x12x1`);
  }
  const [block, transaction, output] = match.slice(1).map(Number) as [number, number, number];
  return toShortChannelId({ block, transaction, output });
}

function check(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new EncodeError("out_of_range", `${value} is not an integer from 0 to ${max}`, {
      path: [name],
    });
  }
}
