// The networks that run Bitcoin's protocol, and what sets them apart. Facts of chains: Bitcoin Core's
// `kernel/chainparams.cpp`, and btcd's `chaincfg` for simnet.
// Bytes: whatever a network gives is a fresh copy, so that nobody changes what another one reads; all else is frozen.
import { equalBytes, fromHex } from "@satwire/codec";
import type { BlockHeader } from "./block-header.ts";

/** The networks of {@link networks} by name. */
export type NetworkName = "mainnet" | "testnet3" | "testnet4" | "signet" | "regtest" | "simnet";

/** What sets a network apart from the others. */
export interface Network {
  /** A signet of one's own is called `signet`, too. */
  readonly name: NetworkName;
  /** The four bytes that begin each v1 frame, in the order of the wire. */
  readonly magic: Uint8Array;
  /** Where nodes listen unless they are told otherwise. */
  readonly port: number;
  /** The header of the first block. */
  readonly genesis: BlockHeader;
  /** Its hash: 32 bytes in the order of the wire. */
  readonly genesisHash: Uint8Array;
  /** Names whose A and AAAA records are nodes: see {@link seedHost}. */
  readonly dnsSeeds: readonly string[];
  /** The easiest target of a block: see `checkProofOfWork`. */
  readonly powLimit: bigint;
  /** The target of a block by the blocks before it. */
  readonly difficulty: DifficultyRules;
  /** What addresses and keys begin with as texts. */
  readonly addressPrefixes: AddressPrefixes;
  /** The script that a block's signature must satisfy (BIP 325); on signets only. */
  readonly signetChallenge?: Uint8Array | undefined;
}

/** How the target of a block follows from the blocks before it. */
export interface DifficultyRules {
  /** Seconds that one period between two changes of the target should take. */
  readonly targetTimespan: number;
  /** Seconds that one block should take. */
  readonly targetSpacing: number;
  /** A block that is 20 minutes later than the one before may have the easiest target. */
  readonly allowMinDifficulty: boolean;
  /** The target never changes. */
  readonly noRetargeting: boolean;
  /** BIP 94: a period's target follows from its first block, whose time is bounded. */
  readonly bip94: boolean;
}

/** What addresses and keys begin with as texts. */
export interface AddressPrefixes {
  /** The human-readable part of witness addresses (BIP 173, BIP 350). */
  readonly bech32: string;
  /** The first byte of a base58 address that pays to the hash of a public key. */
  readonly pubKeyHash: number;
  /** The first byte of a base58 address that pays to the hash of a script. */
  readonly scriptHash: number;
  /** The first byte of a private key in wallet import format. */
  readonly wif: number;
  /** The first four bytes of extended keys (BIP 32), big-endian. */
  readonly bip32: { readonly public: number; readonly private: number };
}

/** A {@link Network} with its bytes as hex. */
interface NetworkFacts
  extends Pick<Network, "name" | "port" | "dnsSeeds" | "powLimit" | "difficulty"> {
  readonly magic: string;
  readonly genesis: Pick<BlockHeader, "time" | "bits" | "nonce">;
  /** Absent where the first transaction is that of mainnet. */
  readonly merkleRoot?: string;
  readonly genesisHash: string;
  readonly addressPrefixes: AddressPrefixes;
  readonly signetChallenge?: string;
}

const mainnetMerkleRoot = "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a";

/** Two weeks of blocks that take ten minutes each. */
const usualDifficulty: DifficultyRules = {
  targetTimespan: 1_209_600,
  targetSpacing: 600,
  allowMinDifficulty: false,
  noRetargeting: false,
  bip94: false,
};

/** The same, but a late block may have the easiest target. */
const testDifficulty: DifficultyRules = {
  targetTimespan: 1_209_600,
  targetSpacing: 600,
  allowMinDifficulty: true,
  noRetargeting: false,
  bip94: false,
};

const testPrefixes: AddressPrefixes = {
  bech32: "tb",
  pubKeyHash: 111,
  scriptHash: 196,
  wif: 239,
  bip32: { public: 0x0435_87cf, private: 0x0435_8394 },
};

