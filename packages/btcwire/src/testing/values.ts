// Arbitraries of the values that messages are made of. Transactions and blocks have the structure of real ones:
// what they commit to is computed. They are small, spend nothing, and have no proof of work.
import {
  bytes,
  i32,
  i64,
  record,
  someBytes,
  u16,
  u32,
  u64,
  u8,
  upTo,
} from "@satwire/codec/testing";
import fc from "fast-check";
import {
  type Block,
  type BlockHeader,
  concatBytes,
  encode,
  formatHash,
  type InventoryItem,
  inventoryType,
  merkleRootOf,
  type NetAddress,
  type NetAddressV2,
  networkId,
  textOfBytes,
  type TimedNetAddress,
  type Transaction,
  transaction as transactionCodec,
  type TransactionInput,
  type TransactionOutput,
  txidOf,
  wtxidOf,
} from "../index.ts";
import { computeWitnessCommitment, witnessCommitmentScript } from "../witness-commitment.ts";

export { bytes, i32, i64, record, someBytes, u16, u32, u64, u8 };

type Arbitrary<T> = fc.Arbitrary<T>;

/** Six bytes. */
export const u48: Arbitrary<number> = /* @__PURE__ */ upTo(0xffff_ffff_ffff);
/** 32 bytes. */
export const hash: Arbitrary<Uint8Array> = /* @__PURE__ */ bytes(32);
/** Up to 6 hashes. */
export const hashes: Arbitrary<readonly Uint8Array[]> = /* @__PURE__ */ fc.array(hash, {
  maxLength: 6,
});
/** A text of `minLength` to `maxLength` bytes, one character each, printable or not. */
export const text = (maxLength: number, minLength = 0): Arbitrary<string> =>
  fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.uint8Array({ minLength, maxLength }).map(textOfBytes),
  );

const mappedIpv4: Arbitrary<Uint8Array> = /* @__PURE__ */ bytes(4).map((address) =>
  Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address),
);
/** 16 bytes: IPv6, or IPv4 in the form of IPv6. */
export const ip: Arbitrary<Uint8Array> = /* @__PURE__ */ fc.oneof(bytes(16), mappedIpv4);
/** An address of `version`. */
export const netAddress: Arbitrary<NetAddress> = /* @__PURE__ */ record<NetAddress>({
  services: u64,
  ip,
  port: u16,
});
/** An entry of `addr`. */
export const timedNetAddress: Arbitrary<TimedNetAddress> = /* @__PURE__ */ record<TimedNetAddress>({
  time: u32,
  services: u64,
  ip,
  port: u16,
});

const place = (
  networkID: Arbitrary<number>,
  addr: Arbitrary<Uint8Array>,
): Arbitrary<NetAddressV2> => record({ time: u32, services: u64, networkID, addr, port: u16 });
const sized = (id: keyof typeof networkId, length: number): Arbitrary<NetAddressV2> =>
  place(fc.constant(networkId[id]), bytes(length));
const unknownNetwork: Arbitrary<number> = /* @__PURE__ */ fc.oneof(
  fc.constant(0),
  fc.integer({ min: 8, max: 255 }),
);
/** An entry of `addrv2`, of any network, known or not. */
export const netAddressV2: Arbitrary<NetAddressV2> = /* @__PURE__ */ fc.oneof(
  sized("ipv4", 4),
  sized("ipv6", 16),
  sized("torv2", 10),
  sized("torv3", 32),
  sized("i2p", 32),
  sized("cjdns", 16),
  sized("yggdrasil", 16),
  place(unknownNetwork, someBytes),
);

const knownType: Arbitrary<number> = /* @__PURE__ */ fc.constantFrom(
  ...Object.values(inventoryType),
);
/** An item of an inventory, of a known type or any other. */
export const inventoryItem: Arbitrary<InventoryItem> = /* @__PURE__ */ record<InventoryItem>({
  type: fc.oneof(knownType, u32),
  hash,
});

const witness: Arbitrary<readonly Uint8Array[]> = /* @__PURE__ */ fc.oneof(
  fc.constant<readonly Uint8Array[]>([]),
  fc.array(someBytes, { maxLength: 3 }),
);
/** An input, whose witness is often empty. */
export const transactionInput: Arbitrary<TransactionInput> =
  /* @__PURE__ */ record<TransactionInput>({
    txid: hash,
    vout: u32,
    scriptSig: someBytes,
    sequence: u32,
    witness,
  });
/** An output, whose value is not always an amount of bitcoin. */
export const transactionOutput: Arbitrary<TransactionOutput> =
  /* @__PURE__ */ record<TransactionOutput>({ value: i64, scriptPubKey: someBytes });

/** A transaction of 1 to 3 inputs and up to 3 outputs. */
export const transaction: Arbitrary<Transaction> = /* @__PURE__ */ record<Transaction>({
  version: u32,
  inputs: fc.array(transactionInput, { minLength: 1, maxLength: 3 }),
  outputs: fc.array(transactionOutput, { maxLength: 3 }),
  lockTime: u32,
});

/** A header of any numbers and hashes, without proof of work. */
export const blockHeader: Arbitrary<BlockHeader> = /* @__PURE__ */ record<BlockHeader>({
  version: i32,
  prevBlock: hash,
  merkleRoot: hash,
  time: u32,
  bits: u32,
  nonce: u32,
});

const otherTransactions: Arbitrary<Transaction[]> = /* @__PURE__ */ fc.uniqueArray(transaction, {
  maxLength: 4,
  selector: (value) => formatHash(txidOf(value)),
});
// The heights that three bytes of a script stand for.
const height: Arbitrary<number> = /* @__PURE__ */ fc.integer({ min: 0x8000, max: 0x7f_ffff });

/** A block of 1 to 5 transactions: a coinbase that commits to the witnesses, others, and the root of them all. */
export const block: Arbitrary<Block> = /* @__PURE__ */ fc
  .tuple(blockHeader, height, otherTransactions)
  .map(([header, blockHeight, others]) => {
    const all = [coinbaseOf(blockHeight, others), ...others];
    const { root } = merkleRootOf(all.map(txidOf));
    return {
      header: { ...header, merkleRoot: root },
      body: concatBytes(
        Uint8Array.of(all.length),
        ...all.map((value) => encode(transactionCodec, value)),
      ),
    };
  });

function coinbaseOf(blockHeight: number, others: readonly Transaction[]): Transaction {
  const zeros = new Uint8Array(32);
  const commitment = computeWitnessCommitment([zeros, ...others.map(wtxidOf)]);
  return {
    version: 2,
    inputs: [
      {
        txid: zeros,
        vout: 0xffff_ffff,
        // The height comes first (BIP 34).
        scriptSig: Uint8Array.of(3, blockHeight, blockHeight >> 8, blockHeight >> 16),
        sequence: 0xffff_ffff,
        witness: [zeros],
      },
    ],
    outputs: [
      { value: 312_500_000n, scriptPubKey: Uint8Array.of(0x51) },
      { value: 0n, scriptPubKey: witnessCommitmentScript(commitment) },
    ],
    lockTime: 0,
  };
}
