// Part of the suite of Bitcoin transports: how two sides find out how they talk.
import { assertEqual, assertThrows } from "../assert.ts";
import {
  type BitcoinTransportTests,
  meet,
  messagesOf,
  version,
} from "./bitcoin-transport-tests.ts";

/** Declares them. */
export function meetingTests({ test, fresh }: BitcoinTransportTests): void {
  test("both sides know how they talk, and tell it once, before the first message", async () => {
    const pair = fresh();
    const { events } = meet(pair);
    for (const [index, transport] of pair.transports.entries()) {
      const seen = events[index as 0 | 1];
      assertEqual(messagesOf(seen), ["ready", version], "events");
      const [ready] = seen;
      assertEqual(ready?.type === "ready" && ready.protocol, pair.protocol, "the event's protocol");
      assertEqual(transport.protocol, pair.protocol, "protocol");
      assertEqual(transport.established, true, "established");
      assertEqual(transport.failure, undefined, "failure");
      assertEqual(transport.shouldRetryV1, false, "shouldRetryV1");
      assertEqual(transport.bytesBuffered, 0, "bytesBuffered");
      assertEqual(transport.end(), undefined, "what is wrong with an end now");
    }
  });

  test("both sides have the same session id in v2, and none in v1", async () => {
    const pair = fresh();
    meet(pair);
    const [ours, theirs] = pair.transports.map(({ sessionId }) => sessionId);
    assertEqual(ours?.length, pair.protocol === "v2" ? 32 : undefined, "its length");
    assertEqual(theirs, ours, "the other side's");
  });

  test("byte by byte goes as well as at once", async () => {
    const [whole, pieces] = [fresh(), fresh()];
    const { events } = meet(whole);
    const found = meet(pieces, 1).events;
    for (const side of [0, 1] as const) {
      assertEqual(messagesOf(found[side]), messagesOf(events[side]), "events");
      assertEqual(pieces.transports[side].bytesBuffered, 0, "bytesBuffered");
    }
  });

  test("nothing can be encoded before it is established", async () => {
    for (const transport of fresh().transports) {
      if (transport.established) continue;
      const refused = { name: "TransportError", code: "not_established" };
      assertThrows(() => transport.encode(version), refused, "encoding too early");
      assertEqual(transport.failure, undefined, "the failure after that");
    }
  });

  test("opening twice gives the same bytes", async () => {
    for (const transport of fresh().transports) {
      assertEqual(transport.open(), transport.open(), "the second opening");
    }
  });

  test("no bytes of a stranger make it throw, and what it holds stays within what came", async () => {
    for (const fill of [0, 1, 0xf9, 0xff]) {
      for (const transport of fresh().transports) {
        for (let total = 0; total < 6000; total += 100) {
          const { failure } = transport.push(new Uint8Array(100).fill(fill));
          if (failure === undefined) {
            assertEqual(transport.bytesBuffered <= total + 100, true, "whether it holds too much");
          } else assertEqual(transport.failure === failure, true, "whether it keeps the failure");
        }
      }
    }
  });
}
