import * as bitcoin from "bitcoinjs-lib";
import { describe, expect, test } from "vitest";
import {
  ConversionError,
  fromBitcoinjsNetwork,
  toBitcoinjsNetwork,
} from "../src/bitcoinjs/index.ts";
import { type NetworkName, networks } from "../src/networks.ts";
import { customSignet } from "../src/signet.ts";

const all = Object.values(networks).map((network) => [network.name, network] as const);

/** The code of the bridge's error. */
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConversionError) return error.code;
    throw error;
  }
  return "nothing was thrown";
};

test.each(all)("%s comes back from the object that was made of it", (_, network) => {
  const theirs = toBitcoinjsNetwork(network);
  expect(fromBitcoinjsNetwork(theirs)).toBe(network);
  expect(toBitcoinjsNetwork(network)).toBe(theirs);
});

test.each([
  ["mainnet", bitcoin.networks.bitcoin],
  ["testnet3", bitcoin.networks.testnet],
  ["testnet4", bitcoin.networks.testnet],
  ["signet", bitcoin.networks.testnet],
  ["regtest", bitcoin.networks.regtest],
] as const)("%s is what bitcoinjs-lib has", (name, theirs) => {
  expect(toBitcoinjsNetwork(networks[name])).toEqual(theirs);
});

test("simnet is what btcd has", () => {
  expect(toBitcoinjsNetwork(networks.simnet)).toEqual({
    messagePrefix: "\x18Bitcoin Signed Message:\n",
    bech32: "sb",
    bip32: { public: 0x0420_bd3a, private: 0x0420_b900 },
    pubKeyHash: 0x3f,
    scriptHash: 0x7b,
    wif: 0x64,
  });
});

test("objects that are made cannot be changed, and so keep their meaning", () => {
  const theirs = toBitcoinjsNetwork(networks.testnet4);
  expect(() => {
    theirs.bech32 = "bc";
  }).toThrow(TypeError);
  expect(() => {
    theirs.bip32.public = 0;
  }).toThrow(TypeError);
});

test("signets of one's own are kept apart", () => {
  const [one, two] = [
    customSignet({ challenge: Uint8Array.of(0x51) }),
    customSignet({ challenge: Uint8Array.of(0x52) }),
  ];
  expect(fromBitcoinjsNetwork(toBitcoinjsNetwork(one))).toBe(one);
  expect(fromBitcoinjsNetwork(toBitcoinjsNetwork(two))).toBe(two);
  expect(fromBitcoinjsNetwork(bitcoin.networks.testnet, [two])).toBe(two);
});

test("bitcoinjs-lib makes addresses with them", () => {
  const hash = new Uint8Array(20);
  const addresses = all.map(([, network]) => {
    const theirs = toBitcoinjsNetwork(network);
    const { address } = bitcoin.payments.p2wpkh({ hash, network: theirs });
    return `${address?.split("1")[0]} ${bitcoin.payments.p2pkh({ hash, network: theirs }).address?.charAt(0)}`;
  });
  expect(addresses).toEqual(["bc 1", "tb m", "tb m", "tb m", "bcrt m", "sb S"]);
});

describe("objects of bitcoinjs-lib's own", () => {
  const { testnet, regtest } = bitcoin.networks;

  test("are known where only one network has these prefixes", () => {
    expect(fromBitcoinjsNetwork(bitcoin.networks.bitcoin)).toBe(networks.mainnet);
    expect(fromBitcoinjsNetwork(regtest)).toBe(networks.regtest);
    expect(fromBitcoinjsNetwork({ ...toBitcoinjsNetwork(networks.simnet) })).toBe(networks.simnet);
  });

  test("are ambiguous where several have them", () => {
    expect(codeOf(() => fromBitcoinjsNetwork(testnet))).toBe("ambiguous_network");
    expect(() => fromBitcoinjsNetwork(testnet)).toThrow("it may be testnet3, testnet4, signet");
    // A copy is no longer the object that was made.
    const copy = structuredClone(toBitcoinjsNetwork(networks.testnet4));
    expect(codeOf(() => fromBitcoinjsNetwork(copy))).toBe("ambiguous_network");
  });

  test.each(["testnet3", "testnet4", "signet"] as const)(
    "are %s among networks where nobody else has them",
    (name: NetworkName) => {
      const among = [networks.mainnet, networks[name], networks.regtest];
      expect(fromBitcoinjsNetwork(testnet, among)).toBe(networks[name]);
    },
  );

  test.each([
    ["messagePrefix", { messagePrefix: "\x19Litecoin Signed Message:\n" }],
    ["bech32", { bech32: "ltc" }],
    ["pubKeyHash", { pubKeyHash: 0x30 }],
    ["scriptHash", { scriptHash: 0x32 }],
    ["wif", { wif: 0xb0 }],
    ["bip32.public", { bip32: { public: 0x019d_a462, private: 0x0488_ade4 } }],
    ["bip32.private", { bip32: { public: 0x0488_b21e, private: 0x019d_9cfe } }],
  ])("with another %s are of another network", (_, changes) => {
    const other = { ...bitcoin.networks.bitcoin, ...changes };
    expect(codeOf(() => fromBitcoinjsNetwork(other))).toBe("unknown_network");
  });

  test("are none of those that they may be", () => {
    expect(codeOf(() => fromBitcoinjsNetwork(testnet, [networks.mainnet]))).toBe("unknown_network");
    expect(codeOf(() => fromBitcoinjsNetwork(testnet, []))).toBe("unknown_network");
  });
});

test("an object that was made is not taken for another network with its prefixes", () => {
  const theirs = toBitcoinjsNetwork(networks.testnet3);
  expect(fromBitcoinjsNetwork(theirs, [networks.testnet4, networks.testnet3])).toBe(
    networks.testnet3,
  );
  expect(codeOf(() => fromBitcoinjsNetwork(theirs, [networks.testnet4]))).toBe("unknown_network");
});
