import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { outcome, timersLeft } from "./examples/fixed-time.ts";
import { seen } from "./examples/queue.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

// The first is run in interop, with the other examples of actors.
test.each(["../../../examples/actors/basic.ts", "examples/queue.ts", "examples/fixed-time.ts"])(
  "the README shows %s as it is compiled and run",
  (path) => {
    const example = readFileSync(new URL(path, import.meta.url), "utf8");
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  },
);

test("the examples do what they say", async () => {
  expect(seen).toEqual(["one", "two", "three", "four"]);
  expect([await outcome, timersLeft]).toEqual(["no longer needed", 0]);
});
