// Short messages for tests that do not care what they say.
import type { ErrorMessage, Ping, Pong, UnknownMessage, Warning } from "@satwire/lnwire";

/** A message of an odd type that nobody knows: whoever gets it hands it on. */
export const custom = (n: number): UnknownMessage => ({
  type: "unknown",
  id: 32_769,
  payload: Uint8Array.of(n),
});

export const ping = (numPongBytes: number): Ping => ({
  type: "ping",
  numPongBytes,
  ignored: new Uint8Array(0),
});

export const pong = (length: number): Pong => ({ type: "pong", ignored: new Uint8Array(length) });

export const warning = (text: string): Warning => ({
  type: "warning",
  channelId: new Uint8Array(32),
  data: new TextEncoder().encode(text),
});

export const errorMessage = (text: string): ErrorMessage => ({ ...warning(text), type: "error" });
