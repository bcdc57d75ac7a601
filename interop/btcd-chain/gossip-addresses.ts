/** Addresses of nodes to gossip about, of every network of `addrv2`; fictive, and routable unless it says otherwise. */
import { type NetAddressV2, networkId } from "@satwire/btcwire";

/** How many of each kind. */
export interface AddressCounts {
  readonly ipv4?: number;
  readonly ipv6?: number;
  readonly torv2?: number;
  readonly torv3?: number;
  readonly i2p?: number;
  readonly cjdns?: number;
  readonly yggdrasil?: number;
  /** IPv4 addresses that are nobody's on the Internet. */
  readonly private?: number;
}

interface Kind {
  readonly networkID: number;
  readonly length: number;
  /** What addresses begin with, so that they are what they are said to be. */
  readonly prefix: readonly number[];
}

const { ipv4, ipv6, torv2, torv3, i2p, cjdns, yggdrasil } = networkId;
const kinds: Readonly<Record<keyof AddressCounts, Kind>> = {
  ipv4: { networkID: ipv4, length: 4, prefix: [45] },
  ipv6: { networkID: ipv6, length: 16, prefix: [0x2a, 0x01] },
  torv2: { networkID: torv2, length: 10, prefix: [] },
  torv3: { networkID: torv3, length: 32, prefix: [] },
  i2p: { networkID: i2p, length: 32, prefix: [] },
  cjdns: { networkID: cjdns, length: 16, prefix: [0xfc] },
  yggdrasil: { networkID: yggdrasil, length: 16, prefix: [0x02] },
  private: { networkID: ipv4, length: 4, prefix: [10] },
};

/** How many were made. */
let count = 0;

/** Random addresses, none of which was made before. */
export function gossipAddresses(counts: AddressCounts): NetAddressV2[] {
  const now = Math.floor(Date.now() / 1000);
  const all: NetAddressV2[] = [];
  for (const [kind, wanted = 0] of Object.entries(counts) as [keyof AddressCounts, number?][]) {
    const { networkID, length, prefix } = kinds[kind];
    for (let i = 0; i < wanted; i++) {
      const addr = crypto.getRandomValues(new Uint8Array(length));
      addr.set(prefix);
      new DataView(addr.buffer).setUint16(length - 2, count++);
      all.push({
        time: now - 60 * all.length,
        services: (BigInt(all.length + 1) << 10n) | 1n,
        networkID,
        addr,
        port: kind === "i2p" ? 0 : 8333 + all.length,
      });
    }
  }
  return all;
}
