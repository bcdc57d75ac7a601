// Part of the suite of Lightning connections: connect, once, or not.
import { assert, assertEqual, assertRejects } from "../assert.ts";
import { assertError } from "./expectations.ts";
import { manyTurns, started } from "./patience.ts";
import {
  assertTerminal,
  collect,
  type PeerConnectionTests,
  statesOf,
} from "./peer-connection-tests.ts";

const refused = (code: string): { name: string; code: string } => ({ name: "PeerError", code });

/** Declares them. */
export function connectingTests({ patience, test, connectedTest }: PeerConnectionTests): void {
  test("is disconnected before", async ({ connection }) => {
    assertEqual(connection.state, "disconnected", "state");
    assertEqual(connection.isConnected, false, "isConnected");
    assertEqual(connection.remoteInit, undefined, "remoteInit");
    assertEqual(connection.remoteFeatures, undefined, "remoteFeatures");
    assertEqual(connection.localPublicKey.length, 33, "the length of localPublicKey");
  });

  connectedTest("knows the peer afterwards", async ({ connection }) => {
    assertEqual(connection.state, "connected", "state");
    assertEqual(connection.isConnected, true, "isConnected");
    assertEqual(connection.remotePublicKey?.length, 33, "the length of remotePublicKey");
    assertEqual(connection.remoteInit?.type, "init", "the type of remoteInit");
    assert(connection.remoteFeatures !== undefined, "remoteFeatures are not there");
    assert(connection.remoteAddress !== undefined, "remoteAddress is not there");
  });

  connectedTest("is refused a second time", async ({ connection }) => {
    const again = patience.for(connection.connect(), "the second connect");
    await assertRejects(again, refused("already_connected"), "the second connect");
    assertEqual(connection.isConnected, true, "isConnected after that");
  });

  test("is refused a second time while the first is under way", async ({ connection }) => {
    const first = started(connection.connect());
    const again = patience.for(connection.connect(), "the second connect");
    await assertRejects(again, refused("already_connected"), "the second connect");
    await patience.for(first, "the first connect");
    assertEqual(connection.isConnected, true, "isConnected after that");
  });

  connectedTest("is refused after close", async ({ connection }) => {
    await patience.for(connection.close(), "close");
    const again = patience.for(connection.connect(), "connect");
    await assertRejects(again, refused("closed"), "connect after close");
  });

  test("with a signal that has aborted fails with its reason", async ({ connection }) => {
    const reason = new Error("not now");
    const connecting = connection.connect({ signal: AbortSignal.abort(reason) });
    const waiting = patience.for(connecting, "connect");
    const error = await assertRejects(waiting, refused("aborted"), "connect");
    assertError(error, { cause: reason }, "what it rejects with");
    assertEqual(connection.isConnected, false, "isConnected");
    assertTerminal(await patience.for(collect(connection.connectionEvents()), "events"), error);
  });

  test("ends when its signal aborts on the way", async ({ connection }) => {
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const connecting = connection.connect({ signal: controller.signal });
    controller.abort(reason);
    const waiting = patience.for(connecting, "connect");
    const error = await assertRejects(waiting, refused("aborted"), "connect");
    assertError(error, { cause: reason }, "what it rejects with");
    const events = await patience.for(collect(connection.connectionEvents()), "events");
    assertTerminal(events, error);
    assert(!statesOf(events).includes("connected"), "the events say that it was connected");
    await patience.for(connection.close(), "close");
  });

  test("goes on when its signal aborts afterwards", async ({ connection }) => {
    const controller = new AbortController();
    await patience.for(connection.connect({ signal: controller.signal }), "connect");
    controller.abort();
    await manyTurns();
    assertEqual(connection.isConnected, true, "isConnected");
  });

  test("fails with `closed` when it is closed on the way", async ({ connection }) => {
    const connecting = started(connection.connect());
    const closing = started(connection.close());
    const error = patience.for(connecting, "connect");
    await assertRejects(error, refused("closed"), "connect");
    await patience.for(closing, "close");
    assertTerminal(await patience.for(collect(connection.connectionEvents()), "events"), undefined);
  });
}
