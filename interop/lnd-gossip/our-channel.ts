/** A channel of ours: real coins under two random keys, announced by messages that we sign. */
import {
  aliasOf,
  type ChannelAnnouncement,
  type ChannelKeys,
  type ChannelUpdate,
  featureVector,
  nodeKeyOf,
  type NodeAnnouncement,
  signChannelAnnouncement,
  signChannelUpdate,
  signNodeAnnouncement,
  type TlvRecord,
} from "@satwire/lnwire";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import type { Btcd } from "../daemons/btcd.ts";
import { fundingOutputOf, idOf } from "./chain.ts";
import { inboundFeeType } from "./graph.ts";

const capacitySat = 500_000n;
/** An odd TLV record that nobody knows: it is signed, and has to be passed on like all the rest. */
export const unknownRecord: TlvRecord = { type: 7_000_001n, value: Uint8Array.of(1, 2, 3) };
/** One that lnd knows: -5 and -6. */
const inboundFee: TlvRecord = {
  type: inboundFeeType,
  value: Uint8Array.of(255, 255, 255, 251, 255, 255, 255, 250),
};

/** New keys of both ends. */
function randomKeys(): ChannelKeys {
  return {
    nodeKey1: generatePrivateKey(),
    nodeKey2: generatePrivateKey(),
    bitcoinKey1: generatePrivateKey(),
    bitcoinKey2: generatePrivateKey(),
  };
}

/** An announcement that is signed well, whatever the id points at. */
export function announce(
  chainHash: Uint8Array,
  shortChannelId: bigint,
  keys: ChannelKeys = randomKeys(),
): ChannelAnnouncement {
  const unknown = [unknownRecord];
  const features = new Uint8Array(0);
  return signChannelAnnouncement(
    { type: "channel_announcement", features, chainHash, shortChannelId, unknown },
    keys,
  );
}

/** Both ends of a channel are ours. */
export class OurChannel {
  readonly keys: ChannelKeys = randomKeys();
  /** What has to be paid for it. */
  readonly payment: { readonly address: string; readonly valueSat: bigint };
  readonly #chainHash: Uint8Array;
  /** Seconds since 1970. */
  readonly #timestamp = Math.floor(Date.now() / 1000);

  constructor(chainHash: Uint8Array) {
    this.#chainHash = chainHash;
    const { bitcoinKey1, bitcoinKey2 } = this.keys;
    const { address } = fundingOutputOf(publicKeyOf(bitcoinKey1), publicKeyOf(bitcoinKey2));
    this.payment = { address, valueSat: capacitySat };
  }

  /** Everything there is to say of it: the announcement, both updates, both nodes. */
  messages(
    shortChannelId: bigint,
  ): readonly [
    ChannelAnnouncement,
    ChannelUpdate,
    ChannelUpdate,
    NodeAnnouncement,
    NodeAnnouncement,
  ] {
    return [
      announce(this.#chainHash, shortChannelId, this.keys),
      this.update(shortChannelId, 0),
      this.update(shortChannelId, 1),
      this.#node(this.keys.nodeKey1, "satwire one"),
      this.#node(this.keys.nodeKey2, "satwire two"),
    ];
  }

  /** An update of an end. Each `version` is newer, and dearer. */
  update(
    shortChannelId: bigint,
    direction: 0 | 1,
    version = 0,
    unknown: readonly TlvRecord[] = [inboundFee],
  ): ChannelUpdate {
    return signChannelUpdate(
      {
        type: "channel_update",
        chainHash: this.#chainHash,
        shortChannelId,
        timestamp: this.#timestamp + version,
        messageFlags: 1,
        channelFlags: direction,
        cltvExpiryDelta: 40 + direction,
        htlcMinimumMsat: 1n,
        feeBaseMsat: 7 + direction,
        feeProportionalMillionths: 70 + direction + version,
        htlcMaximumMsat: capacitySat * 900n,
        unknown,
      },
      nodeKeyOf(this.keys, direction),
    );
  }

  #node(key: Uint8Array, alias: string): NodeAnnouncement {
    return signNodeAnnouncement(
      {
        type: "node_announcement",
        features: featureVector([1, 9, 15]),
        timestamp: this.#timestamp,
        rgbColor: Uint8Array.of(1, 2, 255),
        alias: aliasOf(alias),
        addresses: [{ type: "ipv4", address: Uint8Array.of(127, 0, 0, 1), port: 9 }],
        unknown: [unknownRecord],
      },
      key,
    );
  }
}

/** Pays for channels, buries the transaction under six blocks, and returns the ids, ascending like the channels. */
export async function fundOurs(
  btcd: Btcd,
  channels: readonly OurChannel[],
): Promise<readonly bigint[]> {
  const transaction = await btcd.pay(channels.map(({ payment }) => payment));
  await btcd.call("sendrawtransaction", transaction.toHex());
  const [block] = await btcd.mine(6);
  return await Promise.all(
    channels.map((_, output) => idOf(btcd, block!, transaction.getId(), output)),
  );
}
