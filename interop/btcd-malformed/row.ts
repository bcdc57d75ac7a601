/** Something that is wrong, and what is known to come of it: a row of a table in docs/interop.md. */
import { bitcoinMessages, isUnknownMessage, networks, V1Transport } from "@satwire/btcwire";
import type { BlockHeader, TransportResult, KnownMessage } from "@satwire/btcwire";

/** What rows may need to know of the btcd that they are for. */
export interface Facts {
  /** Hashes of its chain by height. */
  readonly hashes: readonly Uint8Array[];
  /** The last header of its chain. */
  readonly tip: BlockHeader;
  /** The nonce of a `version` that it has sent. */
  readonly nonce: bigint;
}

/** A reject of BIP 61 that comes before the end. */
type RejectName = "malformed" | "invalid" | "obsolete" | "duplicate" | "nonstandard";

/**
 * What btcd does.
 *
 * - `ignores`, `takes it`: nothing comes back but what belongs to the greeting, and the connection goes on.
 * - `answers …`: with messages of these types, and the connection goes on.
 */
export type Effect =
  | "ignores"
  | "takes it"
  | "hangs up"
  | `\`reject\` ${RejectName}, hangs up`
  | `answers ${string}`;

/** A row of a table. */
export interface Row {
  /** As in docs, where a "; " separates rows that have the same cells otherwise. */
  readonly what: string;
  /** In front of `version`; between `version` and `verack`; behind `verack`. */
  readonly when: "first" | "handshake" | "later";
  readonly bytes: (facts: Facts) => Uint8Array;
  /** What has to come before. Nothing comes back for it. */
  readonly before?: (facts: Facts) => Uint8Array;
  /** Whether it is our `version`, good or bad. @default false */
  readonly isVersion?: boolean;
  /** Whether it is about a btcd that was started with `--nopeerbloomfilters`. @default false */
  readonly isWithoutBloom?: boolean;
  /** Whether the version is too old for pings with a nonce (BIP 31). @default false */
  readonly isWithoutPong?: boolean;
  readonly btcd: Effect;
  /** What Bitcoin Core 28 does, as in docs. */
  readonly core: string;
  /** What our transport makes of the same bytes, as in docs: see `readingOf`. */
  readonly ours: string;
}

/** What our transport makes of bytes, with `malformed: "report"`. */
export function readingOf(bytes: Uint8Array): string {
  const transport = new V1Transport({
    network: networks.simnet,
    messages: bitcoinMessages,
    malformed: "report",
  });
  return describeReading(transport.push(bytes));
}

/** The last thing that was read. */
export function describeReading({ events, failure }: TransportResult<KnownMessage>): string {
  if (failure !== undefined) return `fail, \`${failure.code}\``;
  const event = events.at(-1);
  switch (event?.type) {
    case "message":
      return isUnknownMessage(event.message) ? "an `unknown` message" : "read";
    case "malformed":
      return `malformed, \`${event.problem.code}\``;
    case "ignored":
      return `ignored, \`${event.reason}\``;
    default:
      return "wait";
  }
}
