// What nodes set in `init` by default; lnd with everything that its configuration can switch on.
const lnd = [
  0, 5, 7, 8, 12, 14, 17, 19, 23, 25, 27, 31, 35, 39, 44, 47, 51, 61, 81, 161, 181, 2023, 2025,
];
const ldk = [0, 5, 8, 12, 14, 17, 19, 25, 27, 35, 43, 44, 47, 51, 61, 63];
const ldkWithOptions = [...ldk, 7, 23, 29, 39, 41, 153];
const cln = [0, 5, 7, 8, 11, 12, 14, 17, 19, 23, 25, 27, 35, 39, 43, 44, 47, 51, 63];
const clnWithOptions = [...cln, 29, 61, 105];
const eclair = [0, 7, 8, 11, 12, 14, 17, 19, 23, 25, 27, 29, 35, 37, 39, 44, 47, 61, 63, 81];
/** A client without channels. */
const client = [1, 9, 13, 15, 45];

/** The feature bits of today's nodes. */
export const nodeFeatures: readonly (readonly [string, readonly number[]])[] = [
  ["lnd", lnd],
  ["LDK", ldk],
  ["LDK with options", ldkWithOptions],
  ["Core Lightning", cln],
  ["Core Lightning with options", clnWithOptions],
  ["eclair", eclair],
  ["a client", client],
];
