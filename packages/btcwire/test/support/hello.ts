// A message that no BIP has, with a field and a tail.
import { message, type MessageBase, type MessageCodec, rest, u16le } from "../../src/index.ts";

/** Says something. */
export interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
  readonly words?: Uint8Array;
}

/** Codec of {@link Hello}. */
export const hello: MessageCodec<Hello> = message(
  "hello",
  { volume: u16le },
  { tail: { words: rest } },
);
