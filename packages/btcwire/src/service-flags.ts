// What a node offers, one bit each. Bits are claims of strangers: nothing keeps a node from lying.

/** Services by their bits, of 64. A bit that is not here may still be set; 24 to 31 are for experiments. */
export const serviceFlag = {
  /** All blocks. */
  network: 0x1n,
  /** `getutxos` (BIP 64, closed). */
  getUtxo: 0x2n,
  /** Bloom filters (BIP 111). */
  bloom: 0x4n,
  /** Witnesses of blocks and transactions (BIP 144). */
  witness: 0x8n,
  /** Extreme thin blocks; on other chains than Bitcoin's. */
  xthin: 0x10n,
  /** Basic block filters (BIP 157). */
  compactFilters: 0x40n,
  /** At least the last 288 blocks (BIP 159). */
  networkLimited: 0x400n,
  /** The encrypted transport (BIP 324). */
  p2pV2: 0x800n,
} as const;

/** The services that have a name here. */
export type ServiceName = keyof typeof serviceFlag;

/**
 * The bits of some services.
 *
 * @example
 * ```ts
 * servicesOf("network", "witness"); // 9n
 * ```
 */
export function servicesOf(...names: readonly ServiceName[]): bigint {
  return names.reduce((bits, name) => bits | serviceFlag[name], 0n);
}

/** The names of the bits that are set, lowest first; `bit24` where there is none. Beyond 64 bits nothing is seen. */
export function serviceNamesOf(services: bigint): readonly (ServiceName | `bit${number}`)[] {
  const known = Object.entries(serviceFlag) as [ServiceName, bigint][];
  const names: (ServiceName | `bit${number}`)[] = [];
  for (let i = 0; i < 64; i++) {
    const bit = 1n << BigInt(i);
    if ((services & bit) === 0n) continue;
    names.push(known.find(([, flag]) => flag === bit)?.[0] ?? `bit${i}`);
  }
  return names;
}

/** Whether every bit of `wanted` is set. */
export function hasServices(services: bigint, wanted: bigint): boolean {
  return (services & wanted) === wanted;
}

/** Whether any bit of `wanted` is set, as in `network` or `networkLimited`. */
export function hasAnyService(services: bigint, wanted: bigint): boolean {
  return (services & wanted) !== 0n;
}
