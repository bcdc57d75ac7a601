// Text that a peer chose. It must not reach a terminal or a page as it is. Texts of messages have one character per
// byte: see `varText`.

/**
 * A text in printable ASCII: every other character is `\xe2`, as is the backslash, so that nothing is lost and no two
 * texts look alike. Escape it for HTML and SQL like any other foreign text.
 *
 * @example
 * ```ts
 * printableText("/Satoshi:29.0.0/\x1b[2J"); // "/Satoshi:29.0.0/\\x1b[2J"
 * ```
 */
export function printableText(text: string): string {
  // `replace` makes one text: joined one by one, a long text would be a tree of its characters, 30 bytes for each.
  return text.replace(/[^ -[\]-~]/g, (character) => escaped(character.charCodeAt(0)));
}

// Beyond U+00FF there are texts of one's own only.
function escaped(code: number): string {
  return code > 0xff
    ? `\\u${code.toString(16).padStart(4, "0")}`
    : `\\x${code.toString(16).padStart(2, "0")}`;
}
