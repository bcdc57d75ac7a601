// What every message must do, run over a payload that was written by hand from the field table of its BIP.
import { describe, expect, test } from "vitest";
import type { DecodeErrorCode, EncodeErrorCode, Path } from "@satwire/codec";
import {
  bitcoinMessages,
  type DecodeError,
  fromHex,
  type MessageBase,
  type MessageCodec,
  type MessageFields,
  messageSet,
  type MessageTail,
  toHex,
} from "../../src/index.ts";
import { thrown } from "./thrown.ts";

/** One message written down twice, as a value and as hex. */
export interface MessageTable<M extends MessageBase> {
  readonly codec: MessageCodec<M>;
  readonly command: M["type"];
  /** The number in the table of BIP 324, if it has one. */
  readonly shortId?: number;
  /** With every field whose hex is given, and no other. */
  readonly value: M;
  /** The fields of `value` in wire order: those that are required, then as many of the tail as there are. */
  readonly fields: { readonly [K in keyof MessageFields<M>]: string } & {
    readonly [K in keyof MessageTail<M>]?: string;
  };
  /** Whether the last field takes all that follows. */
  readonly openEnd?: boolean;
  /** More values, each with the hex of its whole payload; every field of the tail is in one of them or in `value`. */
  readonly more?: readonly (readonly [what: string, value: M, hex: string])[];
  /** Fields that spoil `value`; the path goes on from the command. */
  readonly badValues: readonly (readonly [
    what: string,
    change: { readonly [K in keyof M]?: unknown },
    code: EncodeErrorCode,
    path: Path,
  ])[];
  /** Payloads that must be refused; the path goes on from the command. */
  readonly badHex: readonly (readonly [
    what: string,
    hex: string,
    code: DecodeErrorCode,
    path: Path,
    offset?: number,
  ])[];
  /** A set that the message is in, if it is not in the default one. */
  readonly set?: Pick<typeof bitcoinMessages, "commandOfShortId" | "shortIdOf"> & Coder;
}

// What is read and written here is of no particular type.
interface Coder {
  decode(command: string, payload: Uint8Array): unknown;
  encode(message: never): Uint8Array;
  inspect(
    command: string,
    payload: Uint8Array,
  ):
    | { readonly valid: true; readonly message: unknown }
    | {
        readonly valid: false;
        readonly message: unknown;
        readonly problem: DecodeError;
        readonly undecoded: Uint8Array;
      };
}

/** The hex of a payload: the fields as they are given. */
export function payloadHex(fields: object): string {
  return Object.values(fields).join("");
}

