// Compiled against the packed packages where `fast-check`, which is optional, is installed too.
import {
  encodeMessage,
  message,
  type MessageBase,
  type MessageCodec,
  type Ping,
  u8,
} from "@satwire/lnwire";
import type { TaprootOpenChannel } from "@satwire/lnwire/opt-in";
import {
  arbitrary,
  arbitraryMessage,
  arbitraryMessages,
  arbitraryTaprootChannels,
  mutated,
} from "@satwire/lnwire/testing";
import fc from "fast-check";

export const pings: fc.Arbitrary<Ping> = arbitraryMessages().ping;
export const frames: fc.Arbitrary<Uint8Array> = mutated(pings.map(encodeMessage));
export const taproot: fc.Arbitrary<TaprootOpenChannel> = arbitraryTaprootChannels().open_channel;

interface Hello extends MessageBase<"hello"> {
  readonly volume: number;
}
const hello: MessageCodec<Hello> = message(32769, "hello", { volume: u8 });
export const hellos: readonly Hello[] = fc.sample(
  arbitraryMessage(hello, { volume: arbitrary.u8 }),
);

// @ts-expect-error -- every field needs its arbitrary
export const wrong: fc.Arbitrary<Hello> = arbitraryMessage(hello, {});
