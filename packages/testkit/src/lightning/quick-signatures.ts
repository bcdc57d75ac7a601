// Valid signatures without the work on the curve, for generated gossip. The nonces repeat, so that two signatures
// give a private key away, and the private keys are neighbours: nothing is lost where they come from a seed anyway.
import { nobleSignatures, type SignatureCrypto, toHex } from "@satwire/lnwire";
import type { Rng } from "../determinism/rng.ts";

/** The order of the curve secp256k1, and the prime of its field (SEC 2 §2.4.1). */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const prime = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** Multiplications of the base point that all signatures share. */
const nonceCount = 16;

interface Nonce {
  readonly inverse: bigint;
  /** The x coordinate of the nonce's point. */
  readonly r: bigint;
}

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/**
 * Signs much faster than `nobleSignatures`. Keys are known by their array, so that each is looked up and not worked out
 * again: give the ones of `keys`.
 */
export interface QuickSignatures extends SignatureCrypto {
  /** So many private keys, whose public keys are known from then on. */
  keys(count: number): readonly Uint8Array[];
}

/** Signatures and keys that a seed determines. */
export function quickSignatures(rng: Rng): QuickSignatures {
  const nonces = Array.from({ length: nonceCount }, () => nonceFrom(privateKeyFrom(rng)));
  const publicKeys = new Map<Uint8Array, Uint8Array>();
  const numbers = new Map<Uint8Array, bigint>();
  let next = 0;
  return {
    verify: (signature, hash, publicKey) => nobleSignatures.verify(signature, hash, publicKey),
    sign(hash, privateKey) {
      // SEC 1 §4.1.3 with a nonce from the list.
      const { inverse, r } = nonces[next++ % nonceCount] as Nonce;
      const secret = numbers.get(privateKey) ?? toNumber(privateKey);
      const s = (inverse * (toNumber(hash) + r * secret)) % order;
      const signature = new Uint8Array(64);
      write(signature, 0, r);
      write(signature, 32, s > order / 2n ? order - s : s); // either would do; only the lower one is accepted
      return signature;
    },
    publicKey: (privateKey) => publicKeys.get(privateKey) ?? nobleSignatures.publicKey(privateKey),
    keys(count) {
      // Neighbours differ by the base point, and an addition costs a twentieth of a multiplication.
      const first = privateKeyFrom(rng);
      let [secret, point] = [toNumber(first), pointOf(first)];
      return Array.from({ length: count }, () => {
        const key = new Uint8Array(32);
        write(key, 0, secret);
        const publicKey = new Uint8Array(33);
        publicKey[0] = 2 + Number(point.y & 1n);
        write(publicKey, 1, point.x);
        publicKeys.set(key, publicKey);
        numbers.set(key, secret);
        secret++;
        point = sum(point, basePoint());
        return key;
      });
    },
  };
}

/** A private key that is no more than a random number: above zero and far below the order of the curve. */
function privateKeyFrom(rng: Rng): Uint8Array {
  const key = rng.bytes(32);
  key[0] = ((key[0] as number) & 0x7f) | 1;
  return key;
}

function nonceFrom(key: Uint8Array): Nonce {
  return { inverse: inverseOf(toNumber(key), order), r: pointOf(key).x % order };
}

function basePoint(): Point {
  return {
    x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  };
}

function pointOf(privateKey: Uint8Array): Point {
  const publicKey = nobleSignatures.publicKey(privateKey);
  const x = toNumber(publicKey.subarray(1));
  // SEC 1 §2.3.4: the root of x³ + 7 that has the parity of the first byte.
  const root = power(x * x * x + 7n, (prime + 1n) / 4n);
  const isOdd = publicKey[0] === 3;
  return { x, y: isOdd === ((root & 1n) === 1n) ? root : prime - root };
}

/** The sum of two points that are neither the same nor opposite: neighbours of a random one never are. */
function sum(a: Point, b: Point): Point {
  const slope = modulo((b.y - a.y) * inverseOf(modulo(b.x - a.x, prime), prime), prime);
  const x = modulo(slope * slope - a.x - b.x, prime);
  return { x, y: modulo(slope * (a.x - x) - a.y, prime) };
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, modulo(base, prime)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

function inverseOf(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return modulo(x, modulus);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);

function write(bytes: Uint8Array, at: number, value: bigint): void {
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 4; word++) {
    view.setBigUint64(at + 8 * word, value >> BigInt(64 * (3 - word))); // keeps the low 64 bits
  }
}
