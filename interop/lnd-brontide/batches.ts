/** Messages that both sides can make: contents from SHAKE256 of a label and a number, lengths from a seed. */
import { createHash } from "node:crypto";
import fc from "fast-check";

/** What one side sends. */
export interface Batch {
  readonly label: string;
  readonly sizes: readonly number[];
}

/** The first message of a connection: what the Go program does with it. */
export type Order =
  /** Send back all that follows. */
  | { readonly echo: true }
  /** Send these and expect those, both at once. */
  | { readonly send: Batch; readonly expect: Batch };

/** As bytes. */
export function orderBytes(order: Order): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(order));
}

/** A message of a batch. */
export function messageOf({ label, sizes }: Batch, index: number): Uint8Array {
  const size = sizes[index]!;
  if (size === 0) return new Uint8Array(0);
  const hash = createHash("shake256", { outputLength: size });
  return Uint8Array.from(hash.update(`${label}:${index}`).digest());
}

/** All messages of a batch. */
export function messagesOf(batch: Batch): Uint8Array[] {
  return batch.sizes.map((_, index) => messageOf(batch, index));
}

/** The shortest and the longest messages. */
export const edges: readonly number[] = [0, 1, 2, 65_534, 65_535];

/** Mostly short lengths, all of the edges among them. */
export function mixedSizes(count: number, seed: number): number[] {
  const size = fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: 0, max: 200 }) },
    { weight: 36, arbitrary: fc.integer({ min: 200, max: 1500 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1500, max: 65_535 }) },
    { weight: 1, arbitrary: fc.constantFrom(...edges) },
  );
  return [...edges, ...fc.sample(size, { seed, numRuns: count - edges.length })];
}
