import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { beats } from "./examples/actor-probe.ts";
import { seen } from "./examples/bitcoin-node.ts";
import { states } from "./examples/checks.ts";
import { told } from "./examples/faulty-stream.ts";
import { received } from "./examples/loopback-node.ts";
import { answer, outcome } from "./examples/mock-connection.ts";
import { replayed } from "./examples/script.ts";
import { lines } from "./examples/simulation.ts";
import { log } from "./examples/virtual-clock.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const names = readdirSync(new URL("examples", import.meta.url));

test("there are as many examples as there should be", () => {
  expect(names).toHaveLength(11);
});

test.each(names)("the README shows examples/%s as it is compiled and run here", (name) => {
  const example = readFileSync(new URL(`examples/${name}`, import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test("the README shows the whole test of the examples' folder", () => {
  const path = new URL("../../../examples/testing/ten-lines.ts", import.meta.url);
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(path, "utf8")}\`\`\``);
});

test("the examples do what they say", () => {
  expect(answer).toMatchObject({ type: "error" });
  expect(outcome).toBe("send_queue_full");
  expect(received).toEqual(["init", "reply_channel_range"]);
  expect(seen).toEqual({ headers: 120, height: 122, waiting: 1 });
  expect(lines).toEqual([
    'simulation "gossip after a cut": seeds 1 to 5 passed, trace 1a16ddf591d31434',
  ]);
  expect(told).toEqual(["h", "e", "l", "l", "o", "reset"]);
  expect(replayed).toEqual({ sent: 3, received: 2 });
  expect(log).toEqual(["tried after 1 s", "tried after 2 s", "tried after 4 s"]);
  expect(beats).toBe(4);
  expect(states.at(-1)).toBe("disconnected");
});
