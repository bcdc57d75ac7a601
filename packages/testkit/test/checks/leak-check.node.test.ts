// What only Node tells: what keeps a process alive.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("timers, servers and sockets of a process leak until they are over", async () => {
  const file = fileURLToPath(new URL("../support/leaking-process.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  const resource = "- a resource of the process:";
  expect(JSON.parse(stdout)).toEqual({
    "a timer": `1 leak:\n${resource} Timeout`,
    "a timer, ignored 0": "clean",
    "a timer, ignored 1": "clean",
    "a timer, set before": "clean",
    "a timer, cleared": "clean",
    "a timer in the place of one before": "clean",
    "a server": `1 leak:\n${resource} TCPServerWrap`,
    "a server and two sockets": [
      "3 leaks:",
      `${resource} TCPServerWrap`,
      `${resource} TCPSocketWrap`,
      `${resource} TCPSocketWrap`,
    ].join("\n"),
  });
}, 60_000);
