// Changes of byte strings that know nothing of what they mean.
import fc from "fast-check";
import { record, u8 } from "./values.ts";

/** One to three changes to a byte string: flipped, replaced, removed, inserted, cut or added bytes. */
export function mutated(original: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = record({
    kind: fc.constantFrom("flip", "replace", "remove", "insert", "cut", "append"),
    at: fc.nat({ max: 0xffff }),
    byte: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0xfd, 0xfe, 0xff), u8),
  });
  return fc
    .tuple(original, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([start, changes]) =>
      changes.reduce((value, { kind, at, byte }) => {
        const index = value.length === 0 ? 0 : at % value.length;
        const [before, after] = [value.subarray(0, index), value.subarray(index + 1)];
        switch (kind) {
          case "flip":
            return Uint8Array.of(...before, (value[index] ?? 0) ^ (1 << (byte & 7)), ...after);
          case "replace":
            return Uint8Array.of(...before, byte, ...after);
          case "remove":
            return Uint8Array.of(...before, ...after);
          case "insert":
            return Uint8Array.of(...before, byte, ...value.subarray(index));
          case "cut":
            return before.slice();
          case "append":
            return Uint8Array.of(...value, byte);
        }
      }, start),
    );
}
