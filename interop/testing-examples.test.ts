// The examples of tests, started as a reader starts them: with Node's own runner.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = new URL("../examples/testing/", import.meta.url);

test.each(readdirSync(folder))("%s passes under node:test", async (name) => {
  // Without what this runner tells its own processes.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ["--test", "--test-reporter=tap", fileURLToPath(new URL(name, folder))];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toMatch(/^# pass 1$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
