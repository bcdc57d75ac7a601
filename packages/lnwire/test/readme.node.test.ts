import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { frame, received } from "./examples/custom-message.ts";
import { report } from "./examples/errors.ts";
import { anchors, bits, problem } from "./examples/features.ts";
import { valid } from "./examples/gossip.ts";
import { lines } from "./examples/messages.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the examples of the README are the files that are compiled and run here", () => {
  const names = ["messages", "custom-message", "gossip", "features", "errors"];
  const files = names.map((name) => read(`examples/${name}.ts`));
  const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toEqual(files);
});

test("the examples do what their comments say", () => {
  expect(lines).toEqual(["ping that wants 8 bytes", "message 32769, 3 bytes"]);
  expect([...frame]).toEqual([0x80, 0x01, 11, 1, 2, 1, 2]);
  expect(received).toEqual({ type: "hello", volume: 11, echoMsat: 258n });
  expect(valid).toEqual(["539268x845x1", "satwire at 203.0.113.5:9735"]);
  expect([anchors, bits, problem]).toEqual([true, [23, 26, 260], "unknown_required: 260"]);
  expect(report).toBe("short_read at byte 44 in query_channel_range.queryOption");
});
