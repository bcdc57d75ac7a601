// BOLT 0 "Glossary and Terminology Guide": chains by the hash of their genesis block.
import { EncodeError, equalBytes, fromHex } from "@satwire/codec";

/** The Bitcoin networks that Lightning nodes run on. */
export type ChainName = "mainnet" | "testnet3" | "testnet4" | "signet" | "regtest";

const hashes: Record<ChainName, string> = {
  mainnet: "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000",
  testnet3: "43497fd7f826957108f4a30fd9cec3aeba79972084e90ead01ea330900000000",
  testnet4: "43f08bdab050e35b567c864b91f47f50ae725ae2de53bcfbbaf284da00000000",
  signet: "f61eee3b63a380a477a063af32b2bbc97c9ff9f01f2c4225e973988108000000",
  regtest: "06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f",
};

/**
 * The `chain_hash` of a network: its genesis block's hash in wire order, 32 bytes of their own.
 *
 * @throws EncodeError `invalid_value` for another name.
 */
export function chainHashOf(name: ChainName): Uint8Array {
  if (!Object.hasOwn(hashes, name)) {
    const text = `${JSON.stringify(name)} is none of ${Object.keys(hashes).join(", ")}`;
    throw new EncodeError("invalid_value", text);
  }
  return fromHex(hashes[name]);
}

/** The network that a `chain_hash` stands for, if it is a known one. */
export function chainNameOf(chainHash: Uint8Array): ChainName | undefined {
  const names = Object.keys(hashes) as ChainName[];
  return names.find((name) => equalBytes(chainHashOf(name), chainHash));
}
