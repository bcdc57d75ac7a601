import { concatBytes, EncodeError, fromHex, toHex } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import { blockHashOf } from "../src/block-header.ts";
import { formatHash, hash256 } from "../src/hash256.ts";
import {
  networkByName,
  type NetworkName,
  networkOfMagic,
  networks,
  seedHost,
} from "../src/networks.ts";
import { bitsOf, checkProofOfWork, targetOf } from "../src/proof-of-work.ts";
import { customSignet } from "../src/signet.ts";

const names = Object.keys(networks) as NetworkName[];

/** As `chainparams.cpp` of Bitcoin Core and `params.go` of btcd print them. */
const facts: Record<
  NetworkName,
  { magic: string; port: number; genesisHash: string; merkleRoot?: string; powLimit: string }
> = {
  mainnet: {
    magic: "f9beb4d9",
    port: 8333,
    genesisHash: "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    powLimit: "00000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  },
  testnet3: {
    magic: "0b110907",
    port: 18333,
    genesisHash: "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
    powLimit: "00000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  },
  testnet4: {
    magic: "1c163f28",
    port: 48333,
    genesisHash: "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
    merkleRoot: "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e",
    powLimit: "00000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  },
  signet: {
    magic: "0a03cf40",
    port: 38333,
    genesisHash: "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    powLimit: "00000377ae000000000000000000000000000000000000000000000000000000",
  },
  regtest: {
    magic: "fabfb5da",
    port: 18444,
    genesisHash: "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
    powLimit: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  },
  simnet: {
    magic: "161c1412",
    port: 18555,
    genesisHash: "683e86bd5c6d110d91b94b97137ba6bfe02dbbdb8e3dff722a669b5d69d77af6",
    powLimit: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  },
};

describe.each(names)("%s", (name) => {
  const network = networks[name];
  const fact = facts[name];

  test("has the magic, port, genesis and limit of the reference nodes", () => {
    expect(network.name).toBe(name);
    expect(toHex(network.magic)).toBe(fact.magic);
    expect(network.port).toBe(fact.port);
    expect(formatHash(network.genesisHash)).toBe(fact.genesisHash);
    expect(formatHash(network.genesis.merkleRoot)).toBe(
      fact.merkleRoot ?? "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
    );
    expect(network.powLimit).toBe(BigInt(`0x${fact.powLimit}`));
  });

  test("has a genesis block that hashes to its hash and proves its work", () => {
    expect(toHex(blockHashOf(network.genesis))).toBe(toHex(network.genesisHash));
    expect(checkProofOfWork(network.genesis, { powLimit: network.powLimit })).toBe(true);
    expect(targetOf(network.genesis.bits)).toBe(targetOf(bitsOf(network.powLimit)));
  });

  test("is found by its name and by its magic", () => {
    expect(networkByName(name)).toBe(network);
    expect(networkOfMagic(fromHex(fact.magic))).toBe(network);
  });

  test("gives bytes that nobody else holds", () => {
    network.magic.fill(0);
    network.genesisHash.fill(0);
    network.genesis.merkleRoot.fill(0);
    network.genesis.prevBlock.fill(1);
    network.signetChallenge?.fill(0);
    expect(toHex(network.magic)).toBe(fact.magic);
    expect(toHex(blockHashOf(network.genesis))).toBe(toHex(network.genesisHash));
    expect(formatHash(network.genesisHash)).toBe(fact.genesisHash);
    expect(network.signetChallenge?.[0]).toBe(name === "signet" ? 0x51 : undefined);
  });

  test("cannot be changed for everybody", () => {
    const { dnsSeeds, difficulty, addressPrefixes } = network;
    const { bip32 } = addressPrefixes;
    for (const part of [networks, network, dnsSeeds, difficulty, addressPrefixes, bip32]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test("has seeds that are plain host names", () => {
    for (const seed of network.dnsSeeds) expect(seed).toMatch(/^([a-z0-9-]+\.)+[a-z]+$/);
    expect(new Set(network.dnsSeeds).size).toBe(network.dnsSeeds.length);
  });
});

describe("networks", () => {
  test("seeds only where strangers meet", () => {
    expect(names.map((name) => [name, networks[name].dnsSeeds.length])).toEqual([
      ["mainnet", 8],
      ["testnet3", 5],
      ["testnet4", 2],
      ["signet", 2],
      ["regtest", 0],
      ["simnet", 0],
    ]);
  });

  test("has the rules of difficulty", () => {
    const flags = names.map((name) => {
      const { difficulty } = networks[name];
      return [
        difficulty.targetTimespan / 86_400,
        difficulty.targetSpacing,
        difficulty.allowMinDifficulty,
        difficulty.noRetargeting,
        difficulty.bip94,
      ];
    });
    expect(flags).toEqual([
      [14, 600, false, false, false],
      [14, 600, true, false, false],
      [14, 600, true, false, true],
      [14, 600, false, false, false],
      [1, 600, true, true, false],
      [14, 600, true, false, false],
    ]);
  });

  test("has the prefixes of addresses", () => {
    const flat = names.map((name) => {
      const { bech32, pubKeyHash, scriptHash, wif, bip32 } = networks[name].addressPrefixes;
      return [bech32, pubKeyHash, scriptHash, wif, bip32.public, bip32.private];
    });
    const test = [111, 196, 239, 0x0435_87cf, 0x0435_8394];
    expect(flat).toEqual([
      ["bc", 0, 5, 128, 0x0488_b21e, 0x0488_ade4],
      ["tb", ...test],
      ["tb", ...test],
      ["tb", ...test],
      ["bcrt", ...test],
      ["sb", 0x3f, 0x7b, 0x64, 0x0420_bd3a, 0x0420_b900],
    ]);
  });

  test.each(["", "Mainnet", "testnet", "__proto__", "toString"])("has no %j", (name) => {
    expect(networkByName(name)).toBeUndefined();
  });

  test.each(["", "f9beb4", "f9beb4d900", "d9b4bef9"])("has no magic %j", (magic) => {
    expect(networkOfMagic(fromHex(magic))).toBeUndefined();
  });
});

describe("seedHost", () => {
  test("asks for services in hex", () => {
    expect(seedHost("seed.example", 0x9n)).toBe("x9.seed.example");
    expect(seedHost("seed.example", 0x849n)).toBe("x849.seed.example");
    expect(seedHost("seed.example", 2n ** 64n - 1n)).toBe("xffffffffffffffff.seed.example");
  });

  test("is the seed itself if no service is asked for", () => {
    expect(seedHost("seed.example", 0n)).toBe("seed.example");
  });

  test.each([-1n, 2n ** 64n])("refuses %s", (services) => {
    expect(() => seedHost("seed.example", services)).toThrow(RangeError);
  });
});

describe("customSignet", () => {
  test("is the signet that everybody knows with its challenge", () => {
    const { dnsSeeds, signetChallenge } = networks.signet;
    const network = customSignet({ challenge: signetChallenge as Uint8Array, dnsSeeds });
    expect(signetChallenge).toHaveLength(71);
    expect(network).toEqual(networks.signet);
  });

  test("differs in magic and challenge only, and has no seeds by itself", () => {
    const challenge = Uint8Array.of(0x51);
    const network = customSignet({ challenge });
    expect(toHex(network.magic)).toBe("54d26fbd");
    expect(network).toEqual({
      ...networks.signet,
      magic: network.magic,
      signetChallenge: challenge,
      dnsSeeds: [],
    });
  });

  test.each([
    [252, "fc"],
    [253, "fdfd00"],
    [256, "fd0001"],
    [65_536, "fe00000100"],
  ])("hashes a challenge of %i bytes behind its length", (length, prefix) => {
    const challenge = new Uint8Array(length).fill(0x51);
    const hash = hash256(concatBytes(fromHex(prefix), challenge));
    expect(toHex(customSignet({ challenge }).magic)).toBe(toHex(hash.subarray(0, 4)));
  });

  test("keeps its challenge to itself", () => {
    const challenge = Uint8Array.of(0x51);
    const network = customSignet({ challenge });
    challenge[0] = 0;
    network.signetChallenge?.fill(0);
    network.magic.fill(0);
    expect(network.signetChallenge).toEqual(Uint8Array.of(0x51));
    expect(toHex(network.magic)).toBe("54d26fbd");
  });

  test("refuses what is not bytes", () => {
    const challenge = "51" as unknown as Uint8Array;
    expect(() => customSignet({ challenge })).toThrow(
      expect.objectContaining({ name: EncodeError.name, code: "invalid_value" }),
    );
  });
});
