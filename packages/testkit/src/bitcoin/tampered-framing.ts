// The framing of a loopback connection: a real transport, raw bytes among the messages, and frames that are spoilt.
import {
  type BitcoinMessage,
  bitcoinMessages,
  type BitcoinTransport,
  concatBytes,
  framingOf,
  type KnownMessage,
  type TransportEvent,
} from "@satwire/btcwire";
import type { Framing } from "@satwire/net";

/** How each frame that is sent is spoilt. */
export type Tampering =
  /** A v1 frame has the magic of another network; a v2 packet does not authenticate. */
  | "wrongMagic"
  /** A v1 frame has a wrong checksum; a v2 packet does not authenticate. */
  | "badChecksum";

/** A transport for messages, and for bytes that are put on the wire as they are. */
export type TamperedFraming = Framing<BitcoinMessage | Uint8Array, TransportEvent<KnownMessage>>;

const magicAt = 0;
const checksumAt = 20;

/** A framing of a transport for {@link bitcoinMessages}. */
export function tamperedFraming(
  transport: BitcoinTransport<KnownMessage>,
  tampering: Tampering | undefined,
): TamperedFraming {
  const framing = framingOf(transport, bitcoinMessages);
  const encode = (message: BitcoinMessage | Uint8Array): Uint8Array => {
    if (message instanceof Uint8Array) return message;
    const frame = framing.encode([message]);
    if (tampering === undefined) return frame;
    const isV2 = transport.protocol !== "v1";
    const at = tampering === "wrongMagic" ? magicAt : checksumAt;
    const spoilt = isV2 ? frame.length - 1 : at;
    frame[spoilt] = (frame[spoilt] as number) ^ 0xff;
    return frame;
  };
  return {
    get established() {
      return framing.established;
    },
    open: () => framing.open(),
    push: (chunk) => framing.push(chunk),
    end: () => framing.end(),
    check(message) {
      if (!(message instanceof Uint8Array)) framing.check(message);
    },
    encode(messages) {
      const [first, second] = messages;
      if (first !== undefined && second === undefined) return encode(first);
      // None is encrypted when one of them cannot be.
      for (const message of messages) this.check(message);
      return concatBytes(...messages.map(encode));
    },
    destroy: () => framing.destroy(),
  };
}
