/** A message of ours in the form in which rivals' getters say it: hashes as hex in the order of the wire. */
import {
  type BlockHeader,
  formatHash,
  type KnownMessage,
  toHex,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";

/** What rivals have getters for. */
export function plainFields(message: KnownMessage): object {
  switch (message.type) {
    case "inv":
      return { inventory: message.inventory.map(({ type, hash }) => [type, toHex(hash)]) };
    case "headers":
      return { headers: message.headers.map(headerFields) };
    case "addr":
      return {
        addresses: message.addresses.map(({ time, services, ip, port }) => [
          time,
          Number(services),
          toHex(ip),
          port,
        ]),
      };
    case "getheaders":
      return { locator: message.locator.map(toHex), hashStop: toHex(message.hashStop) };
    case "getblocktxn":
      return { blockhash: toHex(message.blockhash), indexes: message.indexes };
    case "cmpctblock":
      return {
        header: headerFields(message.header),
        shortids: message.shortids,
        nonce: message.nonce,
      };
    case "tx":
      return {
        txid: formatHash(txidOf(message.transaction)),
        wtxid: formatHash(wtxidOf(message.transaction)),
      };
    default:
      return {};
  }
}

function headerFields(header: BlockHeader): unknown[] {
  const { version, prevBlock, merkleRoot, time, bits, nonce } = header;
  return [version, toHex(prevBlock), toHex(merkleRoot), time, bits, nonce];
}
