// The states of a connection in their order.
import type { ConnectionState } from "./peer-connection.ts";

const phases = ["disconnected", "connecting", "handshaking", "initializing", "connected"] as const;

/** The state that follows on the way to `connected`; undefined there and at the end. */
export function phaseAfter(state: ConnectionState): ConnectionState | undefined {
  const index = phases.findIndex((phase) => phase === state);
  return index < 0 ? undefined : phases[index + 1];
}

/** The states from one to another, without the first. @throws RangeError for a way back */
export function phasesTo(to: ConnectionState, from: ConnectionState): ConnectionState[] {
  const path: ConnectionState[] = [];
  let state: ConnectionState | undefined = from;
  while (state !== to) {
    state = to === "closing" ? to : phaseAfter(state);
    if (state === undefined) throw new RangeError(`a connection does not go from ${from} to ${to}`);
    path.push(state);
  }
  return path;
}
