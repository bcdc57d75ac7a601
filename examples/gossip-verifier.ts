import type { GossipMessage } from "@satwire/lnp2p";
import {
  type ChannelAnnouncement,
  type NodeAnnouncement,
  toHex,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";

/** Checks gossip as it comes: channels before their updates, as BOLT 7 has it. */
export class GossipVerifier {
  /** Messages by type. */
  readonly messages: Record<GossipMessage["type"], number> = {
    channel_announcement: 0,
    channel_update: 0,
    node_announcement: 0,
  };
  /** Signatures that hold. */
  signatures = 0;
  /** Messages with a signature that does not, or about a channel that was not announced. */
  invalid = 0;
  /** Messages that said nothing new: nodes are announced again with each batch of their channels. */
  repeated = 0;
  readonly #nodes = new Map<string, number>();
  readonly #channels = new Map<bigint, Pick<ChannelAnnouncement, "nodeId1" | "nodeId2">>();

  /** Channels whose announcement holds. */
  get channels(): number {
    return this.#channels.size;
  }

  check(message: GossipMessage): void {
    this.messages[message.type]++;
    if (message.type === "node_announcement" && this.#isRepeated(message)) {
      this.repeated++;
      return;
    }
    const valid = this.#verify(message);
    if (!valid) this.invalid++;
    else this.signatures += message.type === "channel_announcement" ? 4 : 1;
  }

  #isRepeated({ nodeId, timestamp }: NodeAnnouncement): boolean {
    const node = toHex(nodeId);
    const known = this.#nodes.get(node) ?? 0;
    this.#nodes.set(node, Math.max(known, timestamp));
    return timestamp <= known;
  }

  #verify(message: GossipMessage): boolean {
    switch (message.type) {
      case "channel_announcement": {
        if (!verifyChannelAnnouncement(message)) return false;
        const { shortChannelId, nodeId1, nodeId2 } = message;
        this.#channels.set(shortChannelId, { nodeId1, nodeId2 });
        return true;
      }
      case "channel_update": {
        const channel = this.#channels.get(message.shortChannelId);
        return channel !== undefined && verifyChannelUpdate(message, channel);
      }
      case "node_announcement":
        return verifyNodeAnnouncement(message);
    }
  }
}
