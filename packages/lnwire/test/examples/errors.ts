import { DecodeError, decodeMessage, fromHex } from "@satwire/lnwire";

export let report = "";
try {
  decodeMessage(fromHex("0107" + "00".repeat(40) + "0100"));
} catch (error) {
  if (!(error instanceof DecodeError)) throw error;
  report = `${error.code} at byte ${error.offset} in ${error.path.join(".")}`;
}
// "short_read at byte 44 in query_channel_range.queryOption"