const all: Readonly<Record<NetworkName, Network>> = {
  mainnet: /* @__PURE__ */ define({
    name: "mainnet",
    magic: "f9beb4d9",
    port: 8333,
    genesis: { time: 1_231_006_505, bits: 0x1d00_ffff, nonce: 2_083_236_893 },
    genesisHash: "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000",
    dnsSeeds: [
      "seed.bitcoin.sipa.be",
      "dnsseed.bluematt.me",
      "seed.bitcoin.jonasschnelli.ch",
      "seed.btc.petertodd.net",
      "seed.bitcoin.sprovoost.nl",
      "dnsseed.emzy.de",
      "seed.bitcoin.wiz.biz",
      "seed.mainnet.achownodes.xyz",
    ],
    powLimit: 0x0000_0000_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
    difficulty: usualDifficulty,
    addressPrefixes: {
      bech32: "bc",
      pubKeyHash: 0,
      scriptHash: 5,
      wif: 128,
      bip32: { public: 0x0488_b21e, private: 0x0488_ade4 },
    },
  }),
  testnet3: /* @__PURE__ */ define({
    name: "testnet3",
    magic: "0b110907",
    port: 18333,
    genesis: { time: 1_296_688_602, bits: 0x1d00_ffff, nonce: 414_098_458 },
    genesisHash: "43497fd7f826957108f4a30fd9cec3aeba79972084e90ead01ea330900000000",
    dnsSeeds: [
      "testnet-seed.bitcoin.jonasschnelli.ch",
      "seed.tbtc.petertodd.net",
      "seed.testnet.bitcoin.sprovoost.nl",
      "testnet-seed.bluematt.me",
      "seed.testnet.achownodes.xyz",
    ],
    powLimit: 0x0000_0000_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
    difficulty: testDifficulty,
    addressPrefixes: testPrefixes,
  }),
  testnet4: /* @__PURE__ */ define({
    name: "testnet4",
    magic: "1c163f28",
    port: 48333,
    genesis: { time: 1_714_777_860, bits: 0x1d00_ffff, nonce: 393_743_547 },
    merkleRoot: "4e7b2b9128fe0291db0693af2ae418b767e657cd407e80cb1434221eaea7a07a",
    genesisHash: "43f08bdab050e35b567c864b91f47f50ae725ae2de53bcfbbaf284da00000000",
    dnsSeeds: ["seed.testnet4.bitcoin.sprovoost.nl", "seed.testnet4.wiz.biz"],
    powLimit: 0x0000_0000_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
    difficulty: {
      targetTimespan: 1_209_600,
      targetSpacing: 600,
      allowMinDifficulty: true,
      noRetargeting: false,
      bip94: true,
    },
    addressPrefixes: testPrefixes,
  }),
  signet: /* @__PURE__ */ define({
    name: "signet",
    magic: "0a03cf40",
    port: 38333,
    genesis: { time: 1_598_918_400, bits: 0x1e03_77ae, nonce: 52_613_770 },
    genesisHash: "f61eee3b63a380a477a063af32b2bbc97c9ff9f01f2c4225e973988108000000",
    dnsSeeds: ["seed.signet.bitcoin.sprovoost.nl", "seed.signet.achownodes.xyz"],
    powLimit: 0x0000_0377_ae00_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000_0000n,
    difficulty: usualDifficulty,
    addressPrefixes: testPrefixes,
    signetChallenge:
      "512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be430" +
      "210359ef5021964fe22d6f8e05b2463c9540ce96883fe3b278760f048f5189f2e6c452ae",
  }),
  regtest: /* @__PURE__ */ define({
    name: "regtest",
    magic: "fabfb5da",
    port: 18444,
    genesis: { time: 1_296_688_602, bits: 0x207f_ffff, nonce: 2 },
    genesisHash: "06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f",
    dnsSeeds: [],
    powLimit: 0x7fff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
    difficulty: {
      targetTimespan: 86_400,
      targetSpacing: 600,
      allowMinDifficulty: true,
      noRetargeting: true,
      // Bitcoin Core 28 had BIP 94 here, too; 29 took it back.
      bip94: false,
    },
    addressPrefixes: {
      bech32: "bcrt",
      pubKeyHash: 111,
      scriptHash: 196,
      wif: 239,
      bip32: { public: 0x0435_87cf, private: 0x0435_8394 },
    },
  }),
  simnet: /* @__PURE__ */ define({
    name: "simnet",
    magic: "161c1412",
    port: 18555,
    genesis: { time: 1_401_292_357, bits: 0x207f_ffff, nonce: 2 },
    genesisHash: "f67ad7695d9b662a72ff3d8edbbb2de0bfa67b13974bb9910d116d5cbd863e68",
    dnsSeeds: [],
    powLimit: 0x7fff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn,
    difficulty: testDifficulty,
    addressPrefixes: {
      bech32: "sb",
      pubKeyHash: 63,
      scriptHash: 123,
      wif: 100,
      bip32: { public: 0x0420_bd3a, private: 0x0420_b900 },
    },
  }),
};

/** All networks by name; seeds are those of Bitcoin Core 31. Nothing of them can be changed. */
export const networks: Readonly<Record<NetworkName, Network>> = /* @__PURE__ */ Object.freeze(all);

/** The network of that name, if there is one. */
export function networkByName(name: string): Network | undefined {
  return Object.hasOwn(networks, name) ? networks[name as NetworkName] : undefined;
}

/** The network whose v1 frames begin so, if it is one of {@link networks}. */
export function networkOfMagic(magic: Uint8Array): Network | undefined {
  return Object.values(networks).find((network) => equalBytes(network.magic, magic));
}

/**
 * The name to look up for nodes that offer certain services, such as `x9.seed.example`; the bare seed for none.
 *
 * A seed that does not know the combination has no records for it.
 *
 * @param services bits of `serviceFlag`
 * @throws RangeError outside of 64 bits
 */
export function seedHost(seed: string, services: bigint): string {
  if (BigInt.asUintN(64, services) !== services) {
    throw new RangeError(`${services} are no 64 bits of services`);
  }
  return services === 0n ? seed : `x${services.toString(16)}.${seed}`;
}

/* @__NO_SIDE_EFFECTS__ */
function define(facts: NetworkFacts): Network {
  const { magic, genesis, merkleRoot = mainnetMerkleRoot, genesisHash, signetChallenge } = facts;
  const { addressPrefixes } = facts;
  Object.freeze(addressPrefixes.bip32);
  return Object.freeze<Network>({
    name: facts.name,
    get magic() {
      return fromHex(magic);
    },
    port: facts.port,
    get genesis() {
      return {
        version: 1,
        prevBlock: new Uint8Array(32),
        merkleRoot: fromHex(merkleRoot),
        ...genesis,
      };
    },
    get genesisHash() {
      return fromHex(genesisHash);
    },
    dnsSeeds: Object.freeze(facts.dnsSeeds),
    powLimit: facts.powLimit,
    difficulty: Object.freeze(facts.difficulty),
    addressPrefixes: Object.freeze(addressPrefixes),
    get signetChallenge() {
      return signetChallenge === undefined ? undefined : fromHex(signetChallenge);
    },
  });
}
