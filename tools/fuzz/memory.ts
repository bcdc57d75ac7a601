// How much memory a call needs. Needs `--expose-gc`.
import { getHeapStatistics } from "node:v8";

type Read = (input: Uint8Array) => unknown;

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc");
  // V8 counts buffers off that it has freed when it collects the next time.
  globalThis.gc();
  globalThis.gc();
};

/** Bytes of the heap and of buffers outside it, after a collection. */
export function heapNow(): number {
  collect();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/**
 * Bytes that one call allocates, those included that it does not keep. V8 counts in pieces of some 100 kB. If
 * it is more than `limit`, the least of three calls: something else may have come between.
 */
export function allocatedBy(read: Read, input: Uint8Array, limit: number): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = getHeapStatistics();
    call(read, input);
    const after = getHeapStatistics();
    // Buffers of before may have been collected in between.
    const outside = Math.max(0, after.external_memory - before.external_memory);
    const inside = after.total_allocated_bytes - before.total_allocated_bytes;
    least = Math.min(least, inside + outside);
    if (least <= limit) break;
  }
  return least;
}

/**
 * Bytes that the result of a call holds, and bytes that stay when it is gone. If it holds more than `exact`,
 * or anything stays, they are medians of five calls.
 */
export function heldBy(
  read: Read,
  input: Uint8Array,
  exact: number,
): { held: number; left: number } {
  const held: number[] = [];
  const left: number[] = [];
  do {
    const before = heapNow();
    const results = [call(read, input)];
    held.push(heapNow() - before);
    results.length = 0;
    left.push(heapNow() - before);
  } while (held.length < 5 && (median(held) > exact || median(left) > smallRest));
  return { held: Math.max(0, median(held)), left: Math.max(0, median(left)) };
}

// Code that was compiled, the figures themselves.
const smallRest = 50_000;

function call(read: Read, input: Uint8Array): unknown {
  try {
    return read(input);
  } catch (error) {
    return error;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
