// Messages as JSON that comes back. Bytes become "0x00ff", bigints "12n"; a string that looks like one of these
// gets an apostrophe in front.
import { DecodeError, EncodeError, fromHex, type Path, toHex, withPath } from "@satwire/codec";
import type { MessageSet } from "./message-set.ts";
import type { MessageBase, UnknownMessage } from "./message.ts";

/** How JSON is written. */
export interface JsonOptions {
  /** Spaces per level; 0 for one line. @default 0 */
  readonly indent?: number | undefined;
}

type Plain =
  | string
  | number
  | boolean
  | null
  | readonly Plain[]
  | { readonly [key: string]: Plain };

// The deepest field of a message is at 4.
const maxDepth = 32;
const looksSpecial = /^(0x|'|-?\d+n$)/;

/**
 * A message as JSON text, for logs and files.
 *
 * @throws EncodeError `invalid_value` for what is neither text, whole number, bigint, boolean, bytes, list nor object.
 * @example
 * ```ts
 * messageToJson(decodeMessage(frame)); // {"type":"ping","numPongBytes":8,"ignored":"0x0000"}
 * ```
 */
export function messageToJson(
  message: { readonly type: string },
  { indent = 0 }: JsonOptions = {},
): string {
  const plain = within(message.type, () => toPlain(message, 0));
  return JSON.stringify(plain, undefined, indent);
}

/**
 * Reads what {@link messageToJson} wrote, or what somebody wrote by hand, as a message of a set.
 *
 * @throws EncodeError whatever `set.encode` throws for it; `invalid_value` also for text that is no JSON, for `null`,
 * for fields that the message does not have and for what would not be read as it was written.
 */
export function messageFromJson<M extends MessageBase>(
  text: string,
  set: MessageSet<M>,
): M | UnknownMessage {
  const plain = parse(text);
  const type = typeOf(plain);
  const given = within(type, () => fromPlain(plain, 0)) as M | UnknownMessage;
  const frame = set.encode(given);
  // Codecs look at the fields that they know: a misspelled optional one would get lost.
  const message =
    given.type === "unknown" ? pickUnknown(given as UnknownMessage) : decodeAgain(set, frame);
  checkFields(given, message, [type]);
  return message;
}

function toPlain(value: unknown, depth: number): Plain {
  if (depth > maxDepth) throw new EncodeError("invalid_value", "nested too deeply");
  if (value instanceof Uint8Array) return `0x${toHex(value)}`;
  if (Array.isArray(value)) {
    return value.map((item, i) => within(i, () => toPlain(item, depth + 1)));
  }
  switch (typeof value) {
    case "bigint":
      return `${value}n`;
    case "string":
      return looksSpecial.test(value) ? `'${value}` : value;
    case "boolean":
      return value;
    case "number":
      if (Number.isSafeInteger(value)) return value;
      break;
    case "object":
      if (value !== null) {
        const entries = Object.entries(value).filter(([, field]) => field !== undefined);
        return mapFields(entries, (field) => toPlain(field, depth + 1));
      }
      break;
    default:
  }
  throw new EncodeError("invalid_value", `${String(value)} has no form in JSON`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EncodeError("invalid_value", "the text is no JSON", { cause });
  }
}

function typeOf(plain: unknown): string {
  if (typeof plain === "object" && plain !== null && "type" in plain) {
    const { type } = plain;
    const name = typeof type === "string" ? within("type", () => fromText(type)) : undefined;
    if (typeof name === "string") return name;
  }
  throw new EncodeError("invalid_value", "no object with a type");
}

function fromPlain(value: unknown, depth: number): unknown {
  if (depth > maxDepth) throw new EncodeError("invalid_value", "nested too deeply");
  if (value === null) throw new EncodeError("invalid_value", "null: leave the field out");
  if (typeof value === "string") return fromText(value);
  if (Array.isArray(value)) {
    return value.map((item, i) => within(i, () => fromPlain(item, depth + 1)));
  }
  if (typeof value !== "object") return value;
  return mapFields(Object.entries(value), (field) => fromPlain(field, depth + 1));
}

function fromText(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1);
  if (text.startsWith("0x")) return fromHex(text.slice(2));
  return looksSpecial.test(text) ? BigInt(text.slice(0, -1)) : text;
}

function mapFields<T>(
  entries: readonly (readonly [string, unknown])[],
  map: (field: unknown) => T,
): { readonly [key: string]: T } {
  return Object.fromEntries(entries.map(([key, field]) => [key, within(key, () => map(field))]));
}

function within<T>(key: string | number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw withPath(error, key);
  }
}

function pickUnknown({ type, id, payload }: UnknownMessage): UnknownMessage {
  return { type, id, payload };
}

// A codec may write what it does not read.
function decodeAgain<M extends MessageBase>(
  set: MessageSet<M>,
  frame: Uint8Array,
): M | UnknownMessage {
  try {
    return set.decode(frame);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    const { detail, path } = cause;
    throw new EncodeError("invalid_value", `cannot be read again: ${detail}`, { path, cause });
  }
}

// Values may differ, as records in another order do; but what is given as bytes may not come back as a list.
function checkFields(given: unknown, known: unknown, path: Path): void {
  if (kindOf(given) !== kindOf(known)) {
    const text = `is ${kindOf(given)} where ${kindOf(known)} belongs`;
    throw new EncodeError("invalid_value", text, { path });
  }
  if (typeof given !== "object" || given === null || given instanceof Uint8Array) return;
  for (const [key, field] of Object.entries(given)) {
    const fields = known as Readonly<Record<string, unknown>>;
    const at = [...path, Array.isArray(given) ? Number(key) : key];
    if (Object.hasOwn(fields, key)) checkFields(field, fields[key], at);
    else if (!isNoRecords(key, field)) {
      throw new EncodeError("invalid_value", "no such field", { path: at });
    }
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return "a byte string";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}

// `unknown` without records is written as no record at all, and so it does not come back.
function isNoRecords(key: string, field: unknown): boolean {
  return key === "unknown" && Array.isArray(field) && field.length === 0;
}
