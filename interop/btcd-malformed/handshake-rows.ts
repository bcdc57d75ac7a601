/** What is said at the wrong time, or wrongly, while two nodes greet each other. */
import {
  bitcoinMessages,
  compactSize,
  concatBytes,
  encode,
  type KnownMessage,
  type Version,
} from "@satwire/btcwire";
import { ourVersion } from "../bitcoin-peer/greeting.ts";
import { frameOf, framed, framedWith } from "./frame.ts";
import type { Row } from "./row.ts";

const aByte = Uint8Array.of(0);
const before = "`reject` malformed, hangs up";
const ping: KnownMessage = { type: "ping", nonce: 7n };

/** Rows of the handshake, and of its messages when it is over. */
export const handshakeRows: readonly Row[] = [
  ...([ping, { type: "verack" }, { type: "sendaddrv2" }, { type: "getaddr" }] as const).map(
    (message): Row => ({
      what: `\`${message.type}\``,
      when: "first",
      bytes: () => framed(message),
      btcd: before,
      core: "ignores",
      ours: "read",
    }),
  ),
  ...["wtxidrelay", "satwire"].map(
    (command): Row => ({
      what: command === "satwire" ? "an unknown command" : `\`${command}\``,
      when: "first",
      bytes: () => frameOf(command),
      btcd: "hangs up",
      core: "ignores",
      ours: command === "satwire" ? "an `unknown` message" : "read",
    }),
  ),
  versionRow("of protocol 208", { version: 208 }, "hangs up", "hangs up"),
  versionRow("of protocol 70001", { version: 70001 }, "takes it", "takes it"),
  {
    ...versionRow("of protocol 31799", { version: 31799 }, "takes it", "hangs up"),
    isWithoutPong: true,
  },
  {
    ...versionRow("of protocol 209", { version: 209 }, "takes it", "hangs up"),
    isWithoutPong: true,
  },
  versionRow("of protocol -1", { version: -1 }, "takes it", "hangs up"),
  versionRow("without services", { services: 0n }, "takes it", "takes it"),
  versionRow(
    "with a user agent of 256 bytes",
    { userAgent: "/".repeat(256) },
    "takes it",
    "takes it",
  ),
  versionRow(
    "with a user agent that is not UTF-8",
    { userAgent: "/\u00ff/" },
    "takes it",
    "takes it",
  ),
  versionRow("with a clock of the year 2106", { timestamp: 2n ** 32n }, "takes it", "takes it"),
  versionRow("with a clock below zero", { timestamp: -1n }, "takes it", "takes it: zero"),
  versionRow("with a height below zero", { startHeight: -5 }, "takes it", "takes it"),
  {
    what: "`version` with a user agent of 257 bytes",
    when: "first",
    isVersion: true,
    bytes: () => {
      const payload = bitcoinMessages.encode(ourVersion());
      const text = concatBytes(encode(compactSize, 257), new Uint8Array(257).fill(0x2f));
      return frameOf("version", concatBytes(payload.subarray(0, 80), text, payload.subarray(96)));
    },
    btcd: "hangs up",
    core: "ignores",
    ours: "malformed, `too_long`",
  },
  {
    what: "`version` with a nonce that btcd has sent",
    when: "first",
    isVersion: true,
    bytes: ({ nonce }) => framed(ourVersion({ nonce })),
    btcd: "hangs up",
    core: "hangs up, if it is dialling with that nonce",
    ours: "read",
  },
  ...(
    [
      [46, "behind `addrRecv`"],
      [72, "behind `addrFrom`"],
      [80, "behind `nonce`"],
      [96, "behind `userAgent`"],
      [100, "behind `startHeight`"],
    ] as const
  ).map(
    ([length, where]): Row => ({
      what: `\`version\` that ends ${where}`,
      when: "first",
      isVersion: true,
      bytes: () => frameOf("version", bitcoinMessages.encode(ourVersion()).subarray(0, length)),
      btcd: "takes it",
      core: length === 72 ? "ignores" : "takes it",
      ours: "read",
    }),
  ),
  {
    what: "`version` that ends in `addrRecv`",
    when: "first",
    isVersion: true,
    bytes: () => frameOf("version", bitcoinMessages.encode(ourVersion()).subarray(0, 45)),
    btcd: "hangs up",
    core: "ignores",
    ours: "malformed, `short_read`",
  },
  {
    what: "`version` with `relay` of 2",
    when: "first",
    isVersion: true,
    bytes: () => {
      const payload = bitcoinMessages.encode(ourVersion());
      payload[payload.length - 1] = 2;
      return frameOf("version", payload);
    },
    btcd: "takes it",
    core: "takes it",
    ours: "read",
  },
  {
    what: "`version` and a byte",
    when: "first",
    isVersion: true,
    bytes: () => framedWith(ourVersion(), aByte),
    btcd: "hangs up",
    core: "takes it",
    ours: "read",
  },
  between({ type: "wtxidrelay" }, "ignores", "takes it"),
  between({ type: "sendaddrv2" }, "takes it", "takes it"),
  between({ type: "feature", featureid: "satwire", featuredata: aByte }, "ignores", "ignores"),
  between({ type: "sendheaders" }, "hangs up", "takes it"),
  between({ type: "sendcmpct", announce: false, version: 2n }, "ignores", "takes it"),
  between(ping, "hangs up", "ignores"),
  between({ type: "getaddr" }, "hangs up", "ignores"),
  between(ourVersion(), "hangs up", "ignores"),
  {
    what: "`verack` and a byte",
    when: "handshake",
    bytes: () => frameOf("verack", aByte),
    btcd: "hangs up",
    core: "takes it",
    ours: "read",
  },
  {
    what: "`sendaddrv2` twice",
    when: "handshake",
    before: () => framed({ type: "sendaddrv2" }),
    bytes: () => framed({ type: "sendaddrv2" }),
    btcd: "takes it",
    core: "takes it",
    ours: "read",
  },
  late(ourVersion(), "`reject` duplicate, hangs up", "ignores"),
  late({ type: "verack" }, "`reject` duplicate, hangs up", "ignores"),
  late({ type: "sendaddrv2" }, "hangs up", "hangs up"),
  late({ type: "wtxidrelay" }, "ignores", "hangs up"),
  late({ type: "sendheaders" }, "takes it", "takes it"),
  late({ type: "feature", featureid: "satwire", featuredata: aByte }, "ignores", "ignores"),
];

function versionRow(what: string, change: Partial<Version>, btcd: Row["btcd"], core: string): Row {
  return {
    what: `\`version\` ${what}`,
    when: "first",
    isVersion: true,
    bytes: () => framed(ourVersion(change)),
    btcd,
    core,
    ours: "read",
  };
}

function between(message: KnownMessage, btcd: Row["btcd"], core: string): Row {
  return {
    what: `\`${message.type}\``,
    when: "handshake",
    bytes: () => framed(message),
    btcd,
    core,
    ours: "read",
  };
}

function late(message: KnownMessage, btcd: Row["btcd"], core: string): Row {
  return { ...between(message, btcd, core), when: "later" };
}
