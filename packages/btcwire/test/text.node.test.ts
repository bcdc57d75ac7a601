// Memory of texts; measured, not timed.
import { expect, test } from "vitest";
import { printableText } from "../src/text.ts";

test("a long text is one text, and not a tree of its characters", () => {
  const length = 1_000_000;
  const text = `${"a".repeat(length)}\n`;
  const before = process.memoryUsage().heapUsed;
  const printable = printableText(text);
  const held = process.memoryUsage().heapUsed - before;
  expect(held).toBeLessThan(10 * length);
  expect(printable).toBe(`${"a".repeat(length)}\\x0a`);
});
