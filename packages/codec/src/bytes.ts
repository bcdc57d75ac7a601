import { EncodeError } from "./errors.ts";

const digits = "0123456789abcdef";

/** Lower-case hexadecimal text of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  // Digit by digit, a long text would be a tree of its digits: 56 bytes for each byte.
  for (let start = 0; start < bytes.length; start += 2048) {
    const end = Math.min(start + 2048, bytes.length);
    const codes = new Uint8Array(2 * (end - start));
    let at = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      codes[at++] = digits.charCodeAt(byte >> 4);
      codes[at++] = digits.charCodeAt(byte & 15);
    }
    const list: ArrayLike<number> = codes;
    text += String.fromCharCode.apply(undefined, list as number[]);
  }
  return text;
}

/**
 * Bytes of hexadecimal text, either case.
 *
 * @throws {@link EncodeError} `invalid_value` if the length is odd or a character is no hex digit.
 */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) {
    throw new EncodeError("invalid_value", `hex text has an odd length of ${text.length}`);
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digits.indexOf(text.charAt(2 * i).toLowerCase());
    const low = digits.indexOf(text.charAt(2 * i + 1).toLowerCase());
    if (high < 0 || low < 0) {
      throw new EncodeError("invalid_value", `no hex digits at position ${2 * i}`);
    }
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** Whether two byte strings are the same. Not constant-time: never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Lexicographic order: negative, zero or positive, as `Array.sort` wants it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** One byte string out of several. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
