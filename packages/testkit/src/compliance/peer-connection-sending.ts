// Part of the suite of Lightning connections: messages and pings to the peer.
import { assert, assertEqual, assertRejects } from "../assert.ts";
import { assertError } from "./expectations.ts";
import { started } from "./patience.ts";
import { collect, numbered, numberOf, type PeerConnectionTests } from "./peer-connection-tests.ts";

const refused = (code: string): { name: string; code: string } => ({ name: "PeerError", code });

/** Declares them. */
export function sendingTests({ patience, test, connectedTest }: PeerConnectionTests): void {
  test("is refused before connect and after close", async ({ connection }) => {
    const calls = [
      (): Promise<unknown> => connection.sendMessage(numbered(1)),
      (): Promise<unknown> => connection.ping(),
    ];
    for (const call of calls) {
      const early = patience.for(call(), "a refusal");
      await assertRejects(early, refused("not_connected"), "sending before connect");
    }
    await patience.for(connection.connect(), "connect");
    await patience.for(connection.close(), "close");
    for (const call of calls) {
      const late = patience.for(call(), "a refusal");
      await assertRejects(late, refused("closed"), "sending after close");
    }
  });

  connectedTest("reaches the peer in order", async ({ connection, remote }) => {
    const sent = [1, 2, 3].map((n) => connection.sendMessage(numbered(n)));
    await patience.for(Promise.all(sent), "sending");
    const arrived: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      arrived.push(numberOf(await patience.for(remote.next("unknown"), "a message")));
    }
    assertEqual(arrived, [1, 2, 3], "messages");
  });

  connectedTest("refuses a message that cannot be written, and goes on", async (it) => {
    const { connection, remote } = it;
    const tooLong = { ...numbered(1), payload: new Uint8Array(65_534) };
    const sending = patience.for(connection.sendMessage(tooLong), "sending");
    await assertRejects(sending, refused("invalid_message"), "a message that is too long");
    await patience.for(connection.sendMessage(numbered(2)), "sending");
    const next = await patience.for(remote.next("unknown"), "a message");
    assertEqual(numberOf(next), 2, "the message that came");
  });

  connectedTest("sends nothing when its signal has aborted", async ({ connection, remote }) => {
    const reason = new Error("not now");
    const signal = AbortSignal.abort(reason);
    const sending = patience.for(connection.sendMessage(numbered(1), { signal }), "sending");
    const error = await assertRejects(sending, refused("aborted"), "sending");
    assertError(error, { cause: reason }, "what it rejects with");
    await patience.for(connection.sendMessage(numbered(2)), "sending");
    const next = await patience.for(remote.next("unknown"), "a message");
    assertEqual(numberOf(next), 2, "the message that came");
  });

  connectedTest("delivers before close what was sent before close", async (it) => {
    const { connection, remote } = it;
    const sent = [1, 2, 3].map((n) => started(connection.sendMessage(numbered(n))));
    const closing = started(connection.close());
    const arrived: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      arrived.push(numberOf(await patience.for(remote.next("unknown"), "a message")));
    }
    await patience.for(Promise.all([...sent, closing]), "sending and close");
    assertEqual(arrived, [1, 2, 3], "messages");
  });

  connectedTest("is refused once the peer has ended", async ({ connection, remote }) => {
    remote.end();
    await patience.for(collect(connection.receiveMessages()), "the end");
    const sending = patience.for(connection.sendMessage(numbered(1)), "sending");
    await assertRejects(sending, refused("closed"), "sending");
  });

  connectedTest("pings, and tells how long the answer took", async ({ connection, remote }) => {
    const tookMs = await patience.for(connection.ping({ numPongBytes: 7 }), "a pong");
    assert(tookMs >= 0, `a ping took ${tookMs} ms`);
    const ping = await patience.for(remote.next("ping"), "a ping");
    assertEqual(ping.type === "ping" && ping.numPongBytes, 7, "the bytes that were asked for");
  });

  connectedTest("refuses a ping of an impossible size", async ({ connection }) => {
    for (const options of [{ numPongBytes: 65_532 }, { ignoredBytes: 65_530 }]) {
      const pinging = patience.for(connection.ping(options), "a ping");
      await assertRejects(pinging, refused("invalid_option"), "a ping");
    }
    assertEqual(connection.isConnected, true, "isConnected");
  });

  connectedTest("sends no ping when its signal has aborted", async ({ connection, remote }) => {
    const reason = new Error("not now");
    const pinging = connection.ping({ signal: AbortSignal.abort(reason) });
    const waiting = patience.for(pinging, "a ping");
    const error = await assertRejects(waiting, refused("aborted"), "a ping");
    assertError(error, { cause: reason }, "what it rejects with");
    await patience.for(connection.ping({ numPongBytes: 9 }), "a pong");
    const ping = await patience.for(remote.next("ping"), "a ping");
    assertEqual(ping.type === "ping" && ping.numPongBytes, 9, "the bytes that were asked for");
  });

  connectedTest("tells with `closed` why the connection broke", async ({ connection, remote }) => {
    remote.reset();
    const events = await patience.for(collect(connection.connectionEvents()), "events");
    const cause = events.at(-1)?.error;
    assertError(cause, refused("connection_lost"), "the error of the last event");
    const calls = [
      (): Promise<unknown> => connection.sendMessage(numbered(1)),
      (): Promise<unknown> => connection.ping(),
      (): Promise<unknown> => connection.connect(),
    ];
    for (const call of calls) {
      const late = patience.for(call(), "a refusal");
      const error = await assertRejects(late, refused("closed"), "a call after the end");
      assertError(error, { cause }, "what it rejects with");
    }
  });
}
