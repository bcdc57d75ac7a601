// A tested side of a v2 connection with its peer, at two points of the handshake.
import { concatBytes } from "@satwire/codec";
import type { KnownMessage } from "../../src/bitcoin.ts";
import type { V2Transport } from "../../src/transport/v2-transport.ts";
import { RawV2Peer } from "./raw-v2-peer.ts";
import { type V2Options, v2Initiator, v2Responder } from "./transport-pairs.ts";

/** The side that is tested. */
export type Side = "initiator" | "responder";

export const sides: readonly Side[] = ["initiator", "responder"];

/** Each has the other's key; the peer has sent nothing behind its own. */
export function withKeys(
  tested: Side,
  garbage: Uint8Array = new Uint8Array(0),
  options: V2Options = {},
): [V2Transport<KnownMessage>, RawV2Peer] {
  const transport = tested === "initiator" ? v2Initiator(options) : v2Responder(options);
  const peer = new RawV2Peer(tested === "responder", garbage);
  peer.receive(transport.open());
  peer.receive(transport.push(peer.key).reply);
  return [transport, peer];
}

/** The handshake is over. */
export function established(
  tested: Side = "responder",
  options: V2Options = {},
): [V2Transport<KnownMessage>, RawV2Peer] {
  const [transport, peer] = withKeys(tested, new Uint8Array(0), options);
  transport.push(concatBytes(peer.terminator, peer.version()));
  if (transport.protocol !== "v2") throw new Error("the handshake failed");
  return [transport, peer];
}
