// Compiled against the packed packages where `fast-check` and `bitcoinjs-lib`, which are optional, are installed too.
import type { KnownMessage, Network, Transaction, Tx } from "@satwire/btcwire";
import {
  fromBitcoinjsTransaction,
  toBitcoinjsBlock,
  toBitcoinjsNetwork,
} from "@satwire/btcwire/bitcoinjs";
import {
  anyMessage as anyBitcoinMessage,
  arbitraryMessages as arbitraryBitcoinMessages,
  arbitraryReconciliation,
} from "@satwire/btcwire/testing";
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
import type { FaultPlan } from "@satwire/testkit";
import { faultPlans } from "@satwire/testkit/fast-check";
import type {
  Block,
  Network as BitcoinjsNetwork,
  Transaction as BitcoinjsTransaction,
} from "bitcoinjs-lib";
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

export const transactions: fc.Arbitrary<Tx> = arbitraryBitcoinMessages().tx;
export const sketches: readonly { readonly skdata: Uint8Array }[] = fc.sample(
  arbitraryReconciliation().sketch,
);
export const bitcoin: fc.Arbitrary<KnownMessage> = anyBitcoinMessage();

export function bridged(signed: BitcoinjsTransaction): Transaction {
  return fromBitcoinjsTransaction(signed);
}
export const toBlock: (block: Parameters<typeof toBitcoinjsBlock>[0]) => Block = toBitcoinjsBlock;
export const toNetwork: (network: Network) => BitcoinjsNetwork = toBitcoinjsNetwork;

export const plans: fc.Arbitrary<FaultPlan> = faultPlans({ kind: "harmless" });
