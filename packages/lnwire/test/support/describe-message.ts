// What every message must do, run over a frame that was written by hand from the spec's field table.
import { describe, expect, test } from "vitest";
import { type DecodeErrorCode, type EncodeErrorCode } from "@satwire/codec";
import {
  decodeMessage,
  encodeMessage,
  fromHex,
  type KnownMessage,
  type MessageCodec,
  type MessageFields,
  toHex,
} from "../../src/index.ts";
import { thrown } from "./thrown.ts";

type Path = readonly (string | number)[];

/** One message written down twice, as a value and as hex; `K` is its `type`. */
export interface MessageTable<M extends KnownMessage> {
  readonly codec: MessageCodec<M>;
  /** The number in the spec. */
  readonly id: number;
  readonly value: M;
  /** The required fields of `value`, in wire order. */
  readonly fields: { readonly [K in keyof MessageFields<M>]: string };
  /** More values, each with the hex of its whole frame; every TLV record is in one of them. */
  readonly more?: readonly (readonly [what: string, value: M, hex: string])[];
  /** Fields that spoil `value`; the path goes on from the name of the message. */
  readonly badValues: readonly (readonly [
    what: string,
    change: { readonly [K in keyof M]?: unknown },
    code: EncodeErrorCode,
    path: Path,
  ])[];
  /** Frames that must be refused; the path goes on from the name of the message. */
  readonly badHex: readonly (readonly [
    what: string,
    hex: string,
    code: DecodeErrorCode,
    path: Path,
    offset?: number,
  ])[];
}

/** Extensions that are wrong for every message: no message has records 201 to 203. */
const badExtensions: readonly (readonly [what: string, hex: string, code: DecodeErrorCode])[] = [
  ["a single byte", "00", "short_read"],
  ["a type cut short", "fd01", "short_read"],
  ["a type without length", "c9", "short_read"],
  ["a length beyond the end", "c9022a", "short_read"],
  ["a type in a longer form", "fd00c900", "non_canonical"],
  ["a length in a longer form", "c9fd00012a", "non_canonical"],
  ["an unknown even record", "ca012a", "unknown_required"],
  ["a repeated record", "c90101c90102", "out_of_order"],
  ["records in descending order", "cb00c900", "out_of_order"],
];

/** The hex of a frame: its type, then the fields as they are given. */
export function frameHex(id: number, fields: Readonly<Record<string, string>>): string {
  return id.toString(16).padStart(4, "0") + Object.values(fields).join("");
}

/** Runs the table, and what follows from it: cut frames, bad extensions, unknown odd records. */
export function describeMessage<M extends KnownMessage>(table: MessageTable<M>): void {
  const { codec, id, value, fields, more = [], badValues, badHex } = table;
  const name = value.type;
  const entries = Object.entries<string>(fields);
  const hex = frameHex(id, fields);

  describe(name, () => {
    test("has its number", () => {
      expect(codec.id).toBe(id);
    });

    const valid = [["as in the spec", value, hex] as const, ...more];
    test.each(valid)("is written and read: %s", (_what, message, bytes) => {
      expect(toHex(encodeMessage(message))).toBe(bytes);
      expect(decodeMessage(fromHex(bytes))).toStrictEqual(message);
    });

    test.each(Object.keys(codec.tlvs))("the table has the record %s", (record) => {
      expect(more.some(([, message]) => Object.hasOwn(message, record))).toBe(true);
    });

    test("cut at any byte, it names the field that is cut", () => {
      let end = 2;
      for (const [field, fieldHex] of entries) {
        const start = end;
        end += fieldHex.length / 2;
        for (let cut = start; cut < end; cut++) {
          const error = thrown(() => decodeMessage(fromHex(hex.slice(0, 2 * cut))));
          expect([error.code, ...error.path.slice(0, 2)]).toEqual(["short_read", name, field]);
        }
      }
      expect(end).toBe(hex.length / 2);
    });

    test.each(badExtensions)("followed by %s (0x%s), it is refused", (_what, extension, code) => {
      const error = thrown(() => decodeMessage(fromHex(hex + extension)));
      expect(error).toMatchObject({ name: "DecodeError", code, path: [name] });
    });

    test("followed by an unknown even record, it is refused", () => {
      const tlvs = Object.values<readonly [type: number | bigint, unknown]>(codec.tlvs);
      const known = new Set(tlvs.map(([tlv]) => Number(tlv)));
      for (let even = 0; even < 0xfd; even += 2) {
        if (known.has(even)) continue;
        const extended = `${hex}${even.toString(16).padStart(2, "0")}00`;
        const error = thrown(() => decodeMessage(fromHex(extended)));
        expect(error).toMatchObject({ code: "unknown_required", path: [name] });
      }
    });

    test("keeps odd records that it does not know", () => {
      for (const [, message, bytes] of valid) {
        const extended = `${bytes}c9012a` + "ffffffffffffffffff" + "00";
        const read = decodeMessage(fromHex(extended));
        const unknown = [
          { type: 201n, value: fromHex("2a") },
          { type: 2n ** 64n - 1n, value: fromHex("") },
        ];
        expect(read).toStrictEqual({
          ...message,
          unknown: [...(message.unknown ?? []), ...unknown],
        });
        expect(toHex(encodeMessage(read))).toBe(extended);
      }
    });

    test.each(badValues)("is not written with %s", (_what, change, code, path) => {
      const error = thrown(() => encodeMessage({ ...value, ...change } as KnownMessage));
      expect(error).toMatchObject({ name: "EncodeError", code, path: [name, ...path] });
    });

    test.each(entries)("is not written without %s", (field) => {
      const error = thrown(() => encodeMessage({ ...value, [field]: undefined } as KnownMessage));
      expect(error).toMatchObject({ code: "missing_field", path: [name, field] });
    });

    for (const [what, bytes, code, path, offset] of badHex) {
      test(`is not read with ${what}`, () => {
        const error = thrown(() => decodeMessage(fromHex(bytes)));
        expect(error).toMatchObject({ name: "DecodeError", code, path: [name, ...path] });
        if (offset !== undefined) expect(error).toMatchObject({ offset });
      });
    }
  });
}
