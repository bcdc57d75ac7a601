// What a loopback node makes of each message of one peer, without IO: the handshake, then answers.
import {
  type Addr,
  type AddrV2,
  type BitcoinMessage,
  blockHashOf,
  BloomFilter,
  type GetHeaders,
  hasServices,
  type Inv,
  inventoryType,
  ipOfHostAddress,
  maxAddresses,
  type NetAddressV2,
  servicesOf,
  supports,
  type Transaction,
  txidOf,
  wtxidOf,
} from "@satwire/btcwire";
import type { BitcoinHandshake, BitcoinViolation } from "./bitcoin-handshake.ts";
import { answerGetBlocks, answerGetBlockTxn, answerGetData } from "./block-responder.ts";
import type { FakeChain } from "./fake-chain.ts";
import { answerFilterRequest } from "./filter-responder.ts";
import type { PeerAnnouncer } from "./peer-announcer.ts";

/** What a {@link BitcoinResponder} works with. */
export interface BitcoinResponderOptions {
  readonly chain: FakeChain;
  readonly handshake: BitcoinHandshake;
  readonly announcer: PeerAnnouncer;
  /** What this node offers: requests for anything else end the connection, as they do in Bitcoin Core. */
  readonly services: bigint;
  readonly isInbound: boolean;
  readonly addresses: readonly NetAddressV2[];
  /** What is sent as `feefilter`, if anything is. */
  readonly feerate: bigint | undefined;
  readonly nonce: () => bigint;
}

/** What a message leads to. */
export interface BitcoinResponse {
  /** To be sent, made one at a time. */
  readonly messages?: Iterable<BitcoinMessage> | undefined;
  /** The connection is over. */
  readonly violation?: BitcoinViolation | undefined;
  /** The handshake is done with this message. */
  readonly isReady?: boolean | undefined;
}

/** The one version of compact blocks that Bitcoin Core knows (BIP 152). */
const compactVersion = 2n;
const badRequest: BitcoinResponse = { violation: "bad_request" };
const nothing: BitcoinResponse = {};

/** Answers one peer from a chain. */
export class BitcoinResponder {
  readonly #options: BitcoinResponderOptions;
  #hasToldAddresses = false;

  constructor(options: BitcoinResponderOptions) {
    this.#options = options;
  }

  take(message: BitcoinMessage): BitcoinResponse {
    const step = this.#options.handshake.take(message);
    switch (step.kind) {
      case "violation":
        return { violation: step.violation };
      case "handled":
        return { messages: step.replies };
      case "ready":
        return { isReady: true, messages: this.#greet() };
      case "pass":
        return this.#answer(message);
    }
  }

  #greet(): readonly BitcoinMessage[] {
    const { handshake, announcer, feerate } = this.#options;
    const { commonVersion, remoteVersion, wtxidRelay } = handshake;
    announcer.wtxidRelay = wtxidRelay;
    announcer.wantsTransactions = remoteVersion?.relay ?? true;
    announcer.start();
    const messages: BitcoinMessage[] = [];
    if (supports(commonVersion, "sendcmpct")) {
      messages.push({ type: "sendcmpct", announce: false, version: compactVersion });
    }
    if (feerate !== undefined && supports(commonVersion, "feefilter")) {
      messages.push({ type: "feefilter", feerate });
    }
    return messages;
  }

