/** A chain of headers as a peer tells it: asked for in batches, each checked against the one before. */
import {
  blockHashOf,
  blockLocator,
  type BlockHeader,
  checkProofOfWork,
  equalBytes,
  maxHeaders,
  type Network,
} from "@satwire/btcwire";
import type { RawBitcoinConnection } from "@satwire/testkit";

/** Headers and hashes by height, the first block included. */
export class HeaderChain {
  readonly headers: BlockHeader[];
  readonly hashes: Uint8Array[];
  /** How many headers each answer had. */
  readonly batches: number[] = [];
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
    this.headers = [network.genesis];
    this.hashes = [network.genesisHash];
  }

  get height(): number {
    return this.headers.length - 1;
  }

  /** Asks until an answer is not full. @throws for a header without work, or that is not the next one */
  async follow(peer: RawBitcoinConnection): Promise<void> {
    for (;;) {
      const locator = blockLocator(this.height, (height) => this.hashes[height]!);
      peer.send({ type: "getheaders", version: 70016, locator, hashStop: new Uint8Array(32) });
      const { headers } = await peer.take("headers");
      for (const header of headers) this.#add(header);
      this.batches.push(headers.length);
      if (headers.length < maxHeaders) return;
    }
  }

  #add(header: BlockHeader): void {
    const hash = blockHashOf(header);
    const height = this.height + 1;
    if (!equalBytes(header.prevBlock, this.hashes[height - 1]!)) {
      throw new Error(`header ${height} does not follow`);
    }
    if (!checkProofOfWork(header, { powLimit: this.#network.powLimit, hash })) {
      throw new Error(`header ${height} has no work`);
    }
    this.headers.push(header);
    this.hashes.push(hash);
  }
}
