// What `#default-v2-crypto` is outside Node. Must export the same names with the same types as
// `default-v2-crypto.node.ts`.
import { nobleV2Crypto, type V2Crypto } from "./v2-crypto.ts";

/** The {@link V2Crypto} that is used if none is given: {@link nobleV2Crypto}, and Node's own where there is one. */
export const defaultV2Crypto: V2Crypto = nobleV2Crypto;
