// What is public, value by value. Types are not seen here.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as btcwire from "../src/index.ts";
import * as optIn from "../src/opt-in/index.ts";
import manifest from "../package.json" with { type: "json" };

const names = (text: string): string[] => text.trim().split(/\s+/).sort();

test("the package exports these values", () => {
  expect(Object.keys(btcwire).sort()).toEqual(
    names(`
      BlockIndex BloomFilter DecodeError EncodeError PacketCipher TransportError V1Transport
      V2Transport addr addressKey addressMessages addrv2 basicFilterOf basicFilterType
      bitcoinMessages bitsOf block blockHashOf blockHeader blockHeaderLength blockLocator
      blocksMessages blocktxn bloomFilterMessages bloomFlag bytes bytesOfText cfcheckpt cfheaders
      cfilter checkFilterCheckpoints checkFilterHeaders checkMerkleRoot checkProofOfWork
      checkWitnessCommitment cmpctblock commandOf compactBlockMessages compactBlockOf
      compactFilterMessages compactSize compactSize64 compareBytes completeBlock
      computeWitnessCommitment concatBytes controlMessages customSignet decode decodeEllswift
      defaultV2Crypto ellswiftLength encode encodeEllswift equalBytes feature feefilter
      filterCheckpointInterval filterHashOf filterHeaderOf filterHeadersOf filteradd filterclear
      filterload findWitnessCommitment flag framingOf formatHash formatHostAddress formatUserAgent fromHex
      generateEllswift getaddr getblocks getblocktxn getcfcheckpt getcfheaders getcfilters getdata
      getheaders handshakeMessages hasAnyService hasServices hasWitness hash hash256 headers
      hostAddressOfIp i32le i64le indexBlock inv inventoryItem inventoryList inventoryMessages
      inventoryType ipOfHostAddress isCoinbase isCommand isRoutable isUnknownMessage
      latestProtocolVersion list locatorHeights matchFilter matchesOf maxAddresses
      maxBloomElementLength maxBloomFilterLength maxBloomHashFunctions maxCompactSize
      maxCompactTransactions maxFilterHashes maxFilters maxGarbageLength maxHeaders maxInventory
      maxLocator maxPayloadLength maxUserAgentLength mempool merkleBlockOf merkleRootOf
      merkleblock message messageSet minimumProtocolVersion negotiatedVersion netAddress
      netAddressV2 netgroupOf networkByName networkId networkOfMagic networks nobleV2Crypto
      notfound packetExpansion packetPrefixLength parseHash parseHostAddress parseUserAgent
      partialMerkleTreeOf ping plainHostAddress pong printableText protocolVersion
      readPartialMerkleTree reconstructBlock reject rejectCode rest seedHost sendaddrv2 sendcmpct
      sendheaders serviceFlag serviceNamesOf servicesOf shortIdsOf signal sizeOf
      strippedTransaction struct supports targetOf textOfBytes timedNetAddress toHex transaction
      tx txidOf u16 u16le u32le u64le u8 usableAddresses v1HeaderLength varBytes varText verack
      version witnessCommitmentScript witnessFlag workOf wtxidOf wtxidrelay
    `),
  );
});

test("the README names them all, each message by its chapter", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const named = new Set(readme.match(/\w+/g));
  const messages = new Set<string>(btcwire.bitcoinMessages.codecs.map(({ command }) => command));
  const missing = Object.keys(btcwire).filter((name) => !named.has(name) && !messages.has(name));
  expect(missing).toEqual([]);
});

test("the entry of opt-in messages exports these values", () => {
  expect(Object.keys(optIn).sort()).toEqual(
    names(`
      alert alertMessages
      reconcildiff reconciliationMessages reconciliationPrecision reqrecon reqsketchext sendtxrcncl sketch
      ancpkginfo combinedHashOf getpkgtxns maxPackageTransactions packageRelayMessages packageRelayVersion
      pkgtxns sendpackages
    `),
  );
});

describe("every way into the package", () => {
  const { exports, publishConfig, imports } = manifest;

  test("is published, too", () => {
    expect(Object.keys(publishConfig.exports)).toEqual(Object.keys(exports));
    expect(Object.keys(publishConfig.imports)).toEqual(Object.keys(imports));
  });

  test.each(Object.entries(exports))("%s has its file", (path, file) => {
    expect(existsSync(new URL(`../${file}`, import.meta.url))).toBe(true);
    const published: string = publishConfig.exports[path as keyof typeof exports];
    expect(published).toBe(file.replace("./src/", "./dist/").replace(/\.ts$/, ".js"));
  });

  test.each(Object.entries(imports))("%s has its file for Node and for others", (name, files) => {
    const published = publishConfig.imports[name as keyof typeof imports];
    expect(Object.keys(published)).toEqual(Object.keys(files));
    // The first that fits is taken.
    expect(Object.keys(files)).toEqual(["node", "default"]);
    for (const [condition, file] of Object.entries(files)) {
      expect(existsSync(new URL(`../${file}`, import.meta.url))).toBe(true);
      expect(published[condition as keyof typeof files]).toBe(
        file.replace("./src/", "./dist/").replace(/\.ts$/, ".js"),
      );
    }
  });
});
