import { availableParallelism } from "node:os";
import type { GossipMessage } from "@satwire/lnp2p";
import { encodeMessage, type NodeAnnouncement, toHex } from "@satwire/lnwire";
import { Piscina } from "piscina";
import type { Task } from "./verify-gossip.ts";

/** Messages under way to the workers, at most: the download waits when there are more. */
const maxPending = 64;

/** Checks gossip in workers as it comes: channels before their updates, as BOLT 7 has it. */
export class GossipVerifier implements AsyncDisposable {
  /** Messages by type. */
  readonly messages: Record<GossipMessage["type"], number> = {
    channel_announcement: 0,
    channel_update: 0,
    node_announcement: 0,
  };
  /** Channels whose announcement holds. */
  channels = 0;
  /** Signatures that hold. */
  signatures = 0;
  /** Messages with a signature that does not, or about a channel that was not announced. */
  invalid = 0;
  /** Messages that said nothing new: nodes are announced again with each batch of their channels. */
  repeated = 0;
  readonly #workers = new Piscina<Task, boolean>({
    filename: new URL("./verify-gossip.ts", import.meta.url).href,
    maxThreads: availableParallelism(),
  });
  readonly #pending = new Set<Promise<void>>();
  readonly #channels = new Map<bigint, Promise<Task["channel"]>>();
  readonly #nodes = new Map<string, number>();

  /** Takes a message in; resolves when there is room for the next. */
  async check(message: GossipMessage): Promise<void> {
    this.messages[message.type]++;
    if (message.type === "node_announcement" && this.#isRepeated(message)) {
      this.repeated++;
      return;
    }
    const verified = this.#verify(message).finally(() => this.#pending.delete(verified));
    this.#pending.add(verified);
    if (this.#pending.size >= maxPending) await Promise.race(this.#pending);
  }

  /** Resolves when every message has been judged. */
  async finish(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workers.destroy();
  }

  async #verify(message: GossipMessage): Promise<void> {
    if (await this.#holds(message)) {
      this.signatures += message.type === "channel_announcement" ? 4 : 1;
      if (message.type === "channel_announcement") this.channels++;
    } else {
      this.invalid++;
    }
  }

  async #holds(message: GossipMessage): Promise<boolean> {
    const frame = encodeMessage(message);
    if (message.type === "channel_update") {
      // An update is worth as much as its channel's announcement.
      const channel = await this.#channels.get(message.shortChannelId);
      return channel !== undefined && this.#workers.run({ frame, channel });
    }
    const verified = this.#workers.run({ frame, channel: undefined });
    if (message.type === "channel_announcement") {
      const { nodeId1, nodeId2 } = message;
      const channel = verified.then((holds) => (holds ? { nodeId1, nodeId2 } : undefined));
      this.#channels.set(message.shortChannelId, channel);
    }
    return verified;
  }

  #isRepeated({ nodeId, timestamp }: NodeAnnouncement): boolean {
    const node = toHex(nodeId);
    const known = this.#nodes.get(node) ?? 0;
    this.#nodes.set(node, Math.max(known, timestamp));
    return timestamp <= known;
  }
}
