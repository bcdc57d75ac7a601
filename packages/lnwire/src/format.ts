// Messages for people to read: logs, tools, error reports. Fields are shown by what their names mean in the
// spec. Nothing that a peer chose reaches the text as it is.
import { encode, toHex } from "@satwire/codec";
import { address, type Address, formatAddress } from "./address.ts";
import { chainNameOf } from "./chain.ts";
import { featureBits } from "./feature-vector.ts";
import { describeFeatures } from "./features.ts";
import { isU64 } from "./integers.ts";
import { formatShortChannelId } from "./short-channel-id.ts";
import { aliasText, printableText, visibleText } from "./text.ts";

/** How a message is shown. */
export interface FormatOptions {
  /** One field per line. @default false */
  readonly multiline?: boolean | undefined;
  /**
   * Byte strings beyond this are cut, text beyond as many characters but not below 120.
   * @default 33, or 65535 with `multiline`
   */
  readonly maxBytes?: number | undefined;
  /** Lists beyond this are cut; features with `multiline` beyond 64 at least. @default 8 */
  readonly maxItems?: number | undefined;
}

interface Style {
  readonly multiline: boolean;
  readonly maxBytes: number;
  readonly maxItems: number;
}

const shownOfCut = 8;
const minText = 120;
const minFeatureLines = 64;
// Messages are less deep. An object of somebody else may contain itself.
const maxLevel = 8;

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
  return [visible(type, style), ...formatFields(fields, style, 1)].join(multiline ? "\n" : " ");
}

function formatFields(fields: object, style: Style, level: number): string[] {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  return shown.map(([key, value]) => {
    const name = visibleText(key);
    const text = formatValue(key, value, style, level);
    if (!style.multiline) return `${name}=${text}`;
    return `  ${name}:${text.startsWith("\n") ? "" : " "}${text}`;
  });
}

function formatValue(key: string, value: unknown, style: Style, level: number): string {
  if (level > maxLevel) return "…";
  if (value instanceof Uint8Array) return formatBytes(key, value, style);
  if (Array.isArray(value)) return formatList(key, value as readonly unknown[], style, level);
  if (typeof value === "string") return quoted(value, style);
  if (typeof value === "bigint" && /^shortChannelIds?$/.test(key) && isU64(value)) {
    return formatShortChannelId(value);
  }
  if (typeof value === "number" && key === "timestamp" && style.multiline) {
    return formatTimestamp(value);
  }
  if (typeof value === "object" && value !== null) return formatObject(key, value, style, level);
  return visible(String(value), style);
}

function formatBytes(key: string, value: Uint8Array, style: Style): string {
  switch (key) {
    case "alias":
      return quoted(aliasText(value), style);
    case "data":
    case "hostname":
      return quoted(printableText(value), style);
    case "chainHash":
    case "networks":
      return chainNameOf(value) ?? formatHex(value, style);
    case "features":
    case "globalfeatures":
    case "channelType":
    case "allowedFeatures":
      return formatFeatures(value, style);
  }
  if ((key === "rgbColor" || key === "color") && value.length === 3) return `#${toHex(value)}`;
  if (/^txid$|Txid$/.test(key) && value.length === 32) return toHex(value.toReversed());
  return formatHex(value, style);
}

function formatHex(value: Uint8Array, { maxBytes }: Style): string {
  if (value.length === 0) return "(0 bytes)";
  if (value.length <= maxBytes) return toHex(value);
  return `${toHex(value.subarray(0, Math.min(shownOfCut, maxBytes)))}… (${value.length} bytes)`;
}

// A peer chooses how many bits it sets: half a million of them fit an `init`. Only those shown are named.
function formatFeatures(vector: Uint8Array, style: Style): string {
  const { multiline } = style;
  const maxItems = multiline ? Math.max(style.maxItems, minFeatureLines) : style.maxItems;
  const bits = featureBits(vector);
  const shown = bits.slice(0, maxItems);
  const end = vector.subarray(vector.length - 1 - ((shown.at(-1) ?? 0) >> 3));
  const texts = multiline ? describeFeatures(end).slice(0, maxItems) : shown.map(String);
  return formatItems(texts, style, bits.length);
}

function formatList(key: string, values: readonly unknown[], style: Style, level: number): string {
  const shown = values.slice(0, style.maxItems);
  const inOneLine = { ...style, multiline: false };
  const texts = shown.map((value) => formatValue(key, value, inOneLine, level + 1));
  return formatItems(texts, style, values.length);
}

function formatItems(shown: readonly string[], { multiline }: Style, total: number): string {
  const rest = total - shown.length;
  const items = rest > 0 ? [...shown, `… ${rest} more`] : shown;
  if (!multiline || items.length === 0) return `[${items.join(", ")}]`;
  return items.map((item) => `\n    ${item}`).join("");
}

function formatObject(key: string, value: object, style: Style, level: number): string {
  if (/^(addresses|remoteAddr|ipv4Addrs|ipv6Addrs|torV3Addrs)$/.test(key)) {
    const text = addressText(value as Address, style);
    if (text !== undefined) return text;
  }
  if (key === "unknown" && "value" in value && "type" in value && typeof value.type === "bigint") {
    return `${value.type}: ${formatValue("value", value.value, style, level + 1)}`;
  }
  const fields = formatFields(value, { ...style, multiline: false }, level + 1);
  return `{${fields.join(" ")}}`;
}

function addressText(value: Address, style: Style): string | undefined {
  try {
    encode(address, value);
  } catch {
    return undefined; // not one that could be sent, or something else by that name
  }
  if (value.type === "opaque") return `opaque ${formatHex(value.data, style)}`;
  return formatAddress(value);
}

function formatTimestamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : `${seconds} (${date.toISOString()})`;
}

const quoted = (text: string, style: Style): string => JSON.stringify(visible(text, style));

function visible(text: string, { maxBytes }: Style): string {
  const limit = Math.max(maxBytes, minText);
  return visibleText(text.length > limit ? `${text.slice(0, limit)}…` : text);
}
