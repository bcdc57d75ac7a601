// Sets in which extended messages take the place of the originals.
import type { MessageBase, MessageCodec, MessageOf } from "./message.ts";

/** The messages `M` without those that have the name of one of `R`, and `R`. */
export type Replaced<M extends MessageBase, R extends MessageBase> =
  | Exclude<M, { readonly type: R["type"] }>
  | R;

/**
 * The codecs of a set with some of them replaced by others of the same name, for drafts that add records
 * to messages of the spec. The order stays.
 *
 * @throws RangeError if a name is not among `codecs` or is replaced twice.
 * @example
 * ```ts
 * const set = messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function replaceMessages<
  const C extends readonly MessageCodec[],
  const R extends readonly MessageCodec[],
>(
  codecs: C,
  replacements: R,
): readonly MessageCodec<Replaced<MessageOf<C[number]>, MessageOf<R[number]>>>[] {
  const names = new Set(codecs.map(({ name }) => name));
  const byName = new Map<string, MessageCodec>();
  for (const codec of replacements) {
    const { name } = codec;
    if (!names.has(name)) throw new RangeError(`there is no message "${name}" to replace`);
    if (byName.has(name)) throw new RangeError(`"${name}" is replaced twice`);
    byName.set(name, codec);
  }
  type All = readonly MessageCodec<Replaced<MessageOf<C[number]>, MessageOf<R[number]>>>[];
  return codecs.map((codec) => byName.get(codec.name) ?? codec) as unknown as All;
}
