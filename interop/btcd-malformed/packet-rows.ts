/** What can be wrong with packets of BIP 324. */
import { bitcoinMessages, concatBytes, type KnownMessage } from "@satwire/btcwire";
import { type CraftedTransport, longType } from "./crafted-transport.ts";
import type { Effect } from "./row.ts";

/** A row for packets, sent behind `verack`. */
interface PacketRow {
  readonly what: string;
  readonly bytes: (transport: CraftedTransport) => Uint8Array;
  readonly btcd: Effect;
  readonly core: string;
  readonly ours: string;
}

const nonce = new Uint8Array(8).fill(7);
const aByte = Uint8Array.of(0);

/** After these the connection goes on, so that all of them can have one. */
const harmless: readonly PacketRow[] = [
  row(
    "a short id that nobody has: 200",
    Uint8Array.of(200, 1, 2, 3),
    "ignores",
    "ignores",
    "ignored, `short_id`",
  ),
  row(
    "a short id that nobody has, and nothing behind it",
    Uint8Array.of(255),
    "ignores",
    "ignores",
    "ignored, `short_id`",
  ),
  short({ type: "getblocktxn", blockhash: new Uint8Array(32), indexes: [] }, "ignores", "ignores"),
  short({ type: "sendcmpct", announce: false, version: 2n }, "ignores", "takes it"),
  short({ type: "feature", featureid: "satwire", featuredata: aByte }, "ignores", "ignores"),
  row(
    "`ping` in its long form",
    concatBytes(longType("ping"), nonce),
    "answers `pong`",
    "answers `pong`",
    "read",
  ),
  row(
    "`ping` in its short form",
    concatBytes(Uint8Array.of(18), nonce),
    "answers `pong`",
    "answers `pong`",
    "read",
  ),
  row(
    "an unknown command",
    concatBytes(longType("satwire"), nonce),
    "ignores",
    "ignores",
    "an `unknown` message",
  ),
  row("an empty command", longType(""), "ignores", "ignores", "ignored, `command`"),
  row(
    "`ping`, and something behind the zero that ends it",
    concatBytes(longType("ping\0x"), nonce),
    "ignores",
    "ignores",
    "ignored, `command`",
  ),
  row(
    "a command that is not UTF-8",
    longType("pi\u00ffg"),
    "ignores",
    "ignores",
    "ignored, `command`",
  ),
  decoy("a decoy of 0 bytes", 0, "ignored, `decoy`"),
  decoy("a decoy of 4,000,013 bytes", 4_000_013, "ignored, `decoy`"),
  {
    ...decoy("a decoy of 4,000,014 bytes", 4_000_014, "fail, `payload_too_long`"),
    core: "hangs up",
  },
  row(
    "an unknown command and 5,000,000 bytes",
    concatBytes(longType("satwire"), new Uint8Array(5_000_000)),
    "ignores",
    "hangs up",
    "fail, `payload_too_long`",
  ),
];

const fatal: readonly PacketRow[] = [
  row(
    "a packet of no bytes",
    new Uint8Array(0),
    "`reject` malformed, hangs up",
    "ignores",
    "ignored, `no_type`",
  ),
  row(
    "a long form that ends in its command",
    longType("ping").subarray(0, 5),
    "`reject` malformed, hangs up",
    "ignores",
    "ignored, `no_type`",
  ),
  {
    ...row(
      "a packet that does not authenticate",
      concatBytes(longType("ping"), nonce),
      "`reject` malformed, hangs up",
      "hangs up",
      "fail, `packet_tag`",
    ),
    bytes: (transport) => {
      const packet = transport.packet(concatBytes(longType("ping"), nonce));
      packet[packet.length - 1]! ^= 1;
      return packet;
    },
  },
];

/** Rows of packets, by whether the connection goes on. */
export const packetRows = { harmless, fatal };

function row(
  what: string,
  contents: Uint8Array,
  btcd: Effect,
  core: string,
  ours: string,
): PacketRow {
  return { what, bytes: (transport) => transport.packet(contents), btcd, core, ours };
}

function short(message: KnownMessage, btcd: Effect, core: string): PacketRow {
  const id = bitcoinMessages.shortIdOf(message.type) ?? 0;
  const type = id === 0 ? longType(message.type) : Uint8Array.of(id);
  const contents = concatBytes(type, bitcoinMessages.encode(message));
  return row(`\`${message.type}\`, short id ${id}`, contents, btcd, core, "read");
}

function decoy(what: string, length: number, ours: string): PacketRow {
  return {
    ...row(what, aByte, "ignores", "ignores", ours),
    bytes: (transport) => transport.packet(new Uint8Array(length), true),
  };
}
