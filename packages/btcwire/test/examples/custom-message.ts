import {
  message,
  type MessageBase,
  type MessageCodec,
  messageSet,
  ping,
  pong,
  u64le,
  u8,
} from "@satwire/btcwire";

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
  readonly echo?: bigint;
}

// Fields in wire order; the tail is what older peers leave out.
const hello: MessageCodec<Hello> = message("hello", { volume: u8 }, { tail: { echo: u64le } });

// A bundle contains only the messages of the set.
const set = messageSet([ping, pong, hello]);
export const payload: Uint8Array = set.encode({ type: "hello", volume: 11, echo: 258n });
export const received = set.decode("hello", payload); // Ping | Pong | Hello | UnknownMessage
