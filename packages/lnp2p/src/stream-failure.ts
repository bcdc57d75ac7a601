// What ended a stream, told as an error of this package.
import type { FramedStreamEnd } from "@satwire/net";
import { HandshakeError } from "@satwire/noise";
import type { ConnectionState } from "./connection-event.ts";
import { PeerError } from "./errors.ts";

/**
 * The error for the end of a stream in a phase, or undefined for an end in order.
 * `warning` is what the peer warned of before its `init`: often why it hangs up.
 */
export function streamFailure(
  end: FramedStreamEnd,
  phase: ConnectionState,
  warning: string | undefined,
): PeerError | undefined {
  switch (end.by) {
    case "us":
      return undefined;
    case "peer": {
      if (phase === "connected") return undefined;
      const reason = warning === undefined ? "" : `, after it warned: ${warning}`;
      return new PeerError("closed_by_peer", `the peer ended the connection${reason}`, { phase });
    }
    case "network": {
      const { error: cause } = end;
      return new PeerError("connection_lost", `the connection broke: ${cause.message}`, {
        phase,
        cause,
      });
    }
    case "framing": {
      const { error: cause } = end;
      if (!(cause instanceof HandshakeError)) {
        return new PeerError("transport_failed", cause.message, { phase, cause });
      }
      // A responder that cannot read act one says nothing: mostly it was dialed with another's key.
      const text =
        cause.code === "act_two_length" && cause.received === 0
          ? "the peer ended the connection without an answer: is the public key its own?"
          : cause.message;
      return new PeerError("handshake_failed", text, { phase, cause });
    }
  }
}
