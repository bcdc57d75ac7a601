// Part of the suite of Lightning connections: events reach every reader from the first one on.
import { assert, assertEqual } from "../assert.ts";
import { manyTurns, started } from "./patience.ts";
import { collect, type PeerConnectionTests, statesOf } from "./peer-connection-tests.ts";

const forward = [
  "connecting",
  "handshaking",
  "initializing",
  "connected",
  "closing",
  "disconnected",
];

/** Declares them. */
export function eventTests({ patience, test, connectedTest }: PeerConnectionTests): void {
  connectedTest("tell every state once, forward, with times that do not go back", async (it) => {
    await patience.for(it.connection.close(), "close");
    const events = await patience.for(collect(it.connection.connectionEvents()), "events");
    assertEqual(statesOf(events), forward, "states");
    const times = events.map(({ timestamp }) => timestamp);
    assertEqual(
      times,
      times.toSorted((a, b) => a - b),
      "timestamps",
    );
    assert(times.every(Number.isFinite), "a timestamp is no number");
  });

  test("are kept for readers from before connect, after it and after the end", async (it) => {
    const { connection } = it;
    const early = connection.connectionEvents(); // registered now, read later
    await patience.for(connection.connect(), "connect");
    const late = started(collect(connection.connectionEvents()));
    await patience.for(connection.close(), "close");
    const after = await patience.for(collect(connection.connectionEvents()), "events");
    assertEqual(statesOf(await patience.for(collect(early), "events")), forward, "early reader");
    assertEqual(statesOf(await patience.for(late, "events")), forward, "late reader");
    assertEqual(statesOf(after), forward, "reader after the end");
  });

  connectedTest("go on for the others when one reader leaves", async ({ connection }) => {
    const all = started(collect(connection.connectionEvents()));
    const some = connection.connectionEvents();
    await patience.for(some.next(), "an event");
    await some.return?.();
    await some.return?.();
    assertEqual((await patience.for(some.next(), "the end")).done, true, "whether it has ended");
    await patience.for(connection.close(), "close");
    assertEqual(statesOf(await patience.for(all, "events")), forward, "states");
  });

  connectedTest("come to a reader who waits, who may leave while waiting", async (it) => {
    const { connection } = it;
    const [waiting, leaving] = [connection.connectionEvents(), connection.connectionEvents()];
    for (let i = 0; i < 4; i += 1) {
      await patience.for(waiting.next(), "an event");
      await patience.for(leaving.next(), "an event");
    }
    const [next, never] = [started(waiting.next()), started(leaving.next())];
    await manyTurns();
    await patience.for(Promise.resolve(leaving.return?.()), "leaving");
    assertEqual((await patience.for(never, "the end")).done, true, "whether it has ended");
    const closing = started(connection.close());
    const { value } = await patience.for(next, "an event");
    assertEqual(value?.state, "closing", "the state of the next event");
    await patience.for(closing, "close");
  });

  connectedTest("note an error and a warning of the peer", async ({ connection, remote }) => {
    const channelId = new Uint8Array(32);
    const data = new TextEncoder().encode("no such channel");
    remote.send({ type: "warning", channelId, data });
    remote.send({ type: "error", channelId, data });
    await patience.for(connection.ping(), "a ping, after which both have arrived");
    await patience.for(connection.close(), "close");
    const events = await patience.for(collect(connection.connectionEvents()), "events");
    const notes = events.filter(({ type }) => type === "note");
    assertEqual(
      notes.map(({ state }) => state),
      ["connected", "connected"],
      "the states of notes",
    );
    const areTold = notes.every(({ details = "" }) => details.includes("no such channel"));
    assertEqual(areTold, true, "whether the notes have the words of the peer");
    assertEqual(statesOf(events), forward, "states");
  });

  test("of a connection that never was are one end", async ({ connection }) => {
    await patience.for(connection.close(), "close");
    const events = await patience.for(collect(connection.connectionEvents()), "events");
    assertEqual(statesOf(events), ["disconnected"], "states");
  });
}
