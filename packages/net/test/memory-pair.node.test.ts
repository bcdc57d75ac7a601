import { expect, test } from "vitest";
import { memoryPair } from "../src/index.ts";
import { record } from "./recorder.ts";

const openPorts = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;

test("a pair that was busy for long leaves nothing that keeps the process alive", async () => {
  const before = openPorts();
  const [a, b] = memoryPair({ chunkBytes: 1 });
  let during = before;
  const atB = record(b, {
    data: () => {
      during = Math.max(during, openPorts());
    },
  });
  const atA = record(a);
  a.write(new Uint8Array(2000));
  for (let turn = 0; turn < 300; turn += 1) await Promise.resolve();
  during = Math.max(during, openPorts());
  await atB.until(() => atB.received === 2000);
  b.destroy();
  await Promise.all([atA.closed(), atB.closed()]);
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(during).toBeGreaterThan(before);
  expect(openPorts()).toBe(before);
});
