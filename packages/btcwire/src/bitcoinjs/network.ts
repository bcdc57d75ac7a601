// Networks of bitcoinjs-lib and ours. Its `Network` is what addresses and keys begin with, ours is more: which of
// testnet3, testnet4 and the signets it is cannot be told from that, so we remember what was made from what.
import type { Network as BitcoinjsNetwork } from "bitcoinjs-lib";
import { type Network, networks } from "../networks.ts";
import { ConversionError } from "./errors.ts";

// Bitcoin Core signs messages so on every network.
const messagePrefix = "\x18Bitcoin Signed Message:\n";

const madeFor = /* @__PURE__ */ new WeakMap<Network, BitcoinjsNetwork>();
const madeFrom = /* @__PURE__ */ new WeakMap<BitcoinjsNetwork, Network>();

/**
 * The network as bitcoinjs-lib has it: one frozen object per network, which {@link fromBitcoinjsNetwork} knows again.
 *
 * It equals `networks.bitcoin`, `networks.testnet` or `networks.regtest` of bitcoinjs-lib, but is none of them.
 */
export function toBitcoinjsNetwork(network: Network): BitcoinjsNetwork {
  const known = madeFor.get(network);
  if (known !== undefined) return known;
  const { bech32, bip32, pubKeyHash, scriptHash, wif } = network.addressPrefixes;
  const made = Object.freeze({
    messagePrefix,
    bech32,
    bip32: Object.freeze({ public: bip32.public, private: bip32.private }),
    pubKeyHash,
    scriptHash,
    wif,
  });
  madeFor.set(network, made);
  madeFrom.set(made, network);
  return made;
}

/**
 * The network that a network of bitcoinjs-lib stands for: the one that it was made from, or else the only one
 * of `among` with these prefixes.
 *
 * @param among - which networks it may be; all of `networks` by default
 * @throws ConversionError `ambiguous_network` if several have them: bitcoinjs-lib's own `networks.testnet` may be
 * testnet3, testnet4 or signet; `unknown_network` if none has.
 * @example
 * ```ts
 * fromBitcoinjsNetwork(toBitcoinjsNetwork(networks.signet)); // networks.signet
 * fromBitcoinjsNetwork(bitcoin.networks.testnet, [networks.testnet4]); // networks.testnet4
 * ```
 */
export function fromBitcoinjsNetwork(
  network: BitcoinjsNetwork,
  among?: readonly Network[],
): Network {
  const origin = madeFrom.get(network);
  const candidates = among ?? (origin === undefined ? Object.values(networks) : [origin]);
  const found = candidates.filter((candidate) =>
    origin === undefined ? hasPrefixesOf(candidate, network) : candidate === origin,
  );
  const [first, second] = found;
  if (first === undefined) {
    const text = `no network with addresses such as ${network.bech32}1...`;
    throw new ConversionError("unknown_network", text);
  }
  if (second !== undefined) {
    const text = `it may be ${found.map(({ name }) => name).join(", ")}`;
    throw new ConversionError("ambiguous_network", text);
  }
  return first;
}

function hasPrefixesOf({ addressPrefixes: ours }: Network, theirs: BitcoinjsNetwork): boolean {
  return (
    theirs.messagePrefix === messagePrefix &&
    theirs.bech32 === ours.bech32 &&
    theirs.bip32.public === ours.bip32.public &&
    theirs.bip32.private === ours.bip32.private &&
    theirs.pubKeyHash === ours.pubKeyHash &&
    theirs.scriptHash === ours.scriptHash &&
    theirs.wif === ours.wif
  );
}
