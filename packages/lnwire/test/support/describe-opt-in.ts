// What every message outside the default set must do, in a set of its own, run over hex that was written by
// hand: each field and each TLV record by itself.
import { describe, expect, test } from "vitest";
import { type DecodeErrorCode, type EncodeErrorCode, type Path } from "@satwire/codec";
import {
  fromHex,
  type MessageBase,
  type MessageCodec,
  type MessageFields,
  messageSet,
  type TlvFields,
  toHex,
} from "../../src/index.ts";
import { thrown } from "./thrown.ts";

/** One message written down twice, as a value and as hex. */
export interface OptInTable<M extends MessageBase> {
  readonly codec: MessageCodec<M>;
  readonly id: number;
  readonly name: M["type"];
  /** With every TLV record. */
  readonly value: M;
  /** The required fields of `value`, in wire order. */
  readonly fields: { readonly [K in keyof MessageFields<M>]: string };
  /** The TLV records of `value`, type and length included, ascending. */
  readonly records: { readonly [K in keyof TlvFields<M>]: string };
  /** Whether the last field takes all that follows, so that there is nothing like an extension. */
  readonly openEnd?: boolean;
  /** More values, each with the hex of its whole frame. */
  readonly more?: readonly (readonly [what: string, value: M, hex: string])[];
  /** Fields that spoil `value`; the path goes on from the name of the message. */
  readonly badValues: readonly (readonly [
    what: string,
    change: { readonly [K in keyof M]?: unknown },
    code: EncodeErrorCode,
    path: Path,
  ])[];
  /** What must be refused behind the required fields; the path goes on from the name of the message. */
  readonly badRecords: readonly (readonly [
    what: string,
    hex: string,
    code: DecodeErrorCode,
    path: Path,
    /** From the end of the required fields. */
    offset?: number,
  ])[];
}

/** Extensions that are wrong for every message: no message has records 201 to 203. */
const badExtensions: OptInTable<MessageBase>["badRecords"] = [
  ["a single byte", "c9", "short_read", []],
  ["a type cut short", "fd01", "short_read", []],
  ["a length beyond the end", "c9022a", "short_read", []],
  ["a type in a longer form", "fd00c900", "non_canonical", []],
  ["a length in a longer form", "c9fd00012a", "non_canonical", []],
  ["an unknown even record", "ca012a", "unknown_required", [], 0],
  ["a repeated record", "c90101c90102", "out_of_order", [], 3],
  ["records in descending order", "cb00c900", "out_of_order", [], 2],
];

/** Runs the table, and what follows from it: single records, cut frames, bad extensions, unknown records. */
export function describeOptIn<M extends MessageBase>(table: OptInTable<M>): void {
  const { codec, id, name, value, openEnd = false, more = [], badValues, badRecords } = table;
  const set = messageSet([codec]);
  const fields = Object.entries<string>(table.fields);
  const records = Object.entries<string>(table.records);
  const type = id.toString(16).padStart(4, "0");
  const start = type + fields.map(([, hex]) => hex).join("");
  const hex = start + records.map(([, record]) => record).join("");
  const only = (keys: readonly string[]): Record<string, unknown> => {
    const kept = new Set(["type", ...fields.map(([field]) => field), ...keys]);
    return Object.fromEntries(Object.entries(value).filter(([key]) => kept.has(key)));
  };
  const decoded = (bytes: string): unknown => set.decode(fromHex(bytes));
  const encoded = (message: unknown): string => toHex(set.encode(message as M));

  describe(name, () => {
    test("has its number and name", () => {
      expect([codec.id, codec.name]).toEqual([id, name]);
    });

    test.each([["with everything", value, hex] as const, ...more])(
      "is written and read: %s",
      (_what, message, bytes) => {
        expect(encoded(message)).toBe(bytes);
        expect(decoded(bytes)).toStrictEqual(message);
      },
    );

    test("is written and read without any record", () => {
      expect(encoded(only([]))).toBe(start);
      expect(decoded(start)).toStrictEqual(only([]));
    });

    if (records.length > 0) {
      test.each(records)("is written and read with nothing but %s", (key, record) => {
        expect(Object.hasOwn(value, key)).toBe(true);
        expect(encoded(only([key]))).toBe(start + record);
        expect(decoded(start + record)).toStrictEqual(only([key]));
      });

      test("cut at any byte of a record, it is refused; between records, it is read", () => {
        let end = start.length / 2;
        records.forEach(([, record], i) => {
          const whole = end;
          const keys = records.slice(0, i).map(([key]) => key);
          expect(decoded(hex.slice(0, 2 * whole))).toStrictEqual(only(keys));
          end += record.length / 2;
          for (let cut = whole + 1; cut < end; cut++) {
            const error = thrown(() => decoded(hex.slice(0, 2 * cut)));
            expect(error).toMatchObject({ code: "short_read", path: [name] });
          }
        });
        expect(end).toBe(hex.length / 2);
      });
    }

    if (fields.length > 0) {
      test("cut at any byte of a field, it names the field", () => {
        const last = fields.at(-1)?.[0];
        let end = 2;
        for (const [field, fieldHex] of fields) {
          const from = end;
          end += fieldHex.length / 2;
          if (openEnd && field === last) break;
          for (let cut = from; cut < end; cut++) {
            const error = thrown(() => decoded(hex.slice(0, 2 * cut)));
            expect([error.code, ...error.path.slice(0, 2)]).toEqual(["short_read", name, field]);
          }
        }
      });

      test.each(fields)("is not written without %s", (field) => {
        const error = thrown(() => encoded({ ...value, [field]: undefined }));
        expect(error).toMatchObject({ code: "missing_field", path: [name, field] });
      });
    }

    const bad = openEnd ? badRecords : [...badExtensions, ...badRecords];
    for (const [what, record, code, path, offset] of bad) {
      test(`is not read with ${what}`, () => {
        const error = thrown(() => decoded(start + record));
        expect(error).toMatchObject({ name: "DecodeError", code, path: [name, ...path] });
        if (offset !== undefined) {
          expect(error).toMatchObject({ offset: start.length / 2 + offset });
        }
      });
    }

    if (!openEnd) {
      test("keeps odd records that it does not know", () => {
        const extended = `${hex}c9012a` + "ffffffffffffffffff" + "00";
        const unknown = [
          { type: 201n, value: fromHex("2a") },
          { type: 2n ** 64n - 1n, value: fromHex("") },
        ];
        expect(decoded(extended)).toStrictEqual({ ...value, unknown });
        expect(encoded({ ...value, unknown })).toBe(extended);
      });
    }

    if (badValues.length > 0) {
      test.each(badValues)("is not written with %s", (_what, change, code, path) => {
        const error = thrown(() => encoded({ ...value, ...change }));
        expect(error).toMatchObject({ name: "EncodeError", code, path: [name, ...path] });
      });
    }
  });
}
