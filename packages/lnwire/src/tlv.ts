// BOLT 1 "Type-Length-Value Format": records of bigsize type, bigsize length and value, in strictly
// ascending order of type. Even types must be understood; odd ones that are not are kept.
// Bytes: values are views of what was read.
import {
  asDecodeError,
  asEncodeError,
  type Codec,
  type DecodeError,
  encode,
  EncodeError,
  type Reader,
  type Writer,
} from "@satwire/codec";
import { bigSize } from "./integers.ts";

/** One record of a TLV stream that nobody decoded. */
export interface TlvRecord {
  readonly type: bigint;
  readonly value: Uint8Array;
}

/** The keys of `T` that are optional. */
export type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/** The TLV records of `T`: `[type, codec]` for each optional field but `unknown`. */
export type TlvFields<T> = {
  readonly [K in keyof T as K extends "unknown"
    ? never
    : K extends OptionalKeys<T>
      ? K
      : never]-?: readonly [type: number | bigint, codec: Codec<Exclude<T[K], undefined>>];
};

/** Takes a problem of reading: says whether to go on, or throws it. */
export type Report = (error: unknown) => boolean;

/** The {@link Report} of strict reading. */
export function refuse(error: unknown): never {
  throw error;
}

interface KnownRecord {
  readonly key: string;
  readonly type: bigint;
  readonly codec: Codec<unknown>;
}

/** Reads and writes the TLV stream at the end of a message or of another record. */
export interface TlvStream {
  /**
   * Reads to the end of the window and sets the fields found, and `unknown`, on `target`.
   *
   * The first problem is thrown, unless `report` takes it: then a record that is unknown and even,
   * misplaced or unreadable is kept in `unknown`, and reading stops where a record has no end.
   */
  read(reader: Reader, target: Record<string, unknown>, report?: Report): void;
  write(writer: Writer, source: Readonly<Record<string, unknown>>): void;
}

/** A stream of the given records. @throws RangeError if two fields share a type or it is none. */
/* @__NO_SIDE_EFFECTS__ */
export function tlvStream<T>(fields: TlvFields<T>): TlvStream {
  const known: KnownRecord[] = Object.entries<readonly [number | bigint, Codec<unknown>]>(
    fields,
  ).map(([key, [type, codec]]) => ({ key, type: BigInt(type), codec }));
  known.sort((a, b) => (a.type < b.type ? -1 : 1));
  const twice = known.find(({ type }, i) => type === known[i - 1]?.type);
  if (twice !== undefined) throw new RangeError(`TLV type ${twice.type} belongs to two fields`);
  const wrong = known.find(({ type }) => type < 0n || type > maxType);
  if (wrong !== undefined) throw new RangeError(`${wrong.type} is no TLV type: it has 64 bits`);
  return {
    read: (reader, target, report = refuse) => readStream(reader, target, known, report),
    write: (writer, source) => writeStream(writer, source, known),
  };
}

/**
 * A TLV stream as a value of its own: every field optional, unknown odd records in `unknown`.
 *
 * @throws RangeError if two fields share a type.
 * @example
 * ```ts
 * interface Extra { readonly amountMsat?: bigint; readonly unknown?: readonly TlvRecord[] }
 * const extra: Codec<Extra> = tlvs<Extra>({ amountMsat: [1, tu64] });
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function tlvs<T extends object>(fields: TlvFields<T>): Codec<T> {
  const stream = tlvStream<T>(fields);
  return {
    read(reader) {
      const value: Record<string, unknown> = {};
      stream.read(reader, value);
      return value as T;
    },
    write: (writer, value) => stream.write(writer, value as Record<string, unknown>),
  };
}

const maxType = 0xffff_ffff_ffff_ffffn;

function readStream(
  reader: Reader,
  target: Record<string, unknown>,
  known: readonly KnownRecord[],
  report: Report,
): void {
  let unknown: TlvRecord[] | undefined;
  let previous = -1n;
  while (reader.remaining > 0) {
    const start = reader.offset;
    let head: { readonly type: bigint; readonly length: number };
    try {
      head = readHead(reader);
    } catch (error) {
      report(error);
      reader.offset = start;
      break;
    }
    const { type, length } = head;
    const valueStart = reader.offset;
    let problem: DecodeError | undefined;
    if (type <= previous) {
      problem = reader.error("out_of_order", `TLV type ${type} follows ${previous}`, start);
    } else {
      previous = type;
      const record = known.find((candidate) => candidate.type === type);
      if (record !== undefined) {
        problem = readRecord(reader, length, record, target);
        if (problem === undefined) continue;
      } else if (type % 2n === 0n) {
        problem = reader.error("unknown_required", `unknown even TLV type ${type}`, start);
      }
    }
    const goesOn = problem === undefined || report(problem);
    reader.offset = valueStart;
    unknown ??= [];
    unknown.push({ type, value: reader.take(length) });
    if (!goesOn) break;
  }
  if (unknown !== undefined) target["unknown"] = unknown;
}

function readHead(reader: Reader): { readonly type: bigint; readonly length: number } {
  const type = bigSize.read(reader);
  const length = bigSize.read(reader);
  if (length > BigInt(reader.remaining)) {
    const text = `TLV ${type} announces ${length} bytes, ${reader.remaining} are left`;
    throw reader.error("short_read", text);
  }
  return { type, length: Number(length) };
}

/** Sets the value on `target`, or returns what is wrong with it. */
function readRecord(
  reader: Reader,
  length: number,
  { key, codec }: KnownRecord,
  target: Record<string, unknown>,
): DecodeError | undefined {
  try {
    target[key] = reader.within(length, codec);
    return undefined;
  } catch (error) {
    return asDecodeError(error, reader.offset).within(key);
  }
}

function writeStream(
  writer: Writer,
  source: Readonly<Record<string, unknown>>,
  known: readonly KnownRecord[],
): void {
  let records: TlvRecord[] | undefined;
  for (const { key, type, codec } of known) {
    if (source[key] === undefined) continue;
    try {
      records ??= [];
      records.push({ type, value: encode(codec, source[key]) });
    } catch (error) {
      throw asEncodeError(error).within(key);
    }
  }
  const unknown = source["unknown"] as readonly TlvRecord[] | undefined;
  if (unknown !== undefined) {
    for (const [i, { type, value }] of unknown.entries()) {
      const fault =
        faultOf(type, known) ?? (value instanceof Uint8Array ? undefined : "without bytes");
      if (fault !== undefined) {
        const text = `TLV type ${type} is ${fault}`;
        throw new EncodeError("invalid_value", text, { path: ["unknown", i] });
      }
    }
    records ??= [];
    records.push(...unknown);
    records.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
  }
  if (records === undefined) return;
  let previous = -1n;
  for (const { type, value } of records) {
    bigSize.write(writer, type);
    if (type === previous) throw new EncodeError("out_of_order", `TLV type ${type} is given twice`);
    previous = type;
    bigSize.write(writer, BigInt(value.length));
    writer.put(value);
  }
}

// What a reader would refuse or put elsewhere does not belong in `unknown`.
function faultOf(type: bigint, known: readonly KnownRecord[]): string | undefined {
  if (typeof type !== "bigint") return "no bigint";
  if (type % 2n === 0n) return "even";
  return known.some((candidate) => candidate.type === type) ? "a known one" : undefined;
}
