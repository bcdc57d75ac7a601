import { PeerError } from "./errors.ts";

/** How long each phase of a connection may take, in milliseconds. */
export interface Timeouts {
  /** Until the address answers. */
  readonly dialMs: number;
  /** All acts of BOLT 8 together, however slowly their bytes trickle in. */
  readonly handshakeMs: number;
  /** From the end of the handshake to the peer's `init`. */
  readonly initMs: number;
  /** For what is queued to be sent and the peer to end its side, after `close`. */
  readonly closeMs: number;
}

/** Timeouts for direct connections. */
export function defaultTimeouts(): Timeouts {
  return { dialMs: 30_000, handshakeMs: 15_000, initMs: 15_000, closeMs: 2_000 };
}

/** Timeouts for connections over Tor: three times the default ones. */
export function torTimeouts(): Timeouts {
  const { dialMs, handshakeMs, initMs, closeMs } = defaultTimeouts();
  return {
    dialMs: 3 * dialMs,
    handshakeMs: 3 * handshakeMs,
    initMs: 3 * initMs,
    closeMs: 3 * closeMs,
  };
}

/** The default timeouts with some replaced. @throws PeerError `invalid_option` */
export function completeTimeouts(some: Partial<Timeouts> = {}): Timeouts {
  const timeouts = { ...defaultTimeouts(), ...some };
  for (const [name, value] of Object.entries(timeouts) as [string, unknown][]) {
    if (typeof value !== "number" || !(value > 0)) {
      throw new PeerError("invalid_option", `timeouts.${name} of ${String(value)} is not above 0`);
    }
  }
  return timeouts;
}
