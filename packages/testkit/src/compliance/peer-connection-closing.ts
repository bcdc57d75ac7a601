// Part of the suite of Lightning connections: close, from anywhere, any number of times.
import { assertEqual, assertRejects } from "../assert.ts";
import { collect, numbered, type PeerConnectionTests } from "./peer-connection-tests.ts";

/** Declares them. */
export function closingTests({ patience, test, connectedTest }: PeerConnectionTests): void {
  connectedTest("gives every caller the same promise", async ({ connection }) => {
    const first = connection.close();
    assertEqual(connection.close() === first, true, "whether a second call gives it");
    await patience.for(first, "close");
    assertEqual(connection.close() === first, true, "whether a late call gives it");
    assertEqual(connection.state, "disconnected", "state");
    assertEqual(connection.isConnected, false, "isConnected");
  });

  test("works before connect, which is refused then", async ({ connection }) => {
    await patience.for(connection.close(), "close");
    const connecting = patience.for(connection.connect(), "connect");
    await assertRejects(connecting, { name: "PeerError", code: "closed" }, "connect");
    const messages = await patience.for(collect(connection.receiveMessages()), "the end");
    assertEqual(messages, [], "messages");
  });

  connectedTest("works inside the loop that reads messages", async ({ connection, remote }) => {
    remote.send(numbered(1));
    let seen = 0;
    const reading = (async (): Promise<void> => {
      for await (const _message of connection.receiveMessages()) {
        seen += 1;
        await connection.close();
      }
    })();
    await patience.for(reading, "the loop that closes");
    assertEqual(seen, 1, "messages");
    assertEqual(connection.state, "disconnected", "state");
  });

  connectedTest("works inside the loop that reads events", async ({ connection }) => {
    const seen: string[] = [];
    const reading = (async (): Promise<void> => {
      for await (const { state } of connection.connectionEvents()) {
        seen.push(state);
        if (state === "connected") await connection.close();
      }
    })();
    await patience.for(reading, "the loop that closes");
    assertEqual(seen.slice(-3), ["connected", "closing", "disconnected"], "the last states");
  });

  connectedTest("works after the peer has ended", async (it) => {
    const { connection, remote } = it;
    remote.end();
    await patience.for(collect(connection.connectionEvents()), "events");
    await patience.for(connection.close(), "close");
    assertEqual(connection.state, "disconnected", "state");
  });

  connectedTest("works after the connection broke", async ({ connection, remote }) => {
    remote.reset();
    await patience.for(collect(connection.connectionEvents()), "events");
    await patience.for(connection.close(), "close");
    assertEqual(connection.state, "disconnected", "state");
  });

  connectedTest("is what `await using` does", async ({ connection }) => {
    await patience.for(Promise.resolve(connection[Symbol.asyncDispose]()), "disposal");
    assertEqual(connection.state, "disconnected", "state");
    await patience.for(connection.close(), "close");
  });

  connectedTest("lets go of a ping when the connection breaks", async ({ connection, remote }) => {
    remote.reset();
    const pinging = patience.for(connection.ping(), "a ping");
    await assertRejects(pinging, { name: "PeerError", code: "closed" }, "a ping");
  });
}
