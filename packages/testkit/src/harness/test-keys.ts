// Node keys for tests: everybody can make them, so they are worth nothing.
import { publicKeyOf } from "@satwire/noise";
import { createRng } from "../determinism/rng.ts";

/** A node key and its node id. */
export interface TestKeyPair {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
}

/** A key pair from a seed: the same one for the same seed. @default seed 1 */
export function newTestKeyPair(seed: number | string = 1): TestKeyPair {
  const privateKey = createRng(seed).fork("node key").bytes(32);
  privateKey[0] = 1; // below the order of the curve, and above 0
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** The node id of {@link newTestKeyPair}. @default seed 1 */
export function newTestPublicKey(seed: number | string = 1): Uint8Array {
  return newTestKeyPair(seed).publicKey;
}
