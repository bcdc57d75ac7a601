// Compact targets and the work that a header proves (`arith_uint256` and `pow.cpp` of Bitcoin Core).
import { blockHashOf, type BlockHeader } from "./block-header.ts";

const twoTo256 = 2n ** 256n;

/**
 * The target that `bits` stands for: a hash, read as a little-endian number, must not be above it. Undefined if it
 * is none: zero, negative or above 256 bits.
 */
export function targetOf(bits: number): bigint | undefined {
  const size = bits >>> 24;
  const word = bits & 0x007f_ffff;
  if ((bits & 0x0080_0000) !== 0 && word !== 0) return undefined;
  const target =
    size <= 3 ? BigInt(word >>> (8 * (3 - size))) : BigInt(word) << BigInt(8 * (size - 3));
  return target === 0n || target >= twoTo256 ? undefined : target;
}

/** The compact form of a target; digits that do not fit are cut off. @throws RangeError outside of 256 bits */
export function bitsOf(target: bigint): number {
  if (target < 0n || target >= twoTo256) throw new RangeError(`${target} is no target`);
  let size = Math.ceil(target.toString(16).length / 2);
  if (target === 0n) size = 0;
  let word = Number(
    size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3)),
  );
  // The highest bit would be read as a sign.
  if (word >= 0x0080_0000) {
    word >>>= 8;
    size++;
  }
  return ((size << 24) | word) >>> 0;
}

/** How many hashes it takes on average to find a block with these `bits`; 0 if they are no target. */
export function workOf(bits: number): bigint {
  const target = targetOf(bits);
  return target === undefined ? 0n : twoTo256 / (target + 1n);
}

/** What {@link checkProofOfWork} may know. */
export interface ProofOfWorkOptions {
  /** The easiest target that the network allows: `powLimit` of its parameters. @default none */
  readonly powLimit?: bigint | undefined;
  /** The hash of the header, if it is known already. */
  readonly hash?: Uint8Array | undefined;
}

/**
 * Whether the header's hash meets the target that it states itself. Whether that target is the one which the chain
 * asks for is another question.
 */
export function checkProofOfWork(
  header: BlockHeader,
  { powLimit, hash = blockHashOf(header) }: ProofOfWorkOptions = {},
): boolean {
  const { bits } = header;
  if (powLimit !== undefined) {
    const target = targetOf(bits);
    if (target === undefined || target > powLimit) return false;
  } else if (!isTarget(bits)) return false;
  return isAtMost(hash, bits);
}

// What `targetOf` knows, without the bigint, which takes half as long as hashing.
function isTarget(bits: number): boolean {
  const size = bits >>> 24;
  const word = bits & 0x007f_ffff;
  if ((bits & 0x0080_0000) !== 0 && word !== 0) return false;
  if (size <= 3) return word >>> (8 * (3 - size)) !== 0;
  return word !== 0 && size <= 34 && word < 2 ** (8 * (35 - size));
}

// Both sides as bytes: a bigint of each hash would take longer than hashing.
function isAtMost(hash: Uint8Array, bits: number): boolean {
  const size = bits >>> 24;
  for (let i = 31; i >= 0; i--) {
    // Byte i of the target: its three digits end at byte `size`.
    const shift = i - size + 3;
    const digit = shift < 0 || shift > 2 ? 0 : (bits >>> (8 * shift)) & 0xff;
    const byte = hash[i] as number;
    if (byte !== digit) return byte < digit;
  }
  return true;
}
