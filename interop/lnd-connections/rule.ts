/** A message that is odd, what lnd does with it and what we do with the same bytes. */
import type { PeerErrorCode } from "@satwire/lnp2p";
import type { RawOutcome } from "@satwire/testkit";

/** A message and what both do with it. */
export interface Rule {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether lnd answers a ping that comes behind it, or ends the connection. */
  readonly lnd: RawOutcome;
  /** What lnd logs about it, if anything. */
  readonly log?: RegExp;
  /** Whether we stay, or the error that we end the connection with. */
  readonly we: "stays" | PeerErrorCode;
}
