import { bitcoinMessages, DecodeError, fromHex } from "@satwire/btcwire";

export let report = "";
try {
  bitcoinMessages.decode("inv", fromHex("02" + "01000000" + "11".repeat(32) + "01"));
} catch (error) {
  if (!(error instanceof DecodeError)) throw error;
  report = `${error.code} at byte ${error.offset} in ${error.path.join(".")}`;
}
// "short_read at byte 37 in inv.inventory.1.type"
