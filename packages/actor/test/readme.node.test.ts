import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { outcome, timersLeft } from "./examples/fixed-time.ts";
import { seen } from "./examples/readme.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test.each(["readme.ts", "fixed-time.ts"])(
  "the README shows examples/%s as it is compiled and run here",
  (name) => {
    const example = readFileSync(new URL(`examples/${name}`, import.meta.url), "utf8");
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  },
);

test("the examples do what they say", async () => {
  expect(seen).toEqual(["one", "two", "three", "four"]);
  expect([await outcome, timersLeft]).toEqual(["no longer needed", 0]);
});
