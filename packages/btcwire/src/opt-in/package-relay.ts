// BIP 331 (draft): transactions that are only of use together are asked for and sent together. Their inventory
// types are in the default set: see `inventoryType`.
import { sha256 } from "#sha256";
import { type Codec, compareBytes, concatBytes, equalBytes, u64le } from "@satwire/codec";
import { hash, list } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";
import { type Transaction, transaction } from "../transaction.ts";

/** The most transactions that a `getpkgtxns` may ask for. */
export const maxPackageTransactions = 100;

// BIP 331 says that the count takes 1 or 3 bytes, and no more.
const maxAncestors = 65_535;

/** Bits of {@link SendPackages}. */
export const packageRelayVersion = {
  /** `getpkgtxns` and `pkgtxns` (`PKG_RELAY_PKGTXNS`). */
  pkgtxns: 1n,
  /** `ancpkginfo` (`PKG_RELAY_ANC`). */
  ancestors: 2n,
} as const;

/** `sendpackages` (BIP 331): which kinds of packages the sender relays. Between `version` and `verack` only. */
export interface SendPackages extends MessageBase<"sendpackages"> {
  /** Bits of {@link packageRelayVersion}; unknown ones are ignored. */
  readonly versions: bigint;
}

/** Codec of {@link SendPackages}. */
export const sendpackages: MessageCodec<SendPackages> = /* @__PURE__ */ message("sendpackages", {
  versions: u64le,
});

/** `ancpkginfo` (BIP 331): a transaction and all its unconfirmed ancestors. */
export interface AncPkgInfo extends MessageBase<"ancpkginfo"> {
  /** Wtxids, none of them twice, at most 65,535; the last one is of the transaction that was asked for. */
  readonly txns: readonly Uint8Array[];
}

const ancestors: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxAncestors);

/** Codec of {@link AncPkgInfo}. */
export const ancpkginfo: MessageCodec<AncPkgInfo> = /* @__PURE__ */ message(
  "ancpkginfo",
  { txns: ancestors },
  { check: checkDistinct },
);

/** `getpkgtxns` (BIP 331): asks for all of some transactions, or none. */
export interface GetPkgTxns extends MessageBase<"getpkgtxns"> {
  /** Wtxids, at most 100. */
  readonly txns: readonly Uint8Array[];
}

const wtxids: Codec<readonly Uint8Array[]> = /* @__PURE__ */ list(hash, maxPackageTransactions);

/** Codec of {@link GetPkgTxns}. */
export const getpkgtxns: MessageCodec<GetPkgTxns> = /* @__PURE__ */ message("getpkgtxns", {
  txns: wtxids,
});

/** `pkgtxns` (BIP 331): all transactions that a `getpkgtxns` asked for, in its order. */
export interface PkgTxns extends MessageBase<"pkgtxns"> {
  /** At most 100. */
  readonly txns: readonly Transaction[];
}

const transactions: Codec<readonly Transaction[]> = /* @__PURE__ */ list(
  transaction,
  maxPackageTransactions,
);

/** Codec of {@link PkgTxns}. */
export const pkgtxns: MessageCodec<PkgTxns> = /* @__PURE__ */ message("pkgtxns", {
  txns: transactions,
});

/**
 * The name of a package (BIP 331 "Combined Hash"), 32 bytes: what `notfound` says of a `getpkgtxns`. The order of
 * the wtxids is of no matter.
 *
 * @example
 * ```ts
 * const missing = { type: inventoryType.packageTransactions, hash: combinedHashOf(request.txns) };
 * ```
 */
export function combinedHashOf(txns: readonly Uint8Array[]): Uint8Array {
  // In the order of the texts of the hashes, which have the last byte first, as Bitcoin Core has it.
  const sorted = txns.map((wtxid) => wtxid.toReversed()).sort(compareBytes);
  return sha256(concatBytes(...sorted.map((reversed) => reversed.reverse())));
}

/** The messages of BIP 331. */
export type PackageRelayMessage = SendPackages | AncPkgInfo | GetPkgTxns | PkgTxns;

/** All codecs of BIP 331, for a set of one's own. */
export const packageRelayMessages: readonly MessageCodec<PackageRelayMessage>[] = [
  sendpackages,
  ancpkginfo,
  getpkgtxns,
  pkgtxns,
];

function checkDistinct({ txns }: AncPkgInfo): string | undefined {
  const sorted = txns.toSorted(compareBytes);
  const isTwice = sorted.some(
    (wtxid, i) => i > 0 && equalBytes(wtxid, sorted[i - 1] as Uint8Array),
  );
  return isTwice ? "a wtxid is there twice" : undefined;
}