  #answer(message: BitcoinMessage): BitcoinResponse {
    const { chain, announcer, nonce } = this.#options;
    switch (message.type) {
      case "ping":
        // BIP 31: a ping without a nonce gets no answer.
        if (message.nonce === undefined) return nothing;
        return { messages: [{ type: "pong", nonce: message.nonce }] };
      case "getaddr":
        return { messages: this.#tellAddresses() };
      case "getheaders":
        return { messages: this.#tellHeaders(message) };
      case "getblocks":
        return { messages: answerGetBlocks(chain, message) };
      case "getdata":
        return { messages: answerGetData(chain, message, { filter: announcer.filter, nonce }) };
      case "getblocktxn": {
        const messages = answerGetBlockTxn(chain, message);
        return messages === undefined ? badRequest : { messages };
      }
      case "getcfilters":
      case "getcfheaders":
      case "getcfcheckpt": {
        if (!this.#offers("compactFilters")) return badRequest;
        const messages = answerFilterRequest(chain, message);
        return messages === undefined ? badRequest : { messages };
      }
      case "mempool":
        return this.#offers("bloom") ? { messages: announcer.all() } : badRequest;
      case "inv":
        return { messages: this.#fetch(message) };
      case "headers":
        for (const header of message.headers) this.#knowHeader(blockHashOf(header));
        return nothing;
      case "tx":
        this.#takeTransaction(message.transaction);
        return nothing;
      case "sendheaders":
        announcer.wantsHeaders = true;
        return nothing;
      case "sendcmpct":
        if (message.version === compactVersion) announcer.wantsCompactBlocks = message.announce;
        return nothing;
      case "feefilter":
        if (message.feerate >= 0n) announcer.feerate = message.feerate;
        return nothing;
      case "filterload":
      case "filteradd":
      case "filterclear":
        return this.#setFilter(message);
      default:
        return nothing;
    }
  }

  #offers(service: "compactFilters" | "bloom"): boolean {
    return hasServices(this.#options.services, servicesOf(service));
  }

  /** Bitcoin Core tells addresses once, and only whoever has dialed it. */
  #tellAddresses(): readonly BitcoinMessage[] {
    const { isInbound, addresses, handshake } = this.#options;
    if (!isInbound || this.#hasToldAddresses) return [];
    this.#hasToldAddresses = true;
    const message = handshake.addrV2 ? addrV2Of(addresses) : addrOf(addresses);
    return message.addresses.length === 0 ? [] : [message];
  }

  /** One message, also if there is nothing to tell: then the peer has all that we have. */
  #tellHeaders({ locator, hashStop }: GetHeaders): readonly BitcoinMessage[] {
    const { chain, announcer } = this.#options;
    const headers = chain.headers(locator, hashStop);
    const last = headers.at(-1);
    if (last === undefined) announcer.knowHeader(chain.tip);
    else this.#knowHeader(blockHashOf(last));
    return [{ type: "headers", headers }];
  }

  #knowHeader(hash: Uint8Array): void {
    const block = this.#options.chain.block(hash);
    if (block !== undefined) this.#options.announcer.knowHeader(block);
  }

  /** Asks for transactions that are not known, in the form in which they are to be announced. */
  #fetch({ inventory }: Inv): readonly BitcoinMessage[] {
    const { chain, handshake, announcer } = this.#options;
    const announced = handshake.wtxidRelay ? inventoryType.wtx : inventoryType.tx;
    const wanted = handshake.wtxidRelay ? inventoryType.wtx : inventoryType.witnessTx;
    const items = inventory.filter(({ type }) => type === announced);
    for (const { hash } of items) announcer.know(hash);
    for (const { type, hash } of inventory)
      if (type === inventoryType.block) this.#knowHeader(hash);
    const unknown = items.filter(({ hash }) =>
      handshake.wtxidRelay
        ? chain.waitingByWtxid(hash) === undefined
        : chain.waiting(hash) === undefined && chain.transaction(hash) === undefined,
    );
    if (unknown.length === 0) return [];
    return [{ type: "getdata", inventory: unknown.map(({ hash }) => ({ type: wanted, hash })) }];
  }

  #takeTransaction(transaction: Transaction): void {
    const { chain, announcer } = this.#options;
    announcer.know(txidOf(transaction));
    announcer.know(wtxidOf(transaction));
    chain.addTransaction(transaction);
  }

  #setFilter(
    message: Extract<BitcoinMessage, { readonly type: "filterload" | "filteradd" | "filterclear" }>,
  ): BitcoinResponse {
    const { announcer } = this.#options;
    if (!this.#offers("bloom")) return badRequest;
    if (message.type === "filteradd") {
      if (announcer.filter === undefined) return badRequest;
      announcer.filter.insert(message.data);
      return nothing;
    }
    announcer.filter = message.type === "filterload" ? BloomFilter.from(message) : undefined;
    announcer.wantsTransactions = true;
    return nothing;
  }
}

function addrV2Of(addresses: readonly NetAddressV2[]): AddrV2 {
  return { type: "addrv2", addresses: addresses.slice(0, maxAddresses) };
}

/** Those that fit IPv6. */
function addrOf(addresses: readonly NetAddressV2[]): Addr {
  const fitting = addresses.flatMap((address) => {
    const ip = ipOfHostAddress(address);
    const { time, services, port } = address;
    return ip === undefined ? [] : [{ time, services, ip, port }];
  });
  return { type: "addr", addresses: fitting.slice(0, maxAddresses) };
}
