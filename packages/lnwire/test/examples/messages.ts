import { decodeMessage, encodeMessage, type LightningMessage } from "@satwire/lnwire";

/** One line for the log. */
function describe(message: LightningMessage): string {
  switch (message.type) {
    case "ping":
      return `ping that wants ${message.numPongBytes} bytes`;
    case "unknown":
      return `message ${message.id}, ${message.payload.length} bytes`;
    default:
      return message.type;
  }
}

// A frame is what the transport delivers: two bytes of type, then the message.
const ping = encodeMessage({ type: "ping", numPongBytes: 8, ignored: new Uint8Array(2) });
const foreign = Uint8Array.of(0x80, 0x01, 1, 2, 3);

export const lines: string[] = [ping, foreign].map((frame) => describe(decodeMessage(frame)));
// ["ping that wants 8 bytes", "message 32769, 3 bytes"]
