// ElligatorSwift on secp256k1 (BIP 324, "ElligatorSwift encoding of curve X coordinates"): public keys as
// 64 bytes that look random, and the Diffie-Hellman of such keys.
// Not constant time: BigInt is not. Encodings are public; what is done with private keys is @noble/secp256k1's.
// Bytes: what is given is only read during the call; what is returned is fresh.
import { etc, Point, utils } from "@noble/secp256k1";

/** The order of the field. */
const P = 0xffffffff_ffffffff_ffffffff_ffffffff_ffffffff_ffffffff_fffffffe_fffffc2fn;
/** `MINUS_3_SQRT`: the square root of −3 that is a square itself. */
const rootOfMinus3 = 0x0a2d2ba9_3507f1df_233770c2_a797962c_c61f6d15_da14ecd4_7d8d27ae_1cd5f852n;
/** 1/2 */
const half = 0x7fffffff_ffffffff_ffffffff_ffffffff_ffffffff_ffffffff_ffffffff_7ffffe18n;

// One attempt in four succeeds: that none of a thousand does tells of a source that repeats itself.
const maxAttempts = 1000;
const notRandom = "the bytes that were to be random lead to no key";

/** Bytes of an encoding. */
export const ellswiftLength = 64;

/** A private key with the encoding of its public key. */
export interface EllswiftKeyPair {
  /** 32 bytes: overwrite them after use. */
  readonly privateKey: Uint8Array;
  /** 64 bytes. */
  readonly publicKey: Uint8Array;
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function invert(value: bigint): bigint {
  return etc.invert(mod(value), P);
}

function squareTimes(value: bigint, times: number): bigint {
  let power = value;
  for (let i = 0; i < times; i++) power = (power * power) % P;
  return power;
}

/** A square root of a reduced value, if it has one: its power by (P + 1) / 4, which is 2^254 − 2^30 − 244. */
function squareRoot(value: bigint): bigint | undefined {
  // The exponent's ones come in runs of 223, 22 and 2. Names: `n3` is the power by 2^3 − 1.
  const n2 = (squareTimes(value, 1) * value) % P;
  const n3 = (squareTimes(n2, 1) * value) % P;
  const n6 = (squareTimes(n3, 3) * n3) % P;
  const n9 = (squareTimes(n6, 3) * n3) % P;
  const n11 = (squareTimes(n9, 2) * n2) % P;
  const n22 = (squareTimes(n11, 11) * n11) % P;
  const n44 = (squareTimes(n22, 22) * n22) % P;
  const n88 = (squareTimes(n44, 44) * n44) % P;
  const n176 = (squareTimes(n88, 88) * n88) % P;
  const n220 = (squareTimes(n176, 44) * n44) % P;
  const n223 = (squareTimes(n220, 3) * n3) % P;
  const low = (squareTimes((squareTimes(n223, 23) * n22) % P, 6) * n2) % P;
  const root = squareTimes(low, 2);
  return (root * root) % P === value ? root : undefined;
}

/** The right side of the curve's equation. */
function curve(x: bigint): bigint {
  return mod(x * x * x + 7n);
}

function numberOf(bytes: Uint8Array): bigint {
  return mod(etc.bytesToNumberBE(bytes));
}

/** `XSwiftEC(u, t)` as a point: one of the two with that x. */
function pointOf(encoding: Uint8Array): Point {
  if (encoding.length !== ellswiftLength) {
    throw new RangeError(`an ElligatorSwift encoding has 64 bytes, not ${encoding.length}`);
  }
  const u = numberOf(encoding.subarray(0, 32)) || 1n;
  let t = numberOf(encoding.subarray(32)) || 1n;
  const g = curve(u);
  if (mod(g + t * t) === 0n) t = mod(2n * t);
  // X = (g − t²) / 2t and Y = (X + t) / cu = (g + t²) / 2tcu, hence X / Y = cu(g − t²) / (g + t²): one inversion
  // is enough for both.
  const squareOfT = (t * t) % P;
  const above = mod(g + squareOfT);
  const cu = (rootOfMinus3 * u) % P;
  const below = (2n * t * cu) % P;
  const inverse = invert(above * below);
  const y = (((above * above) % P) * inverse) % P;
  const ratio = (((cu * mod(g - squareOfT)) % P) * ((below * inverse) % P)) % P;
  for (const x of [mod(u + 4n * y * y), mod((-ratio - u) * half), mod((ratio - u) * half)]) {
    const root = squareRoot(curve(x));
    if (root !== undefined) return new Point(x, root, 1n);
  }
  throw new Error("unreachable: one of the three is on the curve");
}

/** `ellswift_decode`: the x coordinate that an encoding stands for. @throws RangeError unless it has 64 bytes */
export function decodeEllswift(encoding: Uint8Array): Uint8Array {
  return etc.numberToBytesBE(pointOf(encoding).x);
}

/**
 * `XSwiftECInv(x, u, case)`: the t for which (u, t) stands for x, if there is one.
 *
 * @param which 0 to 7: which of up to eight
 */
export function invertSwiftEc(x: bigint, u: bigint, which: number): bigint | undefined {
  const g = curve(u);
  let v = x;
  let w: bigint | undefined;
  if ((which & 2) === 0) {
    if (squareRoot(curve(mod(-x - u))) !== undefined) return undefined;
    // s = −g / d, and its root is that of −gd³ by d²: only what is found needs the inversion.
    const d = mod(u * u + u * v + v * v);
    const squareOfD = (d * d) % P;
    const root = squareRoot(mod(-g * ((d * squareOfD) % P)));
    if (root === undefined) return undefined;
    w = root * invert(squareOfD);
  } else {
    const s = mod(x - u);
    if (s === 0n) return undefined;
    w = squareRoot(s);
    if (w === undefined) return undefined;
    const r = squareRoot(mod(-s * mod(4n * g + 3n * s * mod(u * u))));
    if (r === undefined || ((which & 1) === 1 && r === 0n)) return undefined;
    v = mod((r * invert(s) - u) * half);
  }
  const factor = (which & 1) === 1 ? 1n + rootOfMinus3 : 1n - rootOfMinus3;
  const t = w * mod(u * factor * half + v);
  return mod((which & 5) === 0 || (which & 5) === 5 ? -t : t);
}

/**
 * `ellswift_create` for a private key that is there: a random one of the encodings of its public key.
 *
 * @param randomBytes strong randomness
 * @throws Error unless the key has 32 bytes and is within the order of the curve, or if randomness repeats itself
 */
export function encodeEllswift(
  privateKey: Uint8Array,
  randomBytes: (length: number) => Uint8Array,
): Uint8Array {
  const { x } = Point.BASE.multiply(etc.secretKeyToScalar(privateKey));
  for (let i = 0; i < maxAttempts; i++) {
    const bytes = randomBytes(33);
    const u = numberOf(bytes.subarray(0, 32));
    const t = u === 0n ? undefined : invertSwiftEc(x, u, (bytes[32] ?? 0) & 7);
    if (t === undefined) continue;
    const encoding = new Uint8Array(ellswiftLength);
    encoding.set(etc.numberToBytesBE(u));
    encoding.set(etc.numberToBytesBE(t), 32);
    return encoding;
  }
  throw new Error(notRandom);
}

/**
 * `ellswift_create`: a fresh private key and a random encoding of its public key.
 *
 * @param randomBytes strong randomness
 * @throws Error if that repeats itself
 */
export function generateEllswift(randomBytes: (length: number) => Uint8Array): EllswiftKeyPair {
  for (let i = 0; i < maxAttempts; i++) {
    const privateKey = randomBytes(32);
    if (!utils.isValidSecretKey(privateKey)) continue;
    return { privateKey, publicKey: encodeEllswift(privateKey, randomBytes) };
  }
  throw new Error(notRandom);
}

/**
 * `ellswift_ecdh_xonly`: the x coordinate of the private key times the point of an encoding, 32 bytes.
 *
 * @throws RangeError unless the encoding has 64 bytes; Error unless the key is within the order of the curve
 */
export function sharedX(privateKey: Uint8Array, theirs: Uint8Array): Uint8Array {
  const scalar = etc.secretKeyToScalar(privateKey);
  return etc.numberToBytesBE(pointOf(theirs).multiply(scalar).x);
}
