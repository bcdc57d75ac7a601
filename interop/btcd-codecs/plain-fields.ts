/** A message of ours in the form in which the program over btcd's wire says what it has understood. */
import {
  blockHashOf,
  bytesOfText,
  formatHash,
  formatHostAddress,
  indexBlock,
  type KnownMessage,
  type NetAddressV2,
  networkId,
  toHex,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";

/** Bytes and texts as hex, numbers of 64 bits as texts; hashes that btcd computes as well. */
export function plainFields(message: KnownMessage): unknown {
  return { ...(plain(message) as object), ...derived(message) };
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return toHex(bytesOfText(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const isMessage = "type" in value && typeof value.type === "string";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(isMessage && key === "type"))
      .map(([key, field]) => [key, plain(field)]),
  );
}

function derived(message: KnownMessage): object {
  switch (message.type) {
    case "tx":
      return {
        txid: formatHash(txidOf(message.transaction)),
        wtxid: formatHash(wtxidOf(message.transaction)),
      };
    case "headers":
      return { hashes: message.headers.map((header) => formatHash(blockHashOf(header))) };
    case "merkleblock":
      return { hash: formatHash(blockHashOf(message.header)) };
    case "block": {
      const index = indexBlock(message);
      return {
        body: undefined,
        hash: formatHash(blockHashOf(message.header)),
        transactions: plain(index.transactions()),
        txids: index.txids().map(formatHash),
      };
    }
    case "addrv2":
      return {
        addresses: message.addresses.map((address) => ({
          ...(plain(address) as object),
          text: hostTextOf(address),
        })),
      };
    default:
      return {};
  }
}

/** An address without its port, as btcd writes it; Tor v2, which we do not write, as undefined. */
function hostTextOf(address: NetAddressV2): string | undefined {
  if (address.networkID === networkId.torv2) return undefined;
  const text = formatHostAddress(address);
  return text.slice(0, -`:${address.port}`.length).replace(/^\[(.*)\]$/, "$1");
}
