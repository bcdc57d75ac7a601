// BIP 325: signets of one's own. They share everything but the challenge, and the magic that follows from it.
// Bytes: the challenge is copied; what the network gives is a fresh copy each time.
import { concatBytes, encode, EncodeError } from "@satwire/codec";
import { compactSize } from "./compact-size.ts";
import { hash256 } from "./hash256.ts";
import { type Network, networks } from "./networks.ts";

/** What makes a signet another one. */
export interface SignetOptions {
  /** The script that a block's signature must satisfy. */
  readonly challenge: Uint8Array;
  /** @default none */
  readonly dnsSeeds?: readonly string[] | undefined;
}

/**
 * The signet with that challenge (BIP 325).
 *
 * @throws EncodeError `invalid_value` if the challenge is not bytes, `out_of_range` if it is above 32 MiB
 * @example
 * ```ts
 * const network = customSignet({ challenge: fromHex("51") });
 * toHex(network.magic); // "54d26fbd"
 * ```
 */
export function customSignet({ challenge, dnsSeeds = [] }: SignetOptions): Network {
  if (!(challenge instanceof Uint8Array)) {
    throw new EncodeError("invalid_value", "the challenge of a signet is bytes");
  }
  // Not `slice`: that of a Node buffer copies nothing.
  const script = Uint8Array.from(challenge);
  const magic = hash256(concatBytes(encode(compactSize, script.length), script)).slice(0, 4);
  const { signet } = networks;
  return {
    name: signet.name,
    get magic() {
      return magic.slice();
    },
    port: signet.port,
    get genesis() {
      return signet.genesis;
    },
    get genesisHash() {
      return signet.genesisHash;
    },
    dnsSeeds: [...dnsSeeds],
    powLimit: signet.powLimit,
    difficulty: signet.difficulty,
    addressPrefixes: signet.addressPrefixes,
    get signetChallenge() {
      return script.slice();
    },
  };
}
