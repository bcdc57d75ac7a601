import { bitcoinMessages, fromHex } from "@satwire/btcwire";

// A feefilter of 1,000 satoshis per 1,000 bytes, and a byte too many.
const found = bitcoinMessages.inspect("feefilter", fromHex("e80300000000000000"));

export const report: unknown[] = [];
if (!found.valid) {
  const { message, problem } = found;
  if (message.type === "feefilter") report.push(message.feerate);
  report.push(problem.code, problem.offset);
}
// [1000n, "trailing_bytes", 8]
