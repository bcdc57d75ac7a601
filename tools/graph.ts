// What each package may import. The one place that says so; `check-graph.ts` enforces it.

/** Packages of the workspace and of npm that the sources of a package may use. */
export interface AllowedImports {
  readonly packages: readonly string[];
  readonly external: readonly string[];
  /** Packages of npm that a user installs if at all, each with the one folder that may use it. */
  readonly optionalPeers?: Readonly<Record<string, string>>;
  /** Packages of the workspace that only its tests may use. */
  readonly tests?: readonly string[];
}

const curve = ["@noble/secp256k1", "@noble/hashes"];

export const graph: Readonly<Record<string, AllowedImports>> = {
  // layer 0
  actor: { packages: [], external: [] },
  codec: { packages: [], external: [], optionalPeers: { "fast-check": "src/testing" } },
  net: { packages: [], external: [] },
  // layer 1
  btcwire: {
    packages: ["codec"],
    external: [...curve, "@noble/ciphers", "siphash"],
    optionalPeers: { "bitcoinjs-lib": "src/bitcoinjs", "fast-check": "src/testing" },
  },
  lnwire: {
    packages: ["codec"],
    external: [...curve, "crc-32"],
    optionalPeers: { "fast-check": "src/testing" },
  },
  noise: { packages: [], external: [...curve, "@noble/ciphers"] },
  // layer 2
  lnp2p: { packages: ["actor", "lnwire", "net", "noise"], external: [], tests: ["testkit"] },
  testkit: {
    packages: ["actor", "btcwire", "lnwire", "net", "noise"],
    external: [],
    optionalPeers: { "fast-check": "src/fast-check" },
  },
};

/** Node's own modules are for these files only; everything else also runs in browsers. */
export const nodeOnly =
  "^packages/(net/src/(tcp-[a-z]+|platform\\.node)|btcwire/src/(sha256|transport/default-v2-crypto)\\.node)\\.ts$";
