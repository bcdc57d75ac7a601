// Runs in a worker: one message, and for updates the nodes of its channel.
import {
  decodeMessage,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";

export interface Task {
  readonly frame: Uint8Array;
  readonly channel: { readonly nodeId1: Uint8Array; readonly nodeId2: Uint8Array } | undefined;
}

export default function verify({ frame, channel }: Task): boolean {
  const message = decodeMessage(frame);
  switch (message.type) {
    case "channel_announcement":
      return verifyChannelAnnouncement(message);
    case "channel_update":
      return channel !== undefined && verifyChannelUpdate(message, channel);
    case "node_announcement":
      return verifyNodeAnnouncement(message);
    default:
      return false;
  }
}
