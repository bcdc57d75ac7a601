// Part of the suite of Bitcoin transports: ends, failures and destroy.
import { assert, assertEqual, assertThrows } from "../assert.ts";
import type { BitcoinTransport, KnownMessage } from "@satwire/btcwire";
import { type BitcoinTransportTests, unknown } from "./bitcoin-transport-tests.ts";

type Transport = BitcoinTransport<KnownMessage>;

/** Declares them. */
export function endingTests({ test, met, metApart }: BitcoinTransportTests): void {
  test("in the middle of a message is `truncated`, between two it is right", async () => {
    for (const { name, sender, receiver } of met()) {
      for (const message of [unknown(3), { type: "verack" } as const]) {
        const bytes = sender.encode(message);
        for (let at = 0; at < bytes.length; at += 1) {
          assertEqual(receiver.bytesBuffered, at, `bytesBuffered ${name}`);
          const code = at === 0 ? undefined : "truncated";
          assertEqual(receiver.end()?.code, code, `an end ${name} after ${at} bytes`);
          receiver.push(bytes.slice(at, at + 1));
        }
        assertEqual(receiver.bytesBuffered, 0, `bytesBuffered ${name}`);
      }
      assertEqual(receiver.end(), undefined, `an end ${name} between two messages`);
      assertEqual(receiver.failure, undefined, "the failure");
    }
  });

  test("comes with the first wrong bytes, and is the same from then on", async () => {
    for (const { sender, receiver } of metApart()) {
      fail(sender, receiver);
      const { failure } = receiver;
      assert(failure !== undefined, "wrong bytes were taken");
      for (const chunk of [new Uint8Array(0), new Uint8Array(100)]) {
        const { events, reply, failure: later } = receiver.push(chunk);
        assertEqual(events, [], "events after the failure");
        assertEqual(reply, undefined, "the reply after the failure");
        assertEqual(later === failure, true, "whether it is the same failure");
      }
      const refused = { name: "TransportError", code: "failed" };
      assertThrows(() => receiver.encode({ type: "verack" }), refused, "encoding after a failure");
      assertEqual(receiver.established, false, "established");
      assertEqual(receiver.end() === failure, true, "whether end tells the failure");
      assertEqual(receiver.bytesBuffered, 0, "bytesBuffered");
    }
  });

  test("by a changed bit anywhere in a message never throws, nor passes the payload on", async () => {
    const message = unknown(40);
    const { length } = met()[0].sender.encode(message);
    for (let at = 0; at < length; at += 3) {
      const { sender, receiver } = met()[0];
      const bytes = sender.encode(message);
      bytes[at] = (bytes[at] as number) ^ 1;
      // What follows lets a frame that became longer end.
      const { events } = receiver.push(bytes);
      for (const event of events) {
        const isSame = event.type === "message" && event.message.type === "unknown";
        if (!isSame) continue;
        // In v1 the command is not covered by the checksum.
        const { payload, command } = event.message;
        assertEqual(payload.length, 40, `the payload with byte ${at} changed`);
        assert(command !== "big", `a change of byte ${at} went unnoticed`);
      }
    }
  });

  test("by destroy refuses every later use and lets go of what was held", async () => {
    for (const { sender, receiver } of metApart()) {
      receiver.push(sender.encode(unknown(100)).slice(0, 50));
      assertEqual(receiver.bytesBuffered, 50, "bytesBuffered before");
      for (let times = 0; times < 2; times += 1) {
        receiver.destroy();
        assertEqual(receiver.bytesBuffered, 0, "bytesBuffered");
        assertEqual(receiver.established, false, "established");
        assertEqual(receiver.failure, undefined, "failure");
        const { events, failure } = receiver.push(new Uint8Array(10));
        assertEqual(events, [], "events");
        assertEqual(failure?.code, "destroyed", "the code of a push afterwards");
        const refused = { name: "TransportError", code: "destroyed" };
        assertThrows(() => receiver.encode({ type: "verack" }), refused, "encoding afterwards");
      }
    }
  });

  test("by destroy after a failure keeps the failure readable", async () => {
    const { sender, receiver } = met()[0];
    fail(sender, receiver);
    const { failure } = receiver;
    receiver.destroy();
    assertEqual(receiver.failure === failure, true, "whether it is the same failure");
    assertEqual(receiver.push(new Uint8Array(1)).failure?.code, "destroyed", "a later push");
  });
}

/** Makes a receiver fail: a changed magic in v1, a changed length in v2, whatever that comes to. */
function fail(sender: Transport, receiver: Transport): void {
  const bytes = sender.encode(unknown(5));
  bytes[1] = (bytes[1] as number) ^ 1;
  receiver.push(bytes);
  receiver.push(new Uint8Array(4_000_000));
}
