import { decodeMessage, encodeMessage, messageToJson } from "@satwire/lnwire";
import { anyMessage } from "@satwire/lnwire/testing";
import fc from "fast-check";

const comesBack = fc.property(anyMessage(), (message) => {
  const again = decodeMessage(encodeMessage(message));
  return messageToJson(again) === messageToJson(message);
});
export const { failed, numRuns } = fc.check(comesBack, { numRuns: 200 }); // false, 200
