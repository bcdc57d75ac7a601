// Answers to pings, of both protocols.
import { noPongFrom } from "@satwire/lnwire";
import type { ScriptMessage } from "./script-step.ts";

/** The pong for a ping; nothing for one that no pong belongs to. */
export function pongFor(ping: ScriptMessage): ScriptMessage | undefined {
  if ("numPongBytes" in ping && typeof ping.numPongBytes === "number") {
    // BOLT 1 "The `ping` and `pong` Messages"
    if (ping.numPongBytes >= noPongFrom) return undefined;
    return { type: "pong", ignored: new Uint8Array(ping.numPongBytes) } as ScriptMessage;
  }
  // BIP 31: what is older has no nonce, and gets no answer.
  if ("nonce" in ping && typeof ping.nonce === "bigint") {
    return { type: "pong", nonce: ping.nonce } as ScriptMessage;
  }
  return undefined;
}
