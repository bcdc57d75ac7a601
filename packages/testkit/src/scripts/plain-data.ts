// Data as JSON that comes back, as messages of `@satwire/lnwire` do: bytes become "0x00ff", bigints "12n", and a
// string that looks like one of these gets an apostrophe in front.
import { fromHex, toHex } from "@satwire/lnwire";
import { FormatError } from "./format-error.ts";

const looksSpecial = /^(0x|'|-?\d+n$)/;
// Nothing in a message is as deep; what refers to itself is.
const maxDepth = 32;

/** Data as what `JSON.stringify` takes. @throws FormatError `invalid_field` for functions and the like */
export function toPlain(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw new FormatError("invalid_field", "data is nested too deeply");
  switch (typeof value) {
    case "string":
      return looksSpecial.test(value) ? `'${value}` : value;
    case "bigint":
      return `${value}n`;
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      break;
    case "object":
      if (value === null) break;
      if (ArrayBuffer.isView(value)) {
        return `0x${toHex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
      }
      if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
      return mapped(value, (field) => toPlain(field, depth + 1));
    default:
  }
  const what = typeof value === "function" ? "a function" : String(value);
  throw new FormatError("invalid_field", `${what} has no form in JSON`);
}

/** What `toPlain` was given. @throws FormatError `invalid_field` */
export function fromPlain(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw new FormatError("invalid_field", "data is nested too deeply");
  if (value === null) throw new FormatError("invalid_field", "null: leave the field out");
  if (typeof value === "string") return fromText(value);
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, depth + 1));
  if (typeof value !== "object") return value;
  return mapped(value, (field) => fromPlain(field, depth + 1));
}

function fromText(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1);
  if (!looksSpecial.test(text)) return text;
  if (!text.startsWith("0x")) return BigInt(text.slice(0, -1));
  try {
    return fromHex(text.slice(2));
  } catch (cause) {
    throw new FormatError("invalid_field", "bytes are not in hex", { cause });
  }
}

/** Fields that are there; no name of a field means anything to the language. */
function mapped(value: object, map: (field: unknown) => unknown): object {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, map(field)]));
}
