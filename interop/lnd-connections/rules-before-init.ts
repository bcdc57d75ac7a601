/** What lnd and we do with messages that come instead of an `init` in order. */
import { featureVector, toHex } from "@satwire/lnwire";
import { allChannels, initOf, message } from "./bytes.ts";
import type { Rule } from "./rule.ts";

const notFirst = /very first message between nodes must be init message/;
const unknownFirst = /unable to read init msg: unable to parse message of unknown type/;

/** Instead of an `init` in order. */
export const rulesBeforeInit: readonly Rule[] = [
  // BOLT 1: init is the first message.
  {
    name: "a ping",
    bytes: message(18, "0001", "0000"),
    lnd: "hangs up",
    log: notFirst,
    we: "init_expected",
  },
  {
    name: "an unknown odd message",
    bytes: message(999, "00"),
    lnd: "hangs up",
    log: unknownFirst,
    we: "init_expected",
  },
  {
    name: "an unknown even message",
    bytes: message(1000, "00"),
    lnd: "hangs up",
    log: unknownFirst,
    we: "init_expected",
  },
  {
    name: "a custom message",
    bytes: message(32_769, "00"),
    lnd: "hangs up",
    log: notFirst,
    we: "init_expected",
  },
  {
    name: "an error",
    bytes: message(17, allChannels, "0003", "414243"),
    lnd: "hangs up",
    log: /Received Error\(chan_id=0{64}, err=ABC\)/,
    we: "remote_error",
  },
  {
    name: "a warning",
    bytes: message(1, allChannels, "0003", "414243"),
    lnd: "hangs up",
    log: /Received Warning\(chan_id=0{64}, err=ABC\)/,
    we: "init_expected", // the warning is noted; the ping behind it is what ends the connection
  },
  {
    name: "a message without a type",
    bytes: new Uint8Array(0),
    lnd: "hangs up",
    log: /unable to read init msg: EOF/,
    we: "malformed_message",
  },

  // BOLT 1 and 9: features.
  {
    name: "init without features",
    bytes: initOf(new Uint8Array(0)),
    lnd: "hangs up",
    log: /data loss protection required/,
    we: "stays",
  },
  {
    name: "init with data_loss_protect and nothing else",
    bytes: initOf(featureVector([1])),
    lnd: "stays",
    we: "stays",
  },
  {
    name: "init with an unknown odd feature",
    bytes: initOf(featureVector([1, 20_001])),
    lnd: "stays",
    we: "stays",
  },
  {
    name: "init with an unknown even feature",
    bytes: initOf(featureVector([1, 1000])),
    lnd: "hangs up",
    log: /invalid remote features: feature vector contains unknown required features: \[1000\]/,
    we: "incompatible_features",
  },
  {
    name: "init with payment_secret and without var_onion_optin",
    bytes: initOf(featureVector([1, 15])),
    lnd: "hangs up",
    log: /missing feature dependency: 9/,
    we: "stays",
  },
  {
    name: "init with basic_mpp and without payment_secret",
    bytes: initOf(featureVector([1, 9, 17])),
    lnd: "hangs up",
    log: /missing feature dependency: 15/,
    we: "incompatible_features",
  },
  {
    name: "init with both bits of a feature",
    bytes: initOf(featureVector([0, 1])),
    lnd: "stays",
    we: "stays",
  },
  {
    name: "init with a feature in globalfeatures alone",
    bytes: message(16, "0001", "02", "0000"),
    lnd: "stays",
    we: "stays",
  },
  {
    name: "init with an unknown even feature in globalfeatures",
    bytes: message(16, "007e", toHex(featureVector([1000])), "0001", "02"),
    lnd: "hangs up",
    log: /invalid remote features: feature vector contains unknown required features: \[1000\]/,
    we: "incompatible_features",
  },
  {
    name: "init with one bit of a feature in each of both vectors",
    bytes: message(16, "0001", "01", "0001", "02"),
    lnd: "hangs up",
    log: /unable to merge legacy global features: feature pair exists/,
    we: "stays",
  },
  {
    name: "init with features that begin with zeros",
    bytes: message(16, "0000", "0004", "00000002"),
    lnd: "stays",
    we: "stays",
  },

  // The rest of init.
  {
    name: "init for another chain",
    bytes: initOf(featureVector([1]), `0120${"11".repeat(32)}`),
    lnd: "stays",
    we: "no_common_chain",
  },
  {
    name: "init with a chain hash of 31 bytes",
    bytes: initOf(featureVector([1]), `011f${"11".repeat(31)}`),
    lnd: "stays",
    we: "malformed_message",
  },
  {
    name: "init with an unknown even TLV record",
    bytes: initOf(featureVector([1]), "0200"),
    lnd: "stays",
    we: "malformed_message",
  },
  {
    name: "init with TLV records out of order",
    bytes: initOf(featureVector([1]), "0300" + "0100"),
    lnd: "hangs up",
    log: /tlv stream is not canonical/,
    we: "malformed_message",
  },
  {
    name: "init with a TLV record that ends too early",
    bytes: initOf(featureVector([1]), "0505aa"),
    lnd: "hangs up",
    log: /unable to read init msg: unexpected EOF/,
    we: "malformed_message",
  },
  {
    name: "init that ends too early",
    bytes: message(16, "0000", "0004", "02"),
    lnd: "hangs up",
    log: /unable to read init msg: unexpected EOF/,
    we: "malformed_message",
  },
];
