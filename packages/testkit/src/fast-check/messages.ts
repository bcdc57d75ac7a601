// Messages of both protocols, at random: those of `@satwire/lnwire/testing` and `@satwire/btcwire/testing`.
import { type BitcoinMessage, bitcoinMessages as bitcoinSet } from "@satwire/btcwire";
import * as btc from "@satwire/btcwire/testing";
import { type LightningMessage, lightningMessages as lightningSet } from "@satwire/lnwire";
import * as ln from "@satwire/lnwire/testing";
import fc from "fast-check";

/** Options of {@link lightningMessages} and {@link bitcoinMessages}. */
export interface RandomMessageOptions<T extends string = string> {
  /** Types that messages may have, `unknown` among them if wanted. @default all */
  readonly types?: readonly T[] | undefined;
}

/**
 * Valid messages of a Lightning peer, one in ten of an odd type that nobody knows: what may be sent to any peer and
 * comes back as it was.
 *
 * @throws RangeError if there is no message of one of the types
 */
export function lightningMessages(
  options: RandomMessageOptions<LightningMessage["type"]> = {},
): fc.Arbitrary<LightningMessage> {
  const known = ln.arbitraryMessages() as Readonly<Record<string, fc.Arbitrary<LightningMessage>>>;
  const ids = lightningSet.codecs.map(({ id }) => id);
  const unknown = ln.unknownMessage(ids).filter(({ id }) => id % 2 === 1);
  return ofTypes<LightningMessage>(known, unknown, options);
}

/**
 * Valid messages of a Bitcoin peer, one in ten with a command that nobody knows.
 *
 * @throws RangeError if there is no message of one of the types
 */
export function bitcoinMessages(
  options: RandomMessageOptions<BitcoinMessage["type"]> = {},
): fc.Arbitrary<BitcoinMessage> {
  const known = btc.arbitraryMessages() as Readonly<Record<string, fc.Arbitrary<BitcoinMessage>>>;
  const commands = bitcoinSet.codecs.map(({ command }) => command);
  return ofTypes<BitcoinMessage>(known, btc.unknownMessage(commands), options);
}

function ofTypes<M extends { readonly type: string }>(
  known: Readonly<Record<string, fc.Arbitrary<M>>>,
  unknown: fc.Arbitrary<M>,
  { types = [...Object.keys(known), "unknown"] }: RandomMessageOptions,
): fc.Arbitrary<M> {
  const chosen = types.filter((type) => type !== "unknown");
  const hasUnknown = chosen.length < types.length;
  const arbitraries = chosen.map((type) => {
    const arbitrary = Object.hasOwn(known, type) ? known[type] : undefined;
    if (arbitrary === undefined) throw new RangeError(`there is no message of the type ${type}`);
    return arbitrary;
  });
  if (arbitraries.length === 0) {
    if (hasUnknown) return unknown;
    throw new RangeError("there are no types to choose from");
  }
  const one = fc.oneof(...arbitraries);
  if (!hasUnknown) return one;
  return fc.oneof({ arbitrary: one, weight: 9 }, { arbitrary: unknown, weight: 1 });
}
