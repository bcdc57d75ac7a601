// Part of the suite of Lightning connections: messages reach one reader, all of them, and then the end does.
import type { Init } from "@satwire/lnwire";
import { assertEqual, assertRejects, assertThrows } from "../assert.ts";
import { manyTurns, started } from "./patience.ts";
import {
  assertTerminal,
  collect,
  numbered,
  numberOf,
  type PeerConnectionTests,
  readNumbers,
} from "./peer-connection-tests.ts";

const plainInit: Init = {
  type: "init",
  globalfeatures: new Uint8Array(0),
  features: new Uint8Array(0),
};

/** Declares them. */
export function receivingTests({ patience, connectedTest }: PeerConnectionTests): void {
  connectedTest("keeps messages for a reader who comes later", async (it) => {
    for (const n of [1, 2, 3]) it.remote.send(numbered(n));
    await manyTurns();
    assertEqual(await patience.for(readNumbers(it, 3), "messages"), [1, 2, 3], "messages");
  });

  connectedTest("gives a waiting reader what comes", async (it) => {
    const reading = started(readNumbers(it, 1));
    await manyTurns();
    it.remote.send(numbered(4));
    assertEqual(await patience.for(reading, "a message"), [4], "messages");
  });

  connectedTest("loses nothing to a reader who leaves and comes back", async (it) => {
    for (const n of [1, 2, 3, 4, 5]) it.remote.send(numbered(n));
    const first = await patience.for(readNumbers(it, 2), "messages");
    const second = await patience.for(readNumbers(it, 3), "more messages");
    assertEqual(first, [1, 2], "messages before the break");
    assertEqual(second, [3, 4, 5], "messages after it");
  });

  connectedTest("takes one reader at a time", async (it) => {
    const { connection } = it;
    const reading = connection.receiveMessages();
    const refused = { name: "PeerError", code: "already_receiving" };
    assertThrows(() => connection.receiveMessages(), refused, "a second reader");
    await reading.return?.();
    await reading.return?.();
    it.remote.send(numbered(9));
    assertEqual(await patience.for(readNumbers(it, 1), "a message"), [9], "messages");
  });

  connectedTest(
    "gives an error and a warning of the peer to the reader, and goes on",
    async (it) => {
      const { connection, remote } = it;
      const channelId = new Uint8Array(32).fill(1);
      const data = new TextEncoder().encode("no such channel");
      remote.send({ type: "error", channelId, data });
      remote.send({ type: "warning", channelId, data });
      const types: string[] = [];
      const reading = (async (): Promise<void> => {
        for await (const { type } of connection.receiveMessages()) {
          if (types.push(type) === 2) break;
        }
      })();
      await patience.for(reading, "messages");
      assertEqual(types, ["error", "warning"], "messages");
      assertEqual(connection.isConnected, true, "isConnected");
    },
  );

  connectedTest("answers pings and keeps them from the reader", async (it) => {
    it.remote.send({ type: "ping", numPongBytes: 5, ignored: new Uint8Array(3) });
    it.remote.send(numbered(1));
    const pong = await patience.for(it.remote.next("pong"), "a pong");
    assertEqual(pong.type === "pong" && pong.ignored.length, 5, "the length of the pong");
    assertEqual(await patience.for(readNumbers(it, 1), "a message"), [1], "messages");
  });

  connectedTest("answers no ping that wants no answer", async ({ remote }) => {
    for (const numPongBytes of [65_532, 65_535, 6]) {
      remote.send({ type: "ping", numPongBytes, ignored: new Uint8Array(0) });
    }
    const pong = await patience.for(remote.next("pong"), "a pong");
    assertEqual(pong.type === "pong" && pong.ignored.length, 6, "the length of the pong");
  });

  const breaches = [
    ["a second init", "init_repeated", plainInit],
    ["an unknown message of even type", "unknown_required_message", { ...numbered(2), id: 32_768 }],
  ] as const;
  for (const [what, code, message] of breaches) {
    connectedTest(`ends at ${what}, after what came before`, async (it) => {
      const { connection, remote } = it;
      remote.send(numbered(1));
      remote.send(message);
      remote.send(numbered(3));
      const seen: number[] = [];
      const reading = (async (): Promise<void> => {
        for await (const one of connection.receiveMessages()) seen.push(numberOf(one));
      })();
      const refused = { name: "PeerError", code };
      const error = await assertRejects(patience.for(reading, "the end"), refused, "reading");
      assertEqual(seen, [1], "messages");
      assertTerminal(await patience.for(collect(connection.connectionEvents()), "events"), error);
    });
  }

  connectedTest("ends after the last message when the peer ends in order", async (it) => {
    const { connection, remote } = it;
    for (const n of [1, 2]) remote.send(numbered(n));
    remote.end();
    const messages = await patience.for(collect(connection.receiveMessages()), "the end");
    assertEqual(messages.map(numberOf), [1, 2], "messages");
    const events = await patience.for(collect(connection.connectionEvents()), "events");
    assertTerminal(events, undefined);
    assertEqual(connection.state, "disconnected", "state");
  });

  connectedTest("throws after the last message when the connection broke", async (it) => {
    const { connection, remote } = it;
    for (const n of [1, 2]) remote.send(numbered(n));
    await patience.for(connection.ping(), "a ping, after which both have arrived");
    remote.reset();
    const seen: number[] = [];
    const reading = (async (): Promise<void> => {
      for await (const message of connection.receiveMessages()) seen.push(numberOf(message));
    })();
    const lost = { name: "PeerError", code: "connection_lost" };
    const error = await assertRejects(patience.for(reading, "the end"), lost, "reading");
    assertEqual(seen, [1, 2], "messages");
    assertTerminal(await patience.for(collect(connection.connectionEvents()), "events"), error);
    const again = patience.for(collect(connection.receiveMessages()), "the end for a late reader");
    const same = await assertRejects(again, lost, "reading again");
    assertEqual(same === error, true, "whether a late reader gets the same error");
  });

  connectedTest("gives what came before close to who reads after it", async (it) => {
    const { connection, remote } = it;
    for (const n of [1, 2]) remote.send(numbered(n));
    await patience.for(connection.ping(), "a ping, after which both have arrived");
    await patience.for(connection.close(), "close");
    const messages = await patience.for(collect(connection.receiveMessages()), "the end");
    assertEqual(messages.map(numberOf), [1, 2], "messages");
  });

  connectedTest("ends a waiting reader at close", async ({ connection }) => {
    const reading = started(collect(connection.receiveMessages()));
    await manyTurns();
    await patience.for(connection.close(), "close");
    assertEqual(await patience.for(reading, "the end of the reader"), [], "messages");
  });
}
