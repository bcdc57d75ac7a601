import { bitcoinMessages, equalBytes } from "@satwire/btcwire";
import { anyMessage } from "@satwire/btcwire/testing";
import fc from "fast-check";

const comesBack = fc.property(anyMessage(), (message) => {
  const payload = bitcoinMessages.encode(message);
  const again = bitcoinMessages.decode(message.type, payload);
  return equalBytes(bitcoinMessages.encode(again), payload);
});
export const { failed, numRuns } = fc.check(comesBack, { numRuns: 200 }); // false, 200
