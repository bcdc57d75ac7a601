// Text that a peer chose. It must not reach a terminal or a page as it is.
import { toHex } from "@satwire/codec";

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
 * A node's alias as text: without padding, with control, formatting and invalid characters replaced
 * by U+FFFD, so that it cannot move a cursor or reverse a line. Escape it for HTML and SQL like any
 * other foreign text.
 */
export function aliasText(alias: Uint8Array): string {
  let end = alias.length;
  while (end > 0 && alias[end - 1] === 0) end--;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(alias.subarray(0, end));
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, "\ufffd");
}
