import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { received } from "./examples/readme.ts";

test("the example of the README is the file that is compiled and run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = readFileSync(new URL("examples/readme.ts", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(received).toEqual([Uint8Array.of(0, 18, 0, 4, 0, 0)]);
});
