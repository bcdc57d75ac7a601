import { formatMessage, fromHex, lightningMessages } from "@satwire/lnwire";

// A ping with two records behind it: 201, which may be ignored, and 202, which may not.
const found = lightningMessages.inspect(fromHex("0012" + "0008" + "0000" + "c9012a" + "ca0107"));

export const report: string[] = [];
if (!found.valid) {
  if (found.message !== undefined) report.push(formatMessage(found.message));
  report.push(...found.problems.map(({ code, offset }) => `${code} at byte ${offset}`));
}
// ["ping numPongBytes=8 ignored=(0 bytes) unknown=[201: 2a, 202: 07]", "unknown_required at byte 9"]
