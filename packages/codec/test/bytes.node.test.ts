// Memory of texts; measured, not timed.
import { toHex } from "@satwire/codec";
import { expect, test } from "vitest";

test("the hex of many bytes is one text, and not a tree of its digits", () => {
  const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => i * 7);
  const before = process.memoryUsage().heapUsed;
  const text = toHex(bytes);
  const held = process.memoryUsage().heapUsed - before;
  expect(held).toBeLessThan(20 * bytes.length);
  expect(text).toBe(Buffer.from(bytes).toString("hex"));
});
