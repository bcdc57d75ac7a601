// What is used of the package `siphash`, which has no types.
declare module "siphash" {
  const siphash: {
    /** `key` has four words, lowest first; the result is two words, both unsigned. */
    hash(key: Uint32Array, bytes: Uint8Array): { readonly h: number; readonly l: number };
  };
  export default siphash;
}
