// Messages for people to read: logs, tools, error reports. Fields are shown by what their names mean in the
// spec. Nothing that a peer chose reaches the text as it is.
import { toHex } from "@satwire/codec";
import { type Address, formatAddress } from "./address.ts";
import { chainNameOf } from "./chain.ts";
import { describeFeatures, featureBits } from "./features.ts";
import { formatShortChannelId } from "./short-channel-id.ts";
import { aliasText, printableText, visibleText } from "./text.ts";

/** How a message is shown. */
export interface FormatOptions {
  /** One field per line. @default false */
  readonly multiline?: boolean | undefined;
  /** Byte strings beyond this are cut. @default 33, or 65535 with `multiline` */
  readonly maxBytes?: number | undefined;
  /** Lists beyond this are cut. @default 8 */
  readonly maxItems?: number | undefined;
}

interface Style {
  readonly multiline: boolean;
  readonly maxBytes: number;
  readonly maxItems: number;
}

const shownOfCut = 8;

/**
 * A message as text: its name and its fields. Ids of transactions are in the order of display, features are
 * named, and text of strangers is made visible.
 *
 * @example
 * ```ts
 * formatMessage(message); // "ping numPongBytes=8 ignored=0000"
 * ```
 */
export function formatMessage(
  message: { readonly type: string },
  { multiline = false, maxBytes = multiline ? 65535 : 33, maxItems = 8 }: FormatOptions = {},
): string {
  const style = { multiline, maxBytes, maxItems };
  const { type, ...fields } = message;
  return [visibleText(type), ...formatFields(fields, style, 1)].join(multiline ? "\n" : " ");
}

function formatFields(fields: object, style: Style, level: number): string[] {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  return shown.map(([key, value]) => {
    const name = visibleText(key);
    const text = formatValue(key, value, style, level);
    if (!style.multiline) return `${name}=${text}`;
    return `${"  ".repeat(level)}${name}:${text.startsWith("\n") ? "" : " "}${text}`;
  });
}

function formatValue(key: string, value: unknown, style: Style, level: number): string {
  if (value instanceof Uint8Array) return formatBytes(key, value, style, level);
  if (Array.isArray(value)) return formatList(key, value as readonly unknown[], style, level);
  if (typeof value === "string") return JSON.stringify(visibleText(value));
  if (typeof value === "bigint" && /^shortChannelIds?$/.test(key)) {
    return formatShortChannelId(value);
  }
  if (typeof value === "number" && key === "timestamp" && style.multiline) {
    return formatTimestamp(value);
  }
  if (typeof value === "object" && value !== null) return formatObject(key, value, style, level);
  return visibleText(String(value));
}

function formatBytes(key: string, value: Uint8Array, style: Style, level: number): string {
  switch (key) {
    case "alias":
      return JSON.stringify(aliasText(value));
    case "data":
      return JSON.stringify(cutText(printableText(value), style));
    case "chainHash":
    case "networks":
      return chainNameOf(value) ?? toHex(value);
    case "rgbColor":
      return `#${toHex(value)}`;
    case "features":
    case "globalfeatures":
    case "channelType":
    case "allowedFeatures":
      return formatFeatures(value, style, level);
  }
  if (/^txid$|Txid$/.test(key)) return toHex(value.toReversed());
  if (value.length === 0) return "(0 bytes)";
  if (value.length <= style.maxBytes) return toHex(value);
  return `${toHex(value.subarray(0, shownOfCut))}… (${value.length} bytes)`;
}

function formatFeatures(vector: Uint8Array, style: Style, level: number): string {
  const bits = featureBits(vector);
  if (!style.multiline) return formatItems(bits.map(String), style, level);
  return formatItems(describeFeatures(vector), { ...style, maxItems: 64 }, level);
}

function formatList(key: string, values: readonly unknown[], style: Style, level: number): string {
  const shown = values.slice(0, style.maxItems);
  const texts = shown.map((value) => formatValue(key, value, style, level + 1));
  return formatItems(texts, style, level, values.length);
}

function formatItems(
  texts: readonly string[],
  { multiline, maxItems }: Style,
  level: number,
  total: number = texts.length,
): string {
  const shown = texts.slice(0, maxItems);
  const rest = total - shown.length;
  const items = rest > 0 ? [...shown, `… ${rest} more`] : shown;
  if (!multiline || items.length === 0) return `[${items.join(", ")}]`;
  return items.map((item) => `\n${"  ".repeat(level + 1)}${item}`).join("");
}

function formatObject(key: string, value: object, style: Style, level: number): string {
  if (key === "addresses" || key === "remoteAddr") {
    const address = value as Address;
    if (address.type !== "opaque") return formatAddress(address) ?? "";
    return `opaque ${formatBytes("opaque", address.data, style, level)}`;
  }
  if (key === "unknown" && "value" in value && "type" in value) {
    const record = value as { readonly type: unknown; readonly value: unknown };
    return `${String(record.type)}: ${formatValue("value", record.value, style, level)}`;
  }
  const fields = formatFields(value, { ...style, multiline: false }, level);
  return `{${fields.join(" ")}}`;
}

function formatTimestamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : `${seconds} (${date.toISOString()})`;
}

function cutText(text: string, { maxBytes, multiline }: Style): string {
  const limit = multiline ? maxBytes : Math.max(maxBytes, 120);
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
