import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { featureBits } from "../src/index.ts";
import { frame, received } from "./examples/custom-message.ts";
import { report } from "./examples/errors.ts";
import { anchors, lacking, lines as featureLines, ours, problem } from "./examples/features.ts";
import { valid } from "./examples/gossip.ts";
import { report as inspected } from "./examples/inspect.ts";
import { lines } from "./examples/messages.ts";
import { json as commando } from "./examples/opt-in.ts";
import { failed, numRuns } from "./examples/testing.ts";
import { isSame, json, line } from "./examples/text.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the examples of the README are the files that are compiled and run here", () => {
  const names = [
    "messages",
    "custom-message",
    "opt-in",
    "inspect",
    "text",
    "gossip",
    "features",
    "testing",
    "errors",
  ];
  const files = names.map((name) => read(`examples/${name}.ts`));
  const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toEqual(files);
});

test("the examples do what their comments say", () => {
  expect(lines).toEqual(["ping that wants 8 bytes", "message 32769, 3 bytes"]);
  expect([...frame]).toEqual([0x80, 0x01, 11, 1, 2, 1, 2]);
  expect(received).toEqual({ type: "hello", volume: 11, echoMsat: 258n });
  expect(valid).toEqual(["539268x845x1", "satwire at 203.0.113.5:9735"]);
  expect(commando).toBe("{}");
  expect(inspected).toEqual([
    "ping numPongBytes=8 ignored=(0 bytes) unknown=[201: 2a, 202: 07]",
    "unknown_required at byte 9",
  ]);
  const point = "02".repeat(33);
  expect(line).toBe(
    `channel_ready channelId=${"11".repeat(32)} secondPerCommitmentPoint=${point} shortChannelId=1x10x1`,
  );
  expect(json).toBe(
    `{"type":"channel_ready","channelId":"0x${"11".repeat(32)}","secondPerCommitmentPoint":"0x${point}",` +
      `"shortChannelId":"1099512283137n"}`,
  );
  expect(isSame).toBe(true);
  expect(featureBits(ours)).toEqual([13, 23]);
  expect(featureLines).toEqual([
    "option_static_remotekey (required, 12)",
    "option_anchors (optional, 23)",
    "keysend (optional, 55, blip)",
    "accountable_x (required, 260, lnd)",
  ]);
  expect([anchors, lacking, problem]).toEqual([true, [260], "unknown_required: 260"]);
  expect([failed, numRuns]).toEqual([false, 200]);
  expect(report).toBe("short_read at byte 44 in query_channel_range.queryOption");
});
