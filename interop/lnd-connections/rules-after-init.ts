/** What lnd and we do with messages that are odd, once both have sent `init`. */
import { allChannels, initOf, message, point, simnet, strangeChannel } from "./bytes.ts";
import type { Rule } from "./rule.ts";

const unknownType = /unable to read message from peer: unable to parse message of unknown type/;

/** Once both have sent `init`. */
export const rulesAfterInit: readonly Rule[] = [
  // BOLT 1: it is OK to be odd.
  {
    name: "an unknown odd message",
    bytes: message(999, "00"),
    lnd: "stays",
    log: unknownType,
    we: "stays",
  },
  {
    name: "an unknown even message",
    bytes: message(1000, "00"),
    lnd: "stays",
    log: unknownType,
    we: "unknown_required_message",
  },
  {
    name: "tx_complete, which lnd does not know",
    bytes: message(70, strangeChannel),
    lnd: "stays",
    log: unknownType,
    we: "stays",
  },
  {
    name: "message 777, which lnd alone has",
    bytes: message(777, "00"),
    lnd: "hangs up",
    log: /unable to read message from peer: unexpected EOF/,
    we: "stays",
  },
  {
    name: "an even custom message",
    bytes: message(32_768, "00"),
    lnd: "stays",
    log: /Received custom\(type=32768\)/,
    we: "unknown_required_message",
  },
  {
    name: "an odd custom message",
    bytes: message(65_535, "00"),
    lnd: "stays",
    log: /Received custom\(type=65535\)/,
    we: "stays",
  },
  {
    name: "a second init",
    bytes: initOf(),
    lnd: "stays",
    log: /unknown message type 16 received/,
    we: "init_repeated",
  },

  // BOLT 1: error and warning.
  {
    name: "an error for a channel that is not there",
    bytes: message(17, strangeChannel, "0003", "414243"),
    lnd: "stays",
    log: /Received Error\(chan_id=(11){32}, err=ABC\)/,
    we: "stays",
  },
  {
    name: "an error for all channels",
    bytes: message(17, allChannels, "0003", "414243"),
    lnd: "stays",
    log: /Received Error\(chan_id=0{64}, err=ABC\)/,
    we: "stays",
  },
  {
    name: "an error that is not printable",
    bytes: message(17, allChannels, "0003", "410a43"),
    lnd: "stays",
    log: /Received Error\(chan_id=0{64}, err=non-ascii data\)/,
    we: "stays",
  },
  {
    name: "a warning",
    bytes: message(1, allChannels, "0003", "414243"),
    lnd: "stays",
    log: /Received Warning\(chan_id=0{64}, err=ABC\)/,
    we: "stays",
  },
  {
    name: "a warning that is not printable",
    bytes: message(1, allChannels, "0003", "41ff43"),
    lnd: "stays",
    log: /Received Warning\(chan_id=0{64}, err=non-ascii data\)/,
    we: "stays",
  },
  {
    name: "an error that ends too early",
    bytes: message(17, allChannels, "00ff", "41"),
    lnd: "hangs up",
    log: /unable to read message from peer: unexpected EOF/,
    we: "malformed_message",
  },

  // BOLT 1: ping and pong. No answer is seen by the pong of the ping that follows.
  {
    name: "a pong that nobody asked for",
    bytes: message(19, "0005", "0000000000"),
    lnd: "stays",
    log: /Received Pong\(len\(pong_bytes\)=5\)/,
    we: "stays",
  },
  {
    name: "a ping that ends too early",
    bytes: message(18, "0001", "0004", "ff"),
    lnd: "hangs up",
    log: /unable to read message from peer: unexpected EOF/,
    we: "malformed_message",
  },
  {
    name: "a pong without a length",
    bytes: message(19),
    lnd: "hangs up",
    log: /unable to read message from peer: EOF/,
    we: "malformed_message",
  },
  {
    name: "a message without a type",
    bytes: new Uint8Array(0),
    lnd: "hangs up",
    log: /unable to read message from peer: EOF/,
    we: "malformed_message",
  },
  {
    name: "half a type",
    bytes: new Uint8Array(1),
    lnd: "hangs up",
    log: /unable to read message from peer: unexpected EOF/,
    we: "malformed_message",
  },

  // BOLT 1: TLV streams.
  {
    name: "TLV records out of order",
    bytes: message(38, strangeChannel, "0000", "0500", "0300"),
    lnd: "hangs up",
    log: /tlv stream is not canonical/,
    we: "malformed_message",
  },
  {
    name: "a TLV type that is longer than it has to be",
    bytes: message(38, strangeChannel, "0000", "fd000500"),
    lnd: "hangs up",
    log: /decoded varint is not canonical/,
    we: "malformed_message",
  },
  {
    name: "a TLV record that ends too early",
    bytes: message(38, strangeChannel, "0000", "0505aa"),
    lnd: "hangs up",
    log: /unable to read message from peer: unexpected EOF/,
    we: "malformed_message",
  },
  {
    name: "an unknown even TLV record",
    bytes: message(38, strangeChannel, "0000", "6400"),
    lnd: "stays",
    we: "malformed_message",
  },
  {
    name: "bytes behind a ping that are no TLV records",
    bytes: message(18, "0001", "0000", "ff"),
    lnd: "stays",
    we: "malformed_message",
  },

  // BOLT 2: messages about channels that are not there.
  {
    name: "channel_reestablish for a channel that is not there",
    bytes: message(136, strangeChannel, "00".repeat(48), point),
    lnd: "stays",
    log: /resend failed: .*unable to find closed channel summary/,
    we: "stays",
  },
  {
    name: "update_fee for a channel that is not there",
    bytes: message(134, strangeChannel, "000003e8"),
    lnd: "stays",
    log: /Unknown channel ID: (11){32} found in received msg=UpdateFee/,
    we: "stays",
  },
  {
    name: "a point that does not start with 2 or 3",
    bytes: message(136, strangeChannel, "00".repeat(48), `05${"11".repeat(32)}`),
    lnd: "hangs up",
    log: /unable to read message from peer: invalid public key: unsupported format: 5/,
    we: "malformed_message",
  },
  {
    name: "a point that is not on the curve",
    bytes: message(136, strangeChannel, "00".repeat(48), `02${"05".padStart(64, "0")}`),
    lnd: "hangs up",
    log: /unable to read message from peer: invalid public key: x coordinate 0+5 is not on the/,
    we: "stays",
  },
  {
    name: "stfu with an initiator of 2",
    bytes: message(2, strangeChannel, "02"),
    lnd: "stays",
    log: /Received Stfu\(chan_id=(11){32}, initiator=false\)/,
    we: "malformed_message",
  },

  // BOLT 7.
  {
    name: "an encoding of short channel ids that is not known",
    bytes: message(261, simnet, "0001", "05"),
    lnd: "hangs up",
    log: /unknown short chan id encoding: 5/,
    we: "malformed_message",
  },
  {
    name: "node_announcement with an alias that is not UTF-8",
    bytes: message(
      257,
      "00".repeat(64),
      "0000",
      "00000001",
      point,
      "000000",
      "fffe".padEnd(64, "0"),
      "0000",
    ),
    lnd: "stays",
    log: /node alias has non-utf8 characters/,
    we: "stays",
  },
];
