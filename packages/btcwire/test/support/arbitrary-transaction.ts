// Random transactions: such as can be written, of every form, and bytes that are nearly one.
import fc from "fast-check";
import type { Transaction, TransactionInput, TransactionOutput } from "../../src/index.ts";

const u32: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const i64: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2_100_000_000_000_000n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
// Around the limits of one byte of length, sometimes.
const script: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 250, maxLength: 256 }) },
);
const hash: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.constant(new Uint8Array(32)),
);

const input: fc.Arbitrary<TransactionInput> = fc.record(
  {
    txid: hash,
    vout: u32,
    scriptSig: script,
    sequence: u32,
    witness: fc.oneof(fc.constant([]), fc.array(script, { maxLength: 4 })),
  },
  { noNullPrototype: true },
);
const output: fc.Arbitrary<TransactionOutput> = fc.record(
  { value: i64, scriptPubKey: script },
  { noNullPrototype: true },
);

/** Any transaction that can be written; without inputs it has no outputs either. */
export const anyTransaction: fc.Arbitrary<Transaction> = fc
  .record(
    {
      version: u32,
      inputs: fc.array(input, { maxLength: 4 }),
      outputs: fc.array(output, { maxLength: 4 }),
      lockTime: u32,
    },
    { noNullPrototype: true },
  )
  .map((value) => (value.inputs.length === 0 ? { ...value, outputs: [] } : value));

/** One to three changes to bytes: flipped bits, other bytes, some more and some less. */
export function changed(original: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(fc.constantFrom(0, 1, 2, 0xfd, 0xfe, 0xff), fc.nat(255));
  const change = fc.tuple(fc.nat(3), fc.nat(0xffff), byte);
  return fc
    .tuple(original, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([start, changes]) =>
      changes.reduce((bytes, [kind, anywhere, value]) => {
        const at = bytes.length === 0 ? 0 : anywhere % bytes.length;
        const all = [...bytes];
        if (kind === 0) all.splice(at, 1, (bytes[at] ?? 0) ^ (1 << (value & 7)));
        else all.splice(at, kind === 1 ? 0 : 1, ...(kind === 3 ? [] : [value]));
        return Uint8Array.from(all);
      }, start),
    );
}
