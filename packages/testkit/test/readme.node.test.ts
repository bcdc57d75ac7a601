import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { received } from "./examples/loopback-node.ts";
import { log } from "./examples/virtual-clock.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test.each(["loopback-node.ts", "virtual-clock.ts"])(
  "the README shows examples/%s as it is compiled and run here",
  (name) => {
    const example = readFileSync(new URL(`examples/${name}`, import.meta.url), "utf8");
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  },
);

test("the examples do what they say", () => {
  expect(received).toEqual(["init", "reply_channel_range"]);
  expect(log).toEqual(["tried after 1 s", "tried after 2 s", "tried after 4 s"]);
});
