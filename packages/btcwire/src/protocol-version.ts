// What came with which version of the protocol. Later versions keep all of it, except where nodes dropped it.

/** The first version of the protocol with each feature. */
export const protocolVersion = {
  /** `addr` has more than one address. */
  addresses: 209,
  /** Entries of `addr` have a time. */
  addressTime: 31_402,
  /** `getheaders` and `headers`: the least that Bitcoin Core talks to. */
  getheaders: 31_800,
  /** `ping` has a nonce and is answered with `pong` (BIP 31). */
  pong: 60_001,
  /** `mempool` (BIP 35). */
  mempool: 60_002,
  /** `filterload` and what belongs to it, and `relay` in `version` (BIP 37). */
  filterload: 70_001,
  /** `reject` (BIP 61); Bitcoin Core has dropped it. */
  reject: 70_002,
  /** Bloom filters only of nodes with the service bit (BIP 111). */
  bloomService: 70_011,
  /** `sendheaders` (BIP 130). */
  sendheaders: 70_012,
  /** `feefilter` (BIP 133). */
  feefilter: 70_013,
  /** `sendcmpct` and compact blocks (BIP 152). */
  sendcmpct: 70_014,
  /** Compact blocks may come before they are validated: one that is invalid is no reason to ban (BIP 152). */
  unvalidatedCompactBlocks: 70_015,
  /** `wtxidrelay` (BIP 339). */
  wtxidrelay: 70_016,
  /** `sendaddrv2` (BIP 155, which has no version; this is when Bitcoin Core sends it). */
  sendaddrv2: 70_016,
  /** `feature` (BIP 434). */
  feature: 70_017,
} as const;

/** What a version of the protocol can have. */
export type ProtocolFeature = keyof typeof protocolVersion;

/** The version to say in `version` who knows every message of this package. */
export const latestProtocolVersion = 70_017;

/** The least version that Bitcoin Core talks to. */
export const minimumProtocolVersion = 31_800;

/** The version that two nodes talk in: the lower of the two that they said. */
export function negotiatedVersion(ours: number, theirs: number): number {
  return Math.min(ours, theirs);
}

/**
 * Whether a version of the protocol has a feature.
 *
 * @param version of the peer, or as {@link negotiatedVersion} says it
 * @example
 * ```ts
 * if (supports(negotiatedVersion(latestProtocolVersion, theirs.version), "wtxidrelay")) send({ type: "wtxidrelay" });
 * ```
 */
export function supports(version: number, feature: ProtocolFeature): boolean {
  return version >= protocolVersion[feature];
}
