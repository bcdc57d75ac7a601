// The examples of actors, started as a reader starts them: each says at its end what it prints.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = new URL("../examples/actors/", import.meta.url);
const names = readdirSync(folder);

test("there are the five examples", () => {
  expect(names.toSorted()).toEqual([
    "ask.ts",
    "backpressure.ts",
    "basic.ts",
    "router.ts",
    "supervision.ts",
  ]);
});

test.each(names)("%s prints what it says, and ends by itself", async (name) => {
  const file = fileURLToPath(new URL(name, folder));
  const [, promised = ""] = readFileSync(file, "utf8").split("\n// Prints:\n");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toBe(promised.replaceAll(/^\/\/ /gm, ""));
  expect(stdout).not.toBe("");
  expect(stderr).toBe("");
});
