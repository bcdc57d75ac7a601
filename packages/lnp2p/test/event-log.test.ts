import type { ConnectionEvent, ConnectionState } from "@satwire/lnp2p";
import { expect, test } from "vitest";
import { EventLog } from "../src/event-log.ts";
import { collect } from "./collect.ts";

const event = (state: ConnectionState, timestamp: number): ConnectionEvent => ({
  type: "state",
  state,
  timestamp,
});
const note = (timestamp: number): ConnectionEvent => ({
  type: "note",
  state: "connected",
  timestamp,
});

test("a flood of notes pushes out notes, never a change of state, for early and late readers", async () => {
  const log = new EventLog();
  const early = log.read();
  for (const [i, state] of (["connecting", "handshaking", "connected"] as const).entries()) {
    log.add(event(state, i));
  }
  for (let i = 3; i < 200; i++) log.add(note(i));
  log.add(event("disconnected", 200), { last: true });
  log.add(event("connected", 201));
  for (const reader of [early, log.read()]) {
    const events = await collect(reader);
    expect(events).toHaveLength(64);
    expect(events.slice(0, 3).map(({ state }) => state)).toEqual([
      "connecting",
      "handshaking",
      "connected",
    ]);
    expect(events.at(3)?.timestamp).toBe(140);
    expect(events.at(-1)?.state).toBe("disconnected");
  }
});

test("a reader that leaves gets nothing more, not even what waited", async () => {
  const log = new EventLog();
  const reader = log.read();
  log.add(event("connecting", 1));
  await reader.return?.();
  log.add(event("handshaking", 2));
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});
