/** What our transports make of messages: whole frames of v1, and the contents of v2's packets. */
import {
  type BitcoinMessage,
  bitcoinMessages,
  type BitcoinTransport,
  concatBytes,
  defaultV2Crypto,
  generateEllswift,
  type KnownMessage,
  networks,
  PacketCipher,
  V1Transport,
  v1HeaderLength,
  V2Transport,
} from "@satwire/btcwire";
import type { FramingNumber } from "./codec-program.ts";

/** One of our transports, seen from where btcd's functions for framed messages are. */
export interface Framing {
  readonly number: FramingNumber;
  readonly name: string;
  /** A message as the transport sends it. */
  readonly frame: (message: BitcoinMessage) => Uint8Array;
  /** What the transport reads. @throws its failure, and whatever is not one message */
  readonly read: (framed: Uint8Array) => BitcoinMessage;
  /** What follows the header or the type. */
  readonly payloadOf: (framed: Uint8Array) => Uint8Array;
}

const network = networks.mainnet;
const options = { network, messages: bitcoinMessages };

/** Frames of v1. */
export function framingOfV1(): Framing {
  const transport = new V1Transport(options);
  return {
    number: 1,
    name: "v1",
    frame: (message) => transport.encode(message),
    read: (framed) => onlyMessage(transport, framed),
    payloadOf: (framed) => framed.subarray(v1HeaderLength),
  };
}

/** Contents of v2: those of packets that our transport encrypts, and encrypted for it, by the peer's cipher. */
export function framingOfV2(): Framing {
  const random = (length: number): Uint8Array => defaultV2Crypto.randomBytes(length);
  const keyPair = generateEllswift(random);
  const peer = generateEllswift(random);
  const garbage = new Uint8Array(0);
  const transport = V2Transport.initiator({ ...options, keyPair, garbage });
  const cipher = new PacketCipher({
    privateKey: peer.privateKey,
    ours: peer.publicKey,
    theirs: keyPair.publicKey,
    initiator: false,
    magic: network.magic,
  });
  const open = (packet: Uint8Array): Uint8Array => {
    const length = cipher.decryptLength(packet.subarray(0, 3));
    const { contents } = cipher.decrypt(packet.subarray(3)) ?? {};
    if (contents?.length !== length) throw new Error("the packet does not authenticate");
    return contents;
  };
  const version = cipher.encrypt(garbage);
  const { reply } = transport.push(concatBytes(peer.publicKey, cipher.sendTerminator, version));
  if (reply === undefined) throw new Error("the handshake has not ended");
  open(reply.subarray(cipher.receiveTerminator.length));
  return {
    number: 2,
    name: "v2",
    frame: (message) => open(transport.encode(message)),
    read: (framed) => onlyMessage(transport, cipher.encrypt(framed)),
    payloadOf: (framed) => framed.subarray(framed[0] === 0 ? 13 : 1),
  };
}

function onlyMessage(
  transport: BitcoinTransport<KnownMessage>,
  received: Uint8Array,
): BitcoinMessage {
  const { events, failure } = transport.push(received);
  if (failure !== undefined) throw failure;
  const messages = events.filter(({ type }) => type !== "ready");
  const [event] = messages;
  if (event?.type !== "message" || messages.length > 1) {
    throw new Error(`not one message, but ${messages.map(({ type }) => type).join(", ")}`);
  }
  return event.message;
}
