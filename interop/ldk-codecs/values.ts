/** Values that LDK looks into where our codecs see bytes: transactions, witnesses, points, texts. */

/** CompactSize of BIP 144 for less than 2^16. */
const compactSize = (n: number): number[] => (n < 0xfd ? [n] : [0xfd, n & 0xff, n >> 8]);
const sized = (bytes: Uint8Array): number[] => [...compactSize(bytes.length), ...bytes];

/**
 * A serialized transaction with these bytes in its scripts: one input, one output, with a witness if their number
 * is odd.
 */
export function transactionWith(bytes: Uint8Array, spentTxid: Uint8Array): Uint8Array {
  const hasWitness = bytes.length % 2 === 1;
  const version = [2, 0, 0, 0];
  const input = [...spentTxid, 1, 0, 0, 0, ...sized(bytes), 0xfd, 0xff, 0xff, 0xff];
  const output = [1, 2, 3, 4, 5, 6, 0, 0, ...sized(bytes)];
  const body = [1, ...input, 1, ...output];
  const locktime = [7, 8, 9, 0];
  if (!hasWitness) return Uint8Array.of(...version, ...body, ...locktime);
  return Uint8Array.of(...version, 0, 1, ...body, ...witnessOf(bytes), ...locktime);
}

/** A serialized witness: these bytes in pieces of 16; none make one piece that needs a longer length. */
export function witnessOf(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 16) pieces.push(bytes.slice(at, at + 16));
  if (pieces.length === 0) pieces.push(new Uint8Array(300).fill(0xab));
  return Uint8Array.of(pieces.length, ...pieces.flatMap(sized));
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Text of as many characters as there are bytes, beyond ASCII where they are. */
export const asText = (bytes: Uint8Array): Uint8Array =>
  new TextEncoder().encode(String.fromCharCode(...bytes));

const fieldPrime = 2n ** 256n - 2n ** 32n - 977n;

/** Whether these 33 bytes are a point on secp256k1: 7 more than the cube of x must be a square (Euler's criterion). */
export function isPoint(bytes: Uint8Array): boolean {
  if (bytes[0] !== 2 && bytes[0] !== 3) return false;
  const x = BigInt(`0x${Buffer.from(bytes.subarray(1)).toString("hex")}`);
  if (x >= fieldPrime) return false;
  return power((x * x * x + 7n) % fieldPrime, (fieldPrime - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % fieldPrime;
    square = (square * square) % fieldPrime;
  }
  return result;
}
