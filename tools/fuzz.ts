// Gives a package bytes that nobody would send, watches what becomes of it, and says how to see a failure
// again. CONTRIBUTING.md, "Fuzz", has the environment variables.
//
//   pnpm fuzz lnwire
import { randomInt } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { printFailure, printSummary } from "./fuzz/print.ts";
import { watchChild } from "./fuzz/watch.ts";

const workspace = resolve(import.meta.dirname, "..");
const defaultMs = 20_000;

class UsageError extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main([name, ...more]: readonly string[]): Promise<number> {
  const files = globSync("packages/*/fuzz/*.fuzz.ts", { cwd: workspace }).sort();
  const known = [...new Set(files.map((file) => file.split(/[\\/]/)[1]))].join(", ");
  if (name === undefined || more.length > 0) {
    throw new UsageError(`usage: pnpm fuzz <package>, one of: ${known}`);
  }
  const targets = files.filter((file) => file.split(/[\\/]/)[1] === name);
  if (targets.length === 0) {
    throw new UsageError(`"${name}" has nothing to fuzz; packages that do: ${known}`);
  }
  const seed = number("FUZZ_SEED", 0xffff_ffff) ?? randomInt(2 ** 32);
  const runs = number("FUZZ_RUNS", 0xffff_ffff);
  const ms = number("FUZZ_MS", 2 ** 31) ?? (runs === undefined ? defaultMs : undefined);
  const input = givenInput(process.env["FUZZ_INPUT"]);
  let failures = 0;
  for (const file of targets) {
    const budget = [
      ...(runs === undefined ? [] : [`${runs} cases`]),
      ...(ms === undefined ? [] : [`${ms / 1000} s`]),
    ].join(", ");
    console.log(
      `fuzz ${file}: ${input === undefined ? `seed ${seed}, ${budget}` : `${input.length} bytes`}`,
    );
    const settings = { target: resolve(workspace, file), seed, ms, runs };
    const { summary, failures: found } = await watchChild(settings, input);
    if (summary !== undefined) printSummary(summary);
    const isReplay = input !== undefined;
    for (const failure of found) printFailure(failure, { name, seed, isReplay });
    failures += found.length;
  }
  console.log(`fuzz ${name}: ${failures === 0 ? "no failure" : `FAILED, ${failures} times`}`);
  return failures === 0 ? 0 : 1;
}

function number(variable: string, max: number): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/.test(text) || Number(text) > max) {
    throw new UsageError(`${variable}=${text} is no number from 0 to ${max}`);
  }
  return Number(text);
}

/** Bytes of hex text, or of a file with such text. */
function givenInput(given: string | undefined): Uint8Array | undefined {
  if (given === undefined || given === "") return undefined;
  const isHex = (text: string): boolean => /^([0-9a-f]{2})+$/i.test(text);
  if (isHex(given)) return Buffer.from(given, "hex");
  let text: string;
  try {
    text = readFileSync(resolve(workspace, given), "utf8").trim();
  } catch {
    throw new UsageError(`FUZZ_INPUT=${given} is neither hex nor a file`);
  }
  if (!isHex(text)) throw new UsageError(`${given} holds no hex`);
  return Buffer.from(text, "hex");
}
