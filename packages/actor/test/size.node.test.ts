import { expect, test } from "vitest";
import { bundle } from "../../../tools/bundle.ts";

/** Exports under the names of the functions, so that nothing can be left out as unused. */
const exporting = (names: string): string => `export { ${names} } from "@satwire/actor";`;

test("a system with service keys is under 10 kB", async ({ annotate }) => {
  const { code, gzipBytes } = await bundle("actor", exporting("ActorSystem, serviceKey"));
  const text = `{ ActorSystem, serviceKey }: ${gzipBytes} bytes gzip, ${code.length} minified`;
  await annotate(text, "size");
  expect(gzipBytes, text).toBeLessThan(10_000);
  // A bundle that lost what it is about would be small too.
  expect(code).toContain("actor_terminated");
  expect(code).toContain("service_key_mismatch");
});

test.each([
  ["systemClock", 400],
  ["sleep", 400],
  ["Backoff", 1000],
  ["BoundedQueue", 1500],
  ["Deferred", 1000],
])("%s brings nothing of the actors", async (name, limit) => {
  const { code, gzipBytes } = await bundle("actor", exporting(name));
  expect(gzipBytes, `${name}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
  expect(code).not.toMatch(/actor_terminated|duplicate_actor_id|setImmediate|MessageChannel/);
});

test("no module does anything at its import, even for who does not take the package's word for it", async () => {
  const { code } = await bundle("actor", 'import "@satwire/actor"; export const answer = 42;', {
    isTrusted: false,
  });
  // A look at a global is all: natives are taken before a test runner's fake timers come.
  expect(code).toMatch(/^(globalThis\.\w+[,;])*var \w+=42;export\{\w+ as answer\};$/);
});
