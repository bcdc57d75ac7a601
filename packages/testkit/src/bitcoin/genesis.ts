// The first block, which is the same transaction on every network that a chain can be made on.
import { type Block, concatBytes, fromHex, type Network } from "@satwire/btcwire";

const coinbase =
  "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d" +
  "04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272" +
  "696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000" +
  "434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504" +
  "e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000";

/** The first block of a network whose first transaction is that of mainnet. */
export function genesisOf({ genesis }: Network): Block {
  return { header: genesis, body: concatBytes(Uint8Array.of(1), fromHex(coinbase)) };
}
