// Memory that a peer can make a transport hold; measured, not timed.
import { concatBytes } from "@satwire/codec";
import { expect, test } from "vitest";
import type { KnownMessage } from "../src/bitcoin.ts";
import { maxPayloadLength } from "../src/message-set.ts";
import type { BitcoinTransport } from "../src/transport/transport.ts";
import { pairKinds, unknown, v2Responder } from "./support/transport-pairs.ts";

const connections = 50;

/** Bytes of array memory that each of many receivers holds after the start of the longest message. */
function heldAfter(received: number, kind: (typeof pairKinds)[number]): number {
  const [sender] = kind.connect();
  const payload = new Uint8Array(maxPayloadLength);
  const start = sender.encode({ type: "unknown", command: "big", payload }).slice(0, received);
  const receivers = Array.from({ length: connections }, () => kind.connect()[1]);
  return heldBy(receivers, start);
}

function heldBy(receivers: readonly BitcoinTransport<KnownMessage>[], start: Uint8Array): number {
  const before = process.memoryUsage().arrayBuffers;
  for (const receiver of receivers) expect(receiver.push(start).failure).toBeUndefined();
  const held = process.memoryUsage().arrayBuffers - before;
  for (const receiver of receivers) expect(receiver.bytesBuffered).toBe(start.length);
  return held / connections;
}

test.each(pairKinds)("$name: an announced 4,000,000 bytes reserve no memory", (kind) => {
  expect(heldAfter(24 + 1, kind)).toBeLessThan(8_000);
});

test.each(pairKinds)("$name: memory follows the bytes received", (kind) => {
  expect(heldAfter(24 + 10_000, kind)).toBeLessThan(3 * 10_000);
});

test("a peer that sends its key and no more takes a few kilobytes", () => {
  const before = process.memoryUsage().arrayBuffers;
  const transports = Array.from({ length: connections }, () => v2Responder());
  for (const transport of transports) transport.push(new Uint8Array(64).fill(9));
  const held = process.memoryUsage().arrayBuffers - before;
  expect(held / connections).toBeLessThan(12_000);
  for (const transport of transports) expect(transport.established).toBe(true);
});

test.each(pairKinds)("$name: events of a chunk hold their payloads and not the chunk", (kind) => {
  const [sender, receiver] = kind.connect();
  const count = 1000;
  const frames = Array.from({ length: count }, () => sender.encode(unknown(100)));
  const chunk = concatBytes(...frames);
  const { events } = receiver.push(chunk);
  expect(events.length).toBe(count);
  const buffers = new Set<ArrayBufferLike>();
  for (const event of events) {
    if (event.type !== "message" || event.message.type !== "unknown") throw new Error("no message");
    buffers.add(event.message.payload.buffer);
  }
  const total = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(buffers.has(chunk.buffer)).toBe(false);
  expect(total).toBeLessThanOrEqual(count * (100 + 14));
});
