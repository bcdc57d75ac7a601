/** What we read as nodes do, and btcd refuses or writes otherwise. The table of `docs/interop.md` gives the clauses. */
import {
  bitcoinMessages,
  type BlockMessage,
  compactSize,
  concatBytes,
  encode,
  indexBlock,
  type KnownMessage,
  type NetAddressV2,
  networkId,
  type Transaction,
  transaction,
  type Trailing,
  type Version,
} from "@satwire/btcwire";
import type { Difference } from "./difference.ts";

const zeros = { services: 0n, ip: new Uint8Array(16), port: 0 };
const ends = /^(unexpected )?EOF$/;
const tooLong = /payload exceeds max length/;
const left = (count: number): RegExp => new RegExp(`message payload has ${count} extra bytes`);
/** The longest `version` of btcd. */
const maxVersionLength = 358;
const maxFilterBytes = 256 * 1024;
const maxMerkleFlags = 50_000;
const hashLength = 32;
const zeros32 = new Uint8Array(hashLength);
const isAboutHash = (command: string): boolean => command === "tx" || command === "block";

/** A difference of messages of one type. */
function of<T extends KnownMessage["type"]>(
  type: T,
  {
    without,
    refusal,
    ...rest
  }: {
    readonly what: string;
    readonly refusal?: (message: Extract<KnownMessage, { type: T }>) => RegExp;
    readonly without: (message: Extract<KnownMessage, { type: T }>) => KnownMessage;
    /** Hex. */
    readonly example: string;
  },
): Difference {
  type M = Extract<KnownMessage, { type: T }>;
  return {
    ...rest,
    commands: [type],
    example: { command: type, payload: rest.example },
    ...(refusal && { refusal: (message: KnownMessage): RegExp => refusal(message as M) }),
    without: (message) => without(message as M),
  };
}

/** The same list if all of it stays. */
function filtered<T>(list: readonly T[], keep: (item: T) => boolean): readonly T[] {
  return list.every(keep) ? list : list.filter(keep);
}

function withoutTrailing(message: KnownMessage): KnownMessage {
  const { trailing, ...rest } = message as KnownMessage & Trailing;
  return trailing === undefined ? message : rest;
}

/** A `relay` that is neither 0 nor 1 is the first byte of `trailing`. */
function trailingLength({ relay, trailing }: Version): number {
  return (trailing?.length ?? 0) - (relay === undefined && trailing !== undefined ? 1 : 0);
}

function isEmpty({ inputs, outputs }: Transaction): boolean {
  return inputs.length === 0 && outputs.length === 0;
}

function withTransactions(message: BlockMessage, all: readonly Transaction[]): BlockMessage {
  const parts = all.map((one) => encode(transaction, one));
  return { ...message, body: concatBytes(encode(compactSize, all.length), ...parts) };
}

/** Networks that btcd reads and writes; entries of all others are left out. */
const knownNetworks: readonly number[] = [
  networkId.ipv4,
  networkId.ipv6,
  networkId.torv2,
  networkId.torv3,
];
const reservedPrefixes = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
  [0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43],
];
const isReserved = ({ networkID, addr }: NetAddressV2): boolean =>
  networkID === networkId.ipv6 &&
  reservedPrefixes.some((prefix) => prefix.every((byte, i) => addr[i] === byte));

const header = "00".repeat(80);
const transactionFlag = /witness tx but flag byte is 00/;
// Behind version, services, timestamp and the receiver's address come the sender's, nonce, user agent and height.
const wholeVersion = `7f110100${"00".repeat(16 + 26 + 26 + 8)}0000000000`;

/** A message that is all in its command has nothing behind it. */
const signals = (
  ["verack", "sendaddrv2", "getaddr", "mempool", "sendheaders", "filterclear"] as const
).map((type) =>
  of(type, {
    what: "a payload",
    refusal: () => tooLong,
    without: withoutTrailing,
    example: "00",
  }),
);

