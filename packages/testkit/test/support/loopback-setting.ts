/** A loopback node, clients to it, and what they send. */
import {
  answerGossipQuery,
  GossipStore,
  type LoopbackAddress,
  type LoopbackLightningConnection,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
  type RawLightningConnection,
} from "@satwire/testkit";
import {
  encodeMessage,
  equalBytes,
  type GossipTimestampFilter,
  type LightningMessage,
  type QueryChannelRange,
} from "@satwire/lnwire";
import type { ByteStream, Dialer, Listen } from "@satwire/net";
import { expect } from "vitest";
import { CountingStream } from "../support/counting-stream.ts";
import { next, plainInit, rawClient } from "../support/raw-client.ts";
import { announcement, idIn, regtest, update } from "../support/unsigned-gossip.ts";

export interface Network {
  readonly listen: Listen;
  readonly dialer: Dialer;
  /** Bytes that may be under way to a peer that does not read. */
  readonly mostUnderWay: number;
}

export const everything: GossipTimestampFilter = {
  type: "gossip_timestamp_filter",
  chainHash: regtest,
  firstTimestamp: 0,
  timestampRange: 0xffffffff,
};
export const allBlocks: QueryChannelRange = {
  type: "query_channel_range",
  chainHash: regtest,
  firstBlocknum: 0,
  numberOfBlocks: 0xffffffff,
};

export const longPing: LightningMessage = {
  type: "ping",
  numPongBytes: 65_531,
  ignored: new Uint8Array(0),
};

/** What the node sends at most beyond what its peer takes: 17 frames of replies, and a batch. */
export const mostQueued = 18 * 65_600 + 2 * 65_536;

/** A store whose dump is longer than this, in few messages: each channel has 30 kB of features. */
export function storeOfBytes(length: number): GossipStore {
  const store = new GossipStore(regtest);
  for (let i = 0, bytes = 0; bytes <= length; i++) {
    const id = idIn(1 + Math.floor(i / 100), i % 100);
    const features = new Uint8Array(30_000).fill(i);
    const messages = [{ ...announcement(id), features }, update(id, 0, 1), update(id, 1, 1)];
    for (const message of messages) {
      store.add(message);
      bytes += encodeMessage(message).length;
    }
  }
  return store;
}

export const dumpOf = (store: GossipStore): Uint8Array[] =>
  [...answerGossipQuery(store, everything)].map(encodeMessage);

/** `toEqual` takes seconds on megabytes. */
export const sameFrames = (some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  some.length === others.length &&
  some.every((frame, i) => equalBytes(frame, others[i] as Uint8Array));

/** Megabytes through a cipher in JavaScript, perhaps on a busy machine. */
export const timeout = 30_000;

/** A node, what it accepted, and clients to it. */
export class Setting implements AsyncDisposable {
  readonly node: LoopbackLightningNode;
  readonly network: Network;
  readonly streams: CountingStream[] = [];
  target: LoopbackAddress | undefined;
  #accepted: () => void = () => {};

  constructor(network: Network, options: LoopbackLightningNodeOptions = {}) {
    this.network = network;
    this.node = new LoopbackLightningNode(options);
  }

  async listen(maxConnections?: number): Promise<LoopbackAddress> {
    const listen: Listen = (target, onStream, options) => {
      const counted = (stream: ByteStream): void => {
        const counting = new CountingStream(stream);
        this.streams.push(counting);
        onStream(counting);
        this.#accepted();
      };
      return this.network.listen(target, counted, options);
    };
    this.target = await this.node.listen({
      listen,
      ...(maxConnections === undefined ? {} : { maxConnections }),
    });
    return this.target;
  }

  /** Dials and waits until the node has its side. */
  async dial(): Promise<[ByteStream, LoopbackLightningConnection]> {
    const accepted = new Promise<void>((resolve) => {
      this.#accepted = resolve;
    });
    const { address } = this.target ?? (await this.listen());
    const stream = await this.network.dialer(address);
    await accepted;
    return [stream, this.node.connections.at(-1) as LoopbackLightningConnection];
  }

  /** A client after the handshake. */
  async handshake(
    localKey?: Uint8Array,
  ): Promise<[RawLightningConnection, LoopbackLightningConnection]> {
    const [stream, connection] = await this.dial();
    const client = rawClient(stream, this.node.publicKey, localKey);
    await client.established();
    return [client, connection];
  }

  /** A client after both `init`s. */
  async connect(): Promise<[RawLightningConnection, LoopbackLightningConnection]> {
    const [client, connection] = await this.handshake();
    client.send(plainInit);
    expect((await next(client)).type).toBe("init");
    return [client, connection];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.close();
  }
}
