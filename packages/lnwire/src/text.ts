// Text that a peer chose. It must not reach a terminal or a page as it is.
import { EncodeError, toHex } from "@satwire/codec";

const aliasLength = 32;

/**
 * The `data` of an `error` or `warning` if it is printable ASCII, else its bytes in hex
 * (BOLT 1: SHOULD NOT print text that is not all printable ASCII).
 */
export function printableText(data: Uint8Array): string {
  return data.every((byte) => byte >= 32 && byte <= 126)
    ? new TextDecoder().decode(data)
    : `0x${toHex(data)}`;
}

/**
 * Text with control, formatting, private and unassigned characters replaced by U+FFFD, so that it cannot
 * move a cursor or reverse a line. Escape it for HTML and SQL like any other foreign text.
 */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, "\ufffd");
}

/** A node's alias as {@link visibleText}, without its padding. */
export function aliasText(alias: Uint8Array): string {
  let end = alias.length;
  while (end > 0 && alias[end - 1] === 0) end--;
  return visibleText(new TextDecoder("utf-8", { ignoreBOM: true }).decode(alias.subarray(0, end)));
}

/**
 * Text as the alias of a node: UTF-8, padded with zeros to 32 bytes.
 *
 * @throws EncodeError `too_long` above 32 bytes.
 */
export function aliasOf(text: string): Uint8Array {
  const utf8 = new TextEncoder().encode(text);
  if (utf8.length > aliasLength) {
    throw new EncodeError("too_long", `an alias of ${utf8.length} bytes, at most ${aliasLength}`);
  }
  const alias = new Uint8Array(aliasLength);
  alias.set(utf8);
  return alias;
}
