import { expect, test } from "vitest";
import { fromHex, messageSet, textOfBytes, toHex } from "../../src/index.ts";
import { type Alert, alert, alertMessages } from "../../src/opt-in/index.ts";
import { badFields } from "../support/bad-fields.ts";
import { describeMessage } from "../support/describe-message.ts";

const set = messageSet(alertMessages);

describeMessage({
  set,
  codec: alert,
  command: "alert",
  value: { type: "alert", payload: fromHex("0102"), signature: fromHex("30") },
  fields: { payload: "020102", signature: "0130" },
  more: [["nothing", { type: "alert", payload: fromHex(""), signature: fromHex("") }, "0000"]],
  badValues: badFields({ payload: "bytes", signature: "bytes" }),
  badHex: [
    ["a payload beyond the maximum", "fe01000002", "too_long", ["payload"], 0],
    ["a signature that is not there", "0001", "short_read", ["signature"], 2],
  ],
});

test("the last alert, as Bitcoin Core sends it to old peers", () => {
  const hex =
    "60010000000000000000000000ffffff7f00000000ffffff7ffeffff7f01ffffff7f00000000ffffff7f00ffffff" +
    "7f002f555247454e543a20416c657274206b657920636f6d70726f6d697365642c20757067726164652072657175" +
    "69726564004630440220653febd6410f470f6bae11cad19c48413becb1ac2c17f908fd0fd53bdc3abd5202206d0e" +
    "9c96fe88d4a0f01ed9dedae2b6f9e00da94cad0fecaae66ecf689bf71b50";
  const read = set.decode("alert", fromHex(hex)) as Alert;
  expect(fromHex(hex)).toHaveLength(168);
  expect(read.payload).toHaveLength(96);
  expect(textOfBytes(read.payload)).toContain("URGENT: Alert key compromised, upgrade required");
  expect(read.signature).toHaveLength(70);
  expect(toHex(set.encode(read))).toBe(hex);
});