export const differences: readonly Difference[] = [
  ...signals,
  of("version", {
    what: "bytes behind `relay`",
    refusal: (message) =>
      bitcoinMessages.encode(message).length > maxVersionLength
        ? tooLong
        : left(trailingLength(message)),
    without(message) {
      if (trailingLength(message) === 0) return message;
      const { trailing, ...rest } = message;
      return rest.relay === undefined ? { ...rest, trailing: trailing!.subarray(0, 1) } : rest;
    },
    example: `${wholeVersion}0100`,
  }),
  of("version", {
    what: "a `relay` above 1",
    without(message) {
      const { trailing, ...rest } = message;
      return rest.relay === undefined && trailing !== undefined
        ? { ...rest, relay: true }
        : message;
    },
    example: `${wholeVersion}02`,
  }),
  of("version", {
    what: "ends in front of `relay` or earlier",
    without(message) {
      if (message.relay !== undefined || message.trailing !== undefined) return message;
      const { addrFrom = zeros, nonce = 0n, userAgent = "", startHeight = 0 } = message;
      return { ...message, addrFrom, nonce, userAgent, startHeight, relay: true };
    },
    example: `7f110100${"00".repeat(16 + 26)}`,
  }),
  of("ping", {
    what: "no nonce",
    refusal: () => ends,
    without: (message) => (message.nonce === undefined ? { ...message, nonce: 0n } : message),
    example: "",
  }),
  of("pong", {
    what: "less than a nonce",
    refusal: () => ends,
    without: (message) => (message.nonce === undefined ? { type: "pong", nonce: 0n } : message),
    example: "01020304050607",
  }),
  of("pong", {
    what: "bytes behind the nonce",
    refusal: () => tooLong,
    without: (message) => (message.nonce === undefined ? message : withoutTrailing(message)),
    example: "010203040506070809",
  }),
  of("reject", {
    what: "less than a hash for `tx` and `block`",
    refusal: () => ends,
    without: (message) =>
      isAboutHash(message.message) && message.data.length < hashLength
        ? { ...message, data: zeros32 }
        : message,
    example: "027478100000",
  }),
  of("reject", {
    what: "`data` behind the hash or of another command",
    refusal: ({ message, data }) => left(data.length - (isAboutHash(message) ? hashLength : 0)),
    without(message) {
      const length = isAboutHash(message.message) ? hashLength : 0;
      if (message.data.length <= length) return message;
      return { ...message, data: message.data.subarray(0, length) };
    },
    example: "0470696e67100000",
  }),
  of("headers", {
    what: "a number of transactions that is not 0",
    refusal: () => /block headers may not contain transactions/,
    without(message) {
      if (message.headers.every(({ transactionCount }) => transactionCount === undefined)) {
        return message;
      }
      const headers = message.headers.map(({ transactionCount: _count, ...rest }) => rest);
      return { ...message, headers };
    },
    example: `01${header}01`,
  }),
  of("addrv2", {
    what: "Tor v2 with another length than 10",
    refusal: () => /invalid address size/,
    without(message) {
      const addresses = filtered(
        message.addresses,
        ({ networkID, addr }) => networkID !== networkId.torv2 || addr.length === 10,
      );
      return addresses === message.addresses ? message : { ...message, addresses };
    },
    example: "010000000000030100208d",
  }),
  of("addrv2", {
    what: "an address that is not IPv4, IPv6, Tor v2 or v3",
    without(message) {
      const addresses = filtered(message.addresses, ({ networkID }) =>
        knownNetworks.includes(networkID),
      );
      return addresses === message.addresses ? message : { ...message, addresses };
    },
    example: `0200000000000520${"00".repeat(34)}0000000000010401020304208d`,
  }),
  of("addrv2", {
    what: "IPv6 that is IPv4 or Tor v2",
    without(message) {
      const addresses = filtered(message.addresses, (address) => !isReserved(address));
      return addresses === message.addresses ? message : { ...message, addresses };
    },
    example: `0100000000000210${"00".repeat(10)}ffff01020304208d`,
  }),
  of("tx", {
    what: "neither inputs nor outputs",
    refusal: () => transactionFlag,
    without(message) {
      if (!isEmpty(message.transaction)) return message;
      const inputs = [
        { txid: zeros32, vout: 0, scriptSig: zeros32, sequence: 0, witness: [] },
      ] as const;
      return { ...message, transaction: { ...message.transaction, inputs } };
    },
    example: "02000000000000000000",
  }),
  of("block", {
    what: "a transaction with neither inputs nor outputs",
    refusal: () => transactionFlag,
    without(message) {
      const all = indexBlock(message).transactions();
      const kept = filtered(all, (one) => !isEmpty(one));
      return kept === all ? message : withTransactions(message, kept);
    },
    example: `${header}0102000000000000000000`,
  }),
  of("cfilter", {
    what: "a filter of more than 262,144 bytes",
    refusal: () => tooLong,
    without: (message) =>
      message.filterBytes.length > maxFilterBytes
        ? { ...message, filterBytes: message.filterBytes.subarray(0, maxFilterBytes) }
        : message,
    example: `00${"00".repeat(32)}fe01000400${"00".repeat(maxFilterBytes + 1)}`,
  }),
  of("merkleblock", {
    what: "more than 50,000 bytes of flags",
    refusal: () => /merkle block flags size is larger than the max allowed size/,
    without: (message) =>
      message.flags.length > maxMerkleFlags
        ? { ...message, flags: message.flags.subarray(0, maxMerkleFlags) }
        : message,
    example: `${header}0000000000fd51c3${"00".repeat(maxMerkleFlags + 1)}`,
  }),
];

/** Those of the differences that a message has. */
export function differencesIn(message: KnownMessage): readonly Difference[] {
  return differences.filter((difference) => concerns(difference, message));
}

/** A message without any difference, which btcd has to write as it is. */
export function plainMessage(message: KnownMessage): KnownMessage {
  let plain = message;
  for (const difference of differences) {
    if (concerns(difference, plain)) plain = difference.without(plain);
  }
  return plain;
}

function concerns({ commands, without }: Difference, message: KnownMessage): boolean {
  return commands.includes(message.type) && without(message) !== message;
}
