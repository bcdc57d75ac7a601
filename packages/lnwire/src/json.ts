// Messages as JSON that comes back. Bytes become "0x00ff", bigints "12n"; a string that looks like one of these
// gets an apostrophe in front.
import { EncodeError, fromHex, toHex, withPath } from "@satwire/codec";
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
  return JSON.stringify(toPlain(message, 0), undefined, indent);
}

/**
 * Reads what {@link messageToJson} wrote, or what somebody wrote by hand, as a message of a set.
 *
 * @throws EncodeError whatever `set.encode` throws for it; `invalid_value` also for text that is no JSON and for
 * fields that the message does not have.
 */
export function messageFromJson<M extends MessageBase>(
  text: string,
  set: MessageSet<M>,
): M | UnknownMessage {
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (cause) {
    throw new EncodeError("invalid_value", "the text is no JSON", { cause });
  }
  const value = fromPlain(plain, 0) as M | UnknownMessage;
  if (typeof value !== "object" || value === null || typeof value.type !== "string") {
    throw new EncodeError("invalid_value", "no object with a type");
  }
  const frame = set.encode(value);
  // Codecs look at the fields that they know: a misspelled optional one would get lost.
  const message =
    value.type === "unknown" ? pickUnknown(value as UnknownMessage) : set.decode(frame);
  checkKeys(value, message, [value.type]);
  return message;
}

function toPlain(value: unknown, depth: number): Plain {
  if (depth > maxDepth) throw new EncodeError("invalid_value", "nested too deeply");
  if (value instanceof Uint8Array) return `0x${toHex(value)}`;
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
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
        return Object.fromEntries(entries.map(([key, field]) => [key, toPlain(field, depth + 1)]));
      }
      break;
    default:
  }
  throw new EncodeError("invalid_value", `${String(value)} has no form in JSON`);
}

function fromPlain(value: unknown, depth: number): unknown {
  if (depth > maxDepth) throw new EncodeError("invalid_value", "nested too deeply");
  if (typeof value === "string") return fromText(value);
  if (Array.isArray(value)) {
    return value.map((item, i) => within(i, () => fromPlain(item, depth + 1)));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, field]) => [key, within(key, () => fromPlain(field, depth + 1))]),
  );
}

function fromText(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1);
  if (text.startsWith("0x")) return fromHex(text.slice(2));
  return /^-?\d+n$/.test(text) ? BigInt(text.slice(0, -1)) : text;
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

function checkKeys(given: unknown, known: unknown, path: readonly (string | number)[]): void {
  if (typeof given !== "object" || given === null || given instanceof Uint8Array) return;
  for (const [key, field] of Object.entries(given)) {
    const fields = known as Readonly<Record<string, unknown>>;
    if (!Object.hasOwn(fields, key)) {
      throw new EncodeError("invalid_value", "no such field", { path: [...path, key] });
    }
    checkKeys(field, fields[key], [...path, Array.isArray(given) ? Number(key) : key]);
  }
}
