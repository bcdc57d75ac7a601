// Bytes in pieces, as a network delivers them.
import fc from "fast-check";
import { checkCount } from "./limits.ts";

/** Options of {@link chunkings}. */
export interface ChunkingOptions {
  /** Most pieces, from 1 on; one piece per byte comes in addition. @default 20 */
  readonly maxChunks?: number | undefined;
  /** Whether there may be pieces without bytes. @default true */
  readonly empty?: boolean | undefined;
}

/**
 * The bytes cut into pieces at any places; put together again they are the bytes. Every piece is a copy, which may be
 * changed. Shrinks towards one piece.
 *
 * @throws RangeError for a `maxChunks` that is none
 * @example
 * ```ts
 * fc.assert(fc.property(chunkings(stream), (chunks) => {
 *   const reader = new Reader();
 *   assert.deepEqual(chunks.flatMap((chunk) => reader.push(chunk)), messages);
 * }));
 * ```
 */
export function chunkings(
  bytes: Uint8Array,
  { maxChunks = 20, empty = true }: ChunkingOptions = {},
): fc.Arbitrary<Uint8Array[]> {
  checkCount("maxChunks", maxChunks, 1);
  const { length } = bytes;
  const everyPlace = Array.from({ length: Math.max(length - 1, 0) }, (_, index) => index + 1);
  return fc
    .oneof(
      { withCrossShrink: true },
      { arbitrary: placesIn(length, maxChunks - 1, empty), weight: 9 },
      { arbitrary: fc.constant(everyPlace), weight: 1 },
    )
    .map((cuts) => cutAt(bytes, cuts));
}

/** Places to cut at; those at both ends and those that are the same make empty pieces. */
function placesIn(length: number, maxLength: number, empty: boolean): fc.Arbitrary<number[]> {
  const limits = { maxLength, size: "max" } as const;
  if (empty) return fc.array(fc.nat({ max: length }), limits);
  if (length < 2) return fc.constant([]);
  return fc.uniqueArray(fc.integer({ min: 1, max: length - 1 }), limits);
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...cuts].toSorted((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const to of [...sorted, bytes.length]) {
    pieces.push(bytes.slice(from, to));
    from = to;
  }
  return pieces;
}
