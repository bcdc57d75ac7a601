import { bitcoinMessages, messageSet } from "@satwire/btcwire";
import { reconciliationMessages } from "@satwire/btcwire/opt-in";

// Today's messages, and those of BIP 330.
const set = messageSet([...bitcoinMessages.codecs, ...reconciliationMessages]);
export const payload: Uint8Array = set.encode({ type: "sendtxrcncl", version: 1, salt: 7n });
