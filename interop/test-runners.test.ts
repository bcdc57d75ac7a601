// The same tests under vitest, node:test and jest, each in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("test-runners", import.meta.url));
const binOf = (name: string, path: string): string =>
  fileURLToPath(new URL(path, import.meta.resolve(`${name}/package.json`)));

/** What a process printed, without colours, and its exit code. */
async function run(args: readonly string[]): Promise<{ output: string; code: number | null }> {
  // What this vitest tells its own processes is not for another one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|JEST|NODE_OPTIONS|NODE_TEST)/.test(name),
    ),
  );
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...env, NODE_ENV: "test", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { output, code };
}

/** How many tests pass: 1 fails on purpose. */
const passing = 59;

test.each([
  {
    runner: "vitest",
    args: [binOf("vitest", "vitest.mjs"), "run"],
    counts: [/Tests +1 failed \| (\d+) passed \((\d+)\)/],
    failure:
      /fails on purpose\nAssertionError: the message that was sent\n\nExpected: "the expected one"\nReceived: "pong"/,
  },
  {
    runner: "node:test",
    args: ["--test", "--test-reporter=tap", "smoke.node.ts"],
    counts: [/^# pass (\d+)$/m, /^# tests (\d+)$/m, /^# fail (1)$/m],
    failure:
      /not ok \d+ - fails on purpose\n[^]*?error: 'the message that was sent'[^]*?expected: 'the expected one'\n +actual: 'pong'\n/,
  },
  {
    runner: "jest",
    args: ["--experimental-vm-modules", binOf("jest", "bin/jest.js")],
    counts: [/^Tests: +1 failed, (\d+) passed, (\d+) total$/m],
    failure:
      /fails on purpose\n[^]*?Expected value to deeply and strictly equal to:\n +"the expected one"\n +Received:\n +"pong"\n\n +Message:\n +the message that was sent\n/,
  },
])("$runner runs them, and shows what failed", { timeout: 90_000 }, async ({ args, ...sees }) => {
  const { output, code } = await run(args);
  const counts = sees.counts.flatMap((pattern) => pattern.exec(output)?.slice(1) ?? output);
  expect(counts.map(Number).slice(0, 2)).toEqual([passing, passing + 1]);
  expect(output).toMatch(sees.failure);
  expect(code).toBe(1);
});
