// Part of the suite of Bitcoin transports: messages, good and bad, of two sides that have met.
import { assert, assertEqual, assertThrows } from "../assert.ts";
import { assertBytes } from "./expectations.ts";
import {
  type BitcoinTransportTests,
  encoded,
  messagesOf,
  pushAll,
  someMessages,
  unknown,
} from "./bitcoin-transport-tests.ts";

/** Five bytes are no nonce. */
const bad = { type: "unknown", command: "ping", payload: Uint8Array.of(1, 2, 3, 4, 5) } as const;

/** Declares them. */
export function messageTests({ test, met, metApart }: BitcoinTransportTests): void {
  test("arrive in order, however the bytes are cut", async () => {
    for (const chunkBytes of [Infinity, 1, 7, 50]) {
      for (const { name, sender, receiver } of met()) {
        const { events, failure } = pushAll(receiver, encoded(sender, someMessages), chunkBytes);
        assertEqual(failure?.message, undefined, `the failure ${name}`);
        assertEqual(messagesOf(events), someMessages, `messages ${name}`);
        assertEqual(receiver.bytesBuffered, 0, `bytesBuffered ${name}`);
      }
    }
  });

  test("go both ways at once", async () => {
    const ways = met();
    for (const message of someMessages) {
      const sent = ways.map(({ sender }) => sender.encode(message));
      for (const [index, { name, receiver }] of ways.entries()) {
        const { events } = receiver.push(sent[index] as Uint8Array);
        assertEqual(messagesOf(events), [message], `the message ${name}`);
      }
    }
  });

  test("come with their length on the wire, which adds up to the stream", async () => {
    for (const { name, sender, receiver } of met()) {
      const stream = encoded(sender, someMessages);
      let total = 0;
      for (const event of receiver.push(stream).events) {
        if (event.type !== "ready") total += event.wireLength;
      }
      assertEqual(total, stream.length, `the sum ${name}`);
    }
  });

  test("belong to who gets them: later bytes and changed chunks do not change them", async () => {
    for (const { name, sender, receiver } of met()) {
      const message = unknown(300);
      const stream = encoded(sender, [message, message]);
      const { events } = receiver.push(stream);
      stream.fill(0);
      receiver.push(sender.encode(unknown(300, "other")));
      assertEqual(messagesOf(events), [message, message], `messages ${name}`);
    }
  });

  test("of 100,000 bytes arrive", async () => {
    for (const { name, sender, receiver } of met()) {
      const message = unknown(100_000);
      const { events } = pushAll(receiver, sender.encode(message), 1460);
      const [event] = events;
      const found = event?.type === "message" && event.message.type === "unknown";
      assert(found, `the message ${name} did not come`);
      const payload = event.message.type === "unknown" ? event.message.payload : undefined;
      const sent = message.type === "unknown" ? message.payload : undefined;
      assertBytes(payload ?? new Uint8Array(), sent ?? new Uint8Array(), `the payload ${name}`);
    }
  });

  test("that cannot be written are refused and change nothing", async () => {
    for (const { sender, receiver } of met()) {
      const command = "no\ncommand";
      const message = { type: "unknown", command, payload: new Uint8Array(0) } as const;
      assertThrows(() => sender.encode(message), { name: "EncodeError" }, "a bad command");
      const tooLong = unknown(4_000_001);
      assertThrows(() => sender.encode(tooLong), { code: "too_long" }, "a long payload");
      assertEqual(sender.failure, undefined, "the failure after that");
      const { events } = receiver.push(sender.encode({ type: "verack" }));
      assertEqual(messagesOf(events), [{ type: "verack" }], "the next message");
    }
  });

  test("that are malformed end it, behind those before them", async () => {
    for (const { sender, receiver } of metApart({ malformed: "fail" })) {
      const good = { type: "ping", nonce: 7n } as const;
      const { events, failure } = receiver.push(encoded(sender, [good, bad, good]));
      assertEqual(messagesOf(events), [good], "events");
      assertEqual(failure?.code, "malformed_message", "the code of the failure");
      assertEqual(receiver.failure === failure, true, "whether it keeps the failure");
    }
  });

  test("that are malformed become events with `report`, and it goes on", async () => {
    for (const { sender, receiver } of met({ malformed: "report" })) {
      const { events, failure } = receiver.push(encoded(sender, [bad, { type: "verack" }]));
      assertEqual(failure, undefined, "the failure");
      assertEqual(messagesOf(events), ["malformed", { type: "verack" }], "events");
      const [event] = events;
      const payload = event?.type === "malformed" ? event.payload : undefined;
      assertEqual(payload, bad.payload, "the payload of the event");
    }
  });
}
