// BIP 37: the filter that a `filterload` carries, and what a node does with it. It tells the node about the wallet
// behind it; Bitcoin Core does not serve it by default.
// Bytes: what is given is only read during the call; `toMessage` returns bytes of its own.
import {
  bloomFlag,
  type FilterLoad,
  maxBloomFilterLength,
  maxBloomHashFunctions,
} from "../messages/bloom-filters.ts";
import { murmurHash3 } from "./murmur-hash.ts";
import { paysToPublicKeys, scriptPushes } from "./script-pushes.ts";
import { type Transaction, txidOf } from "../transaction.ts";

// The lower bits of the flags say when the filter grows.
const updateMask = 3;

/** What {@link BloomFilter.create} makes a filter for. */
export interface BloomFilterOptions {
  /** How many elements will be inserted, from 1. */
  readonly elements: number;
  /** How often an element matches that was not inserted: above 0, below 1. */
  readonly falsePositiveRate: number;
  /** A random number of 32 bits, so that no two filters of a wallet can be compared. */
  readonly nTweak: number;
  /** See {@link bloomFlag}. @default bloomFlag.none */
  readonly nFlags?: number | undefined;
}

/**
 * A set of byte strings that finds all of its elements, and some others (BIP 37 "Bloom filter format").
 *
 * @example
 * ```ts
 * const [nTweak = 0] = crypto.getRandomValues(new Uint32Array(1));
 * const filter = BloomFilter.create({ elements: 2, falsePositiveRate: 0.0001, nTweak, nFlags: bloomFlag.all });
 * filter.insert(publicKeyHash);
 * filter.insertOutpoint(txid, 0);
 * peer.send(filter.toMessage());
 * ```
 */
export class BloomFilter {
  readonly #bits: Uint8Array;
  readonly #hashFunctions: number;
  readonly #tweak: number;
  readonly #flags: number;

  private constructor({ filter, nHashFuncs, nTweak, nFlags }: Omit<FilterLoad, "type">) {
    this.#bits = filter;
    this.#hashFunctions = nHashFuncs;
    this.#tweak = nTweak;
    this.#flags = nFlags;
  }

  /**
   * An empty filter of the size that BIP 37 recommends, at most 36,000 bytes and 50 hash functions. With more
   * elements than that is enough for, more matches than was asked for.
   *
   * @throws RangeError for options out of their range.
   */
  static create({
    elements,
    falsePositiveRate,
    nTweak,
    nFlags = bloomFlag.none,
  }: BloomFilterOptions): BloomFilter {
    if (!(Number.isSafeInteger(elements) && elements > 0)) {
      throw new RangeError(`${elements} is no number of elements`);
    }
    if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) {
      throw new RangeError(`${falsePositiveRate} is no rate between 0 and 1`);
    }
    checkNumber("nTweak", nTweak, 0xffff_ffff);
    checkNumber("nFlags", nFlags, 0xff);
    const bits = Math.floor((-1 / Math.LN2 ** 2) * elements * Math.log(falsePositiveRate));
    // A filter without bytes, or without hash functions, matches everything.
    const length = Math.max(1, Math.floor(Math.min(bits, 8 * maxBloomFilterLength) / 8));
    const ideal = Math.floor(((8 * length) / elements) * Math.LN2);
    const nHashFuncs = Math.max(1, Math.min(ideal, maxBloomHashFunctions));
    return new BloomFilter({ filter: new Uint8Array(length), nHashFuncs, nTweak, nFlags });
  }

  /** The filter of a message, with bytes of its own. */
  static from(message: Omit<FilterLoad, "type">): BloomFilter {
    // Not `slice`: that of a Node buffer copies nothing.
    return new BloomFilter({ ...message, filter: Uint8Array.from(message.filter) });
  }

  /** The message that sets this filter. */
  toMessage(): FilterLoad {
    return {
      type: "filterload",
      filter: this.#bits.slice(),
      nHashFuncs: this.#hashFunctions,
      nTweak: this.#tweak,
      nFlags: this.#flags,
    };
  }

  /** Adds what a script pushes (a public key, its hash, a script's hash), a txid, or anything else. */
  insert(element: Uint8Array): void {
    // CVE-2013-5700: a filter of 0 bits has no place for anything.
    if (this.#bits.length === 0) return;
    for (let i = 0; i < this.#hashFunctions; i++) {
      const bit = this.#bitOf(i, element);
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** Adds an output, to find what spends it. */
  insertOutpoint(txid: Uint8Array, vout: number): void {
    this.insert(outpoint(txid, vout));
  }

  /** Whether the element may have been inserted. A filter of 0 bytes contains everything. */
  contains(element: Uint8Array): boolean {
    if (this.#bits.length === 0) return true;
    for (let i = 0; i < this.#hashFunctions; i++) {
      const bit = this.#bitOf(i, element);
      if (((this.#bits[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  /** Whether the output may have been inserted. */
  containsOutpoint(txid: Uint8Array, vout: number): boolean {
    return this.contains(outpoint(txid, vout));
  }

  /**
   * Whether a transaction matches (BIP 37 "Filter matching algorithm"): by its txid, by what its output scripts push,
   * by the outputs that it spends or by what its input scripts push.
   *
   * As `nFlags` says, outputs that match are inserted, so that what spends them matches later: a node and its client
   * have to see transactions in the same order.
   *
   * @param txid - of this transaction, if it is known already
   */
  matchAndUpdate(tx: Transaction, txid: Uint8Array = txidOf(tx)): boolean {
    let isMatch = this.contains(txid);
    for (const [vout, { scriptPubKey }] of tx.outputs.entries()) {
      if (!this.#containsPush(scriptPubKey)) continue;
      isMatch = true;
      if (this.#growsBy(scriptPubKey)) this.insertOutpoint(txid, vout);
    }
    return (
      isMatch ||
      tx.inputs.some(
        (input) =>
          this.containsOutpoint(input.txid, input.vout) || this.#containsPush(input.scriptSig),
      )
    );
  }

  #containsPush(script: Uint8Array): boolean {
    for (const data of scriptPushes(script)) if (this.contains(data)) return true;
    return false;
  }

  #growsBy(scriptPubKey: Uint8Array): boolean {
    const when = this.#flags & updateMask;
    if (when === bloomFlag.p2pubkeyOnly) return paysToPublicKeys(scriptPubKey);
    return when === bloomFlag.all;
  }

  #bitOf(hashFunction: number, element: Uint8Array): number {
    const seed = Math.imul(hashFunction, 0xfba4_c795) + this.#tweak;
    return murmurHash3(seed, element) % (8 * this.#bits.length);
  }
}

function outpoint(txid: Uint8Array, vout: number): Uint8Array {
  const bytes = new Uint8Array(txid.length + 4);
  bytes.set(txid);
  new DataView(bytes.buffer).setUint32(txid.length, vout, true);
  return bytes;
}

function checkNumber(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}, not from 0 to ${max}`);
}
