import { type BitcoinMessage, bitcoinMessages, formatHash, fromHex } from "@satwire/btcwire";

/** One line for the log. */
function describe(message: BitcoinMessage): string {
  switch (message.type) {
    case "inv":
      return message.inventory.map(({ type, hash }) => `${type} ${formatHash(hash)}`).join(", ");
    case "ping":
      return `ping ${message.nonce ?? "without a nonce"}`;
    case "unknown":
      return `${message.command}, ${message.payload.length} bytes`;
    default:
      return message.type;
  }
}

const payload = bitcoinMessages.encode({ type: "ping", nonce: 7n });
export const hello: string = describe(bitcoinMessages.decode("ping", payload)); // "ping 7"

// What a set does not know stays as it is.
const foreign = bitcoinMessages.decode("dandeliontx", fromHex("0102"));
export const unknown: string = describe(foreign); // "dandeliontx, 2 bytes"
