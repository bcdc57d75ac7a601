import { fromHex, lightningMessages, messageSet, replaceMessages } from "@satwire/lnwire";
import { commandoMessages, taprootChannelMessages } from "@satwire/lnwire/opt-in";

// The messages of the BOLTs, some of them with what the draft of taproot channels adds, and commando's.
const set = messageSet([
  ...replaceMessages(lightningMessages.codecs, taprootChannelMessages),
  ...commandoMessages,
]);

const reply = set.decode(fromHex("594d" + "0000000000000007" + "7b7d"));
export const json: string =
  reply.type === "commando_msg_reply_term" ? new TextDecoder().decode(reply.json) : ""; // "{}"
