import { expect, test } from "vitest";
import { maxMessageLength } from "../src/transport.ts";
import { transportPair } from "./support/pair.ts";

const connections = 500;

/** Bytes of array memory that `connections` receivers hold after each got the start of a frame. */
function heldAfter(received: number): number {
  const [sender] = transportPair();
  const start = sender.encrypt(new Uint8Array(maxMessageLength)).slice(0, received);
  const receivers = Array.from({ length: connections }, () => transportPair()[1]);
  const before = process.memoryUsage().arrayBuffers;
  for (const receiver of receivers) receiver.push(start);
  const held = process.memoryUsage().arrayBuffers - before;
  for (const receiver of receivers) expect(receiver.bytesBuffered).toBe(received);
  return held / connections;
}

test("a header that announces 65535 bytes reserves no memory for them", () => {
  expect(heldAfter(18 + 1)).toBeLessThan(8_000);
});

test("memory follows the bytes received", () => {
  expect(heldAfter(18 + 10_000)).toBeLessThan(3 * 10_000);
});
