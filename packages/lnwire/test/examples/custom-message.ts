import {
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  ping,
  pong,
  tu64,
  u8,
} from "@satwire/lnwire";

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
  readonly echoMsat?: bigint;
}

// Required fields in wire order, then TLV records as [type, codec]. Odd number: may be ignored.
const hello: MessageCodec<Hello> = message(32769, "hello", { volume: u8 }, { echoMsat: [1, tu64] });

// A bundle contains only the messages of the set.
const set = messageSet([ping, pong, hello]);
export const frame: Uint8Array = set.encode({ type: "hello", volume: 11, echoMsat: 258n });
export const received = set.decode(frame); // Ping | Pong | Hello | UnknownMessage
