// Values as short text for errors: whatever the value, this neither throws nor prints pages.

const longestText = 80;
const mostItems = 10;
const mostBytes = 32;
const deepest = 3;

/**
 * A value in short: texts in quotes, bytes in hex, what is long or deep cut. For people; not to be parsed.
 * Works on values of other realms.
 */
export function printable(value: unknown): string {
  try {
    return show(value, []);
  } catch {
    return "[a value that cannot be shown]"; // a getter or a proxy that throws
  }
}

function show(value: unknown, above: readonly object[]): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (above.includes(value)) return "[circular]";
  const within = [...above, value];
  const kind = className(value);
  if (ArrayBuffer.isView(value)) return showView(value, kind);
  const tag = tagOf(value);
  if (tag === "Date") return `Date ${String((value as Date).getTime())}`;
  if (isErrorLike(value)) return `${value.name}: ${quoted(value.message)}`;
  if (above.length >= deepest) return Array.isArray(value) ? "[…]" : `${kind} {…}`;
  if (Array.isArray(value)) {
    return `[${list(value.length, value, (item) => show(item, within))}]`;
  }
  if (tag === "Map") {
    const map = value as Map<unknown, unknown>;
    const entry = ([key, item]: [unknown, unknown]): string =>
      `${show(key, within)} → ${show(item, within)}`;
    return `Map(${map.size}) {${list(map.size, map, entry)}}`;
  }
  if (tag === "Set") {
    const set = value as Set<unknown>;
    return `Set(${set.size}) {${list(set.size, set, (item) => show(item, within))}}`;
  }
  const keys = Object.keys(value);
  const field = (key: string): string =>
    `${nameOf(key)}: ${show((value as Record<string, unknown>)[key], within)}`;
  const fields = `{ ${list(keys.length, keys, field)} }`;
  const text = keys.length === 0 ? "{}" : fields;
  return kind === "Object" ? text : `${kind} ${text}`;
}

function list<T>(count: number, items: Iterable<T>, one: (item: T) => string): string {
  const texts: string[] = [];
  for (const item of items) {
    if (texts.length === mostItems) break;
    texts.push(one(item));
  }
  if (count > mostItems) texts.push(`… ${count - mostItems} more`);
  return texts.join(", ");
}

function showView(view: ArrayBufferView, kind: string): string {
  if (view.byteLength === 0) return `${kind}(0)`;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, mostBytes));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const rest = view.byteLength > mostBytes ? "…" : "";
  return `${kind}(${view.byteLength} bytes) ${hex}${rest}`;
}

/** Names of fields may come from elsewhere, too. */
function nameOf(key: string): string {
  return /^[\w$-]+$/.test(key) && key.length <= longestText ? key : quoted(key);
}

/** In quotes and cut; nothing in it can move a terminal's cursor or turn the direction of the text. */
function quoted(text: string): string {
  const cut = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return JSON.stringify(cut).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** What built-in kind an object is, also one of another realm: `Map`, `Date`, `Uint8Array`, `Object`. */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** The name of an object's class; `Object` when it has none. */
export function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return "Object";
  const { constructor } = prototype as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== ""
    ? constructor.name
    : tagOf(value);
}

/** An error of any realm, where `instanceof` says no. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  if (tagOf(value) === "Error" || tagOf(value) === "DOMException") return true;
  const { name, message, stack } = value as Partial<Error>;
  return typeof name === "string" && typeof message === "string" && typeof stack === "string";
}