/** Runs the table, and what follows from it: cut payloads, bytes behind the end, absent fields. */
export function describeMessage<M extends MessageBase>(table: MessageTable<M>): void {
  const { codec, command, value, openEnd = false, more = [], badValues, badHex } = table;
  const set = table.set ?? bitcoinMessages;
  const entries = Object.entries<string>(table.fields as Record<string, string>);
  const names = entries.map(([name]) => name);
  const required = Object.keys(codec.fields);
  const tail = Object.keys(codec.tail);
  const hex = payloadHex(table.fields);
  const { length } = fromHex(hex);
  const last = names.at(-1);

  const encoded = (message: object): string => toHex(set.encode(message as never));
  const decoded = (bytes: string): unknown => set.decode(command, fromHex(bytes));
  /** The first fields of `value`. */
  const upTo = (count: number): Record<string, unknown> => {
    const kept = new Set(["type", ...names.slice(0, count)]);
    return Object.fromEntries(Object.entries(value).filter(([key]) => kept.has(key)));
  };

  function isRead(bytes: string, message: object): void {
    expect(decoded(bytes)).toStrictEqual(message);
    expect(set.inspect(command, fromHex(bytes))).toStrictEqual({ valid: true, message });
    expect(encoded(message)).toBe(bytes);
  }

  /** Returns the error of `decode`, which `inspect` reports, too. */
  function isRefused(bytes: string, understood?: { message: object; length: number }): DecodeError {
    const payload = fromHex(bytes);
    const error = thrown(() => set.decode(command, payload)) as DecodeError;
    expect(error.name).toBe("DecodeError");
    const found = set.inspect(command, payload);
    if (found.valid) throw new Error("inspect takes it", { cause: found.message });
    const { code, path, offset, message } = error;
    expect(found.problem).toMatchObject({ name: "DecodeError", code, path, offset, message });
    expect(found.message).toHaveProperty("type", command);
    expect(bytes.endsWith(toHex(found.undecoded))).toBe(true);
    if (understood !== undefined) {
      expect(found.message).toStrictEqual(understood.message);
      expect(payload.length - found.undecoded.length).toBe(understood.length);
    }
    return error;
  }

  describe(command, () => {
    test("has its command and its short id", () => {
      expect([codec.command, value.type, codec.shortId]).toEqual([command, command, table.shortId]);
      expect(set.shortIdOf(command)).toBe(table.shortId);
      if (table.shortId !== undefined) expect(set.commandOfShortId(table.shortId)).toBe(command);
    });

    test("is described in the order of the wire, field by field", () => {
      expect(names).toEqual([...required, ...tail].slice(0, names.length));
      expect(names.length).toBeGreaterThanOrEqual(required.length);
      expect(Object.keys(upTo(names.length)).sort()).toEqual(Object.keys(value).sort());
      for (const field of tail) {
        const values = [value, ...more.map(([, message]) => message)];
        if (field !== "trailing") {
          expect(values.some((message) => Object.hasOwn(message, field))).toBe(true);
        }
      }
    });

    const valid = [["as in the spec", value, hex] as const, ...more];
    test.each(valid)("is written and read: %s", (_what, message, bytes) => {
      isRead(bytes, message);
    });

    test("is unknown where it is not in the set, and stays as it is", () => {
      const empty = messageSet([]);
      for (const [, , bytes] of valid) {
        const message = empty.decode(command, fromHex(bytes));
        expect(message).toStrictEqual({ type: "unknown", command, payload: fromHex(bytes) });
        expect(toHex(empty.encode(message))).toBe(bytes);
        expect(empty.inspect(command, fromHex(bytes))).toStrictEqual({ valid: true, message });
      }
    });

    if (length > 0) {
      test("cut at any byte, it names the field that is cut, or is one of an older peer", () => {
        let end = 0;
        for (const [i, [field, fieldHex]] of entries.entries()) {
          const start = end;
          end += fieldHex.length / 2;
          for (let cut = start; cut < end; cut++) {
            const bytes = hex.slice(0, 2 * cut);
            if (openEnd && field === last) {
              isRead(bytes, { ...upTo(i), [field]: fromHex(hex.slice(2 * start, 2 * cut)) });
            } else if (cut === start && i >= required.length) {
              isRead(bytes, upTo(i));
            } else {
              const error = isRefused(bytes, { message: upTo(i), length: start });
              expect([error.code, ...error.path.slice(0, 2)]).toEqual([
                "short_read",
                command,
                field,
              ]);
            }
          }
        }
        expect(end).toBe(length);
      });
    }

    if (openEnd) {
      test("followed by other bytes, it takes them into its last field", () => {
        const before = hex.slice(0, hex.length - (entries.at(-1)?.[1] ?? "").length);
        for (const extra of ["00", "c0ffee"]) {
          const longer = fromHex((hex + extra).slice(before.length));
          isRead(hex + extra, { ...value, [last as string]: longer });
        }
      });
    } else if (tail.at(-1) === "trailing") {
      test("followed by other bytes, it keeps them", () => {
        for (const extra of ["00", "c0ffee"]) {
          isRead(hex + extra, { ...value, trailing: fromHex(extra) });
        }
      });
    } else {
      test("followed by other bytes, it is refused", () => {
        for (const extra of ["00", "c0ffee"]) {
          const error = isRefused(hex + extra, { message: value, length });
          expect(error).toMatchObject({
            code: "trailing_bytes",
            path: [command],
            offset: length,
          });
        }
      });
    }

    if (badValues.length > 0) {
      test.each(badValues)("is not written with %s", (_what, change, code, path) => {
        const error = thrown(() => encoded({ ...value, ...change }));
        expect(error).toMatchObject({ name: "EncodeError", code, path: [command, ...path] });
      });
    }

    if (required.length > 0) {
      test.each(required)("is not written without %s", (field) => {
        const error = thrown(() => encoded({ ...value, [field]: undefined }));
        expect(error).toMatchObject({
          name: "EncodeError",
          code: "missing_field",
          path: [command, field],
        });
      });
    }

    const gaps = names.slice(required.length, -1);
    if (gaps.length > 0) {
      test.each(gaps)("is not written without %s in front of a later field", (field) => {
        const error = thrown(() => encoded({ ...value, [field]: undefined }));
        const next = names[names.indexOf(field) + 1];
        expect(error).toMatchObject({
          name: "EncodeError",
          code: "missing_field",
          path: [command, next],
        });
      });
    }

    for (const [what, bytes, code, path, offset] of badHex) {
      test(`is not read with ${what}`, () => {
        const error = isRefused(bytes);
        expect(error).toMatchObject({ code, path: [command, ...path] });
        if (offset !== undefined) expect(error).toMatchObject({ offset });
      });
    }
  });
}
