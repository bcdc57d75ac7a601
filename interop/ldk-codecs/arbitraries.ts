/** Our random messages, with more of what LDK looks into. */
import { encode, type KnownMessage, u64 as u64Codec } from "@satwire/lnwire";
import { arbitrary, arbitraryMessages, type MessageArbitraries } from "@satwire/lnwire/testing";
import fc from "fast-check";
import { extraFeeType } from "./channel-pairs.ts";

const { hash, point, u64 } = arbitrary;
const base = arbitraryMessages();

const byteOrderMark = 0xef;
const isForLdk = ({ data }: { readonly data: Uint8Array }): boolean => data[0] !== byteOrderMark;

const special: Partial<MessageArbitraries> = {
  // The bindings' getter loses a byte order mark at the start of a text.
  error: base.error.filter(isForLdk),
  warning: base.warning.filter(isForLdk),

  // An onion's key is a point as often as not; a record of LDK's own is as long as LDK wants it as often as not.
  update_add_htlc: fc
    .tuple(
      base.update_add_htlc,
      fc.option(point),
      fc.option(
        fc.oneof(
          u64.map((fee) => encode(u64Codec, fee)),
          hash,
        ),
      ),
    )
    .map(([message, key, fee]) => {
      const onionRoutingPacket = message.onionRoutingPacket.slice();
      if (key !== null) onionRoutingPacket.set(key, 1);
      if (fee === null) return { ...message, onionRoutingPacket };
      const others = message.unknown?.filter(({ type }) => type !== extraFeeType) ?? [];
      const unknown = [...others, { type: extraFeeType, value: fee }];
      unknown.sort((a, b) => (a.type < b.type ? -1 : 1));
      return { ...message, onionRoutingPacket, unknown };
    }),

  tx_add_input: fc.oneof(
    base.tx_add_input,
    base.tx_add_input.map((message) => ({ ...message, prevtx: new Uint8Array(0) })),
  ),
};

/** Random messages of one kind. */
export function arbitraryOf(name: KnownMessage["type"]): fc.Arbitrary<KnownMessage> {
  return { ...base, ...special }[name] as fc.Arbitrary<KnownMessage>;
}
