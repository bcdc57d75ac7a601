import {
  aliasOf,
  aliasText,
  chainHashOf,
  decodeMessage,
  encodeMessage,
  formatAddress,
  formatShortChannelId,
  parseShortChannelId,
  signChannelAnnouncement,
  signNodeAnnouncement,
  verifyChannelAnnouncement,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

const frames = [
  signChannelAnnouncement(
    {
      type: "channel_announcement",
      features: new Uint8Array(0),
      chainHash: chainHashOf("regtest"),
      shortChannelId: parseShortChannelId("539268x845x1"),
    },
    { nodeKey1: key(1), nodeKey2: key(2), bitcoinKey1: key(3), bitcoinKey2: key(4) },
  ),
  signNodeAnnouncement(
    {
      type: "node_announcement",
      features: new Uint8Array(0),
      timestamp: 1_700_000_000,
      rgbColor: Uint8Array.of(255, 128, 0),
      alias: aliasOf("satwire"),
      addresses: [{ type: "ipv4", address: Uint8Array.of(203, 0, 113, 5), port: 9735 }],
    },
    key(1),
  ),
].map(encodeMessage);

export const valid: string[] = [];
for (const frame of frames) {
  const message = decodeMessage(frame);
  // Of the message or, if there is one, of the frame: it is hashed as it came.
  if (message.type === "channel_announcement" && verifyChannelAnnouncement(frame)) {
    valid.push(formatShortChannelId(message.shortChannelId));
  }
  if (message.type === "node_announcement" && verifyNodeAnnouncement(message)) {
    valid.push(`${aliasText(message.alias)} at ${message.addresses.map(formatAddress).join()}`);
  }
}
// ["539268x845x1", "satwire at 203.0.113.5:9735"]
