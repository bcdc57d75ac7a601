// Frames of gossip: the three messages of BOLT 7 that are signed and passed on.
import { DecodeError, decodeMessage, type SignedGossip } from "@satwire/lnwire";

/** Whether a message is gossip that is signed and passed on. */
export function isSignedGossip(message: { readonly type: string }): message is SignedGossip {
  return (
    message.type === "channel_announcement" ||
    message.type === "channel_update" ||
    message.type === "node_announcement"
  );
}

/** Reads a frame of gossip. @throws DecodeError for any other message too */
export function decodeGossip(frame: Uint8Array): SignedGossip {
  const message = decodeMessage(frame);
  if (isSignedGossip(message)) return message;
  throw new DecodeError("invalid_value", `${message.type} is no gossip`, { offset: 0 });
}
