/** Frames that are wrong, whatever is in them. */
import { bytesOfText, networks } from "@satwire/btcwire";
import { frameOf } from "./frame.ts";
import type { Row } from "./row.ts";

const nonce = new Uint8Array(8).fill(7);
/** More than any message may have, and more than `ping` may. */
const tooLong = 4_000_001;

/** Rows of frames. */
export const frameRows: readonly Row[] = [
  {
    what: "another network's magic",
    when: "later",
    bytes: () => frameOf("ping", nonce, { magic: networks.mainnet.magic }),
    btcd: "`reject` malformed, hangs up",
    core: "hangs up",
    ours: "fail, `wrong_network`",
  },
  {
    what: "another network's magic",
    when: "first",
    bytes: () => frameOf("ping", nonce, { magic: networks.mainnet.magic }),
    btcd: "hangs up",
    core: "hangs up",
    ours: "fail, `wrong_network`",
  },
  {
    what: "a wrong checksum",
    when: "later",
    bytes: () => frameOf("ping", nonce, { hasWrongChecksum: true }),
    btcd: "`reject` malformed, hangs up",
    core: "drops the frame",
    ours: "ignored, `checksum`",
  },
  {
    what: "an unknown command",
    when: "later",
    bytes: () => frameOf("satwire", bytesOfText("hello")),
    btcd: "ignores",
    core: "ignores",
    ours: "an `unknown` message",
  },
  {
    what: "an unknown command with a wrong checksum",
    when: "later",
    bytes: () => frameOf("satwire", nonce, { hasWrongChecksum: true }),
    btcd: "ignores",
    core: "drops the frame",
    ours: "ignored, `checksum`",
  },
  {
    what: "an unknown command of 4,000,000 bytes",
    when: "later",
    bytes: () => frameOf("satwire", new Uint8Array(4_000_000)),
    btcd: "ignores",
    core: "ignores",
    ours: "an `unknown` message",
  },
  {
    what: "a command of twelve characters",
    when: "later",
    bytes: () => frameOf("satwiresatwi"),
    btcd: "ignores",
    core: "ignores",
    ours: "an `unknown` message",
  },
  {
    what: "an empty command",
    when: "later",
    bytes: () => frameOf(""),
    btcd: "ignores",
    core: "ignores",
    ours: "ignored, `command`",
  },
  {
    what: "`ping`, and something behind the zero that ends it",
    when: "later",
    bytes: () => frameOf("ping\0x", nonce),
    btcd: "ignores",
    core: "drops the frame",
    ours: "ignored, `command`",
  },
  {
    what: "a command in capitals: `PING`",
    when: "later",
    bytes: () => frameOf("PING", nonce),
    btcd: "ignores",
    core: "ignores",
    ours: "an `unknown` message",
  },
  {
    what: "a command with a control character",
    when: "later",
    bytes: () => frameOf("pi\u0001ng", nonce),
    btcd: "ignores",
    core: "drops the frame",
    ours: "ignored, `command`",
  },
  {
    what: "a command that is UTF-8 and not ASCII",
    when: "later",
    bytes: () => frameOf("pi\u00c3\u00a4g", nonce),
    btcd: "ignores",
    core: "drops the frame",
    ours: "ignored, `command`",
  },
  {
    what: "a command that is not UTF-8",
    when: "later",
    bytes: () => frameOf("pi\u00ffg", nonce),
    btcd: "`reject` malformed, hangs up",
    core: "drops the frame",
    ours: "ignored, `command`",
  },
  {
    what: "4,000,001 bytes announced",
    when: "later",
    bytes: () => frameOf("ping", nonce, { length: tooLong }),
    btcd: "`reject` malformed, hangs up",
    core: "hangs up",
    ours: "fail, `payload_too_long`",
  },
  {
    what: "4,000,001 bytes announced, of an unknown command",
    when: "later",
    bytes: () => frameOf("satwire", nonce, { length: tooLong }),
    btcd: "`reject` malformed, hangs up",
    core: "hangs up",
    ours: "fail, `payload_too_long`",
  },
  {
    what: "2^32 - 1 bytes announced",
    when: "first",
    bytes: () => frameOf("version", nonce, { length: 2 ** 32 - 1 }),
    btcd: "hangs up",
    core: "hangs up",
    ours: "fail, `payload_too_long`",
  },
];
