// Subpath `@satwire/btcwire/bitcoinjs`: transactions, blocks, headers and networks from and to bitcoinjs-lib, its
// optional peer.
export { ConversionError, type ConversionErrorCode } from "./errors.ts";
export { fromBitcoinjsTransaction, toBitcoinjsTransaction } from "./transaction.ts";
export {
  fromBitcoinjsBlock,
  fromBitcoinjsHeader,
  toBitcoinjsBlock,
  toBitcoinjsHeader,
} from "./block.ts";
export { fromBitcoinjsNetwork, toBitcoinjsNetwork } from "./network.ts";
