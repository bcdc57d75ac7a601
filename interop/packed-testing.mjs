// Runs on the oldest Node that is supported, against the packed packages where `fast-check`, which is
// optional, is installed too.
import { strict as assert } from "node:assert";
import { lightningMessages, messageSet, replaceMessages } from "@satwire/lnwire";
import { taprootChannelMessages } from "@satwire/lnwire/opt-in";
import { anyMessage, arbitraryTaprootChannels } from "@satwire/lnwire/testing";
import fc from "fast-check";

const set = messageSet(replaceMessages(lightningMessages.codecs, taprootChannelMessages));
const messages = [lightningMessages, set].flatMap((own) =>
  fc
    .sample(
      own === set ? fc.oneof(...Object.values(arbitraryTaprootChannels())) : anyMessage(),
      100,
    )
    .map((message) => ({ own, message })),
);
for (const { own, message } of messages) {
  assert.deepEqual(own.decode(own.encode(message)), message);
}
console.log(`Node ${process.version}: ${messages.length} random messages read and written`);
