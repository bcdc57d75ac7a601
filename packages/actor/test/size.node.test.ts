import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { build } from "vite";

// What a program pays for what it imports: bundled, shaken and minified as an application's build does it.

const entry = "virtual:program";
const sources = fileURLToPath(new URL("../src/index.ts", import.meta.url));

interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

async function bundle(program: string, isTrusted = true): Promise<Bundle> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { alias: { "@satwire/actor": sources } },
    plugins: [
      {
        name: "program",
        resolveId: (id: string) => (id === entry ? id : undefined),
        load: (id: string) => (id === entry ? program : undefined),
        // What a bundler does that does not know of `sideEffects`.
        transform: (code: string) => (isTrusted ? undefined : { code, moduleSideEffects: true }),
      },
    ],
    build: {
      write: false,
      target: "es2022",
      minify: true,
      modulePreload: false,
      // Not `lib`, which keeps the whitespace of ES modules.
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict" },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !("output" in result)) throw new Error("nothing was built");
  const code = result.output.map((file) => (file.type === "chunk" ? file.code : "")).join("");
  return { code, gzipBytes: gzipSync(code, { level: 9 }).length };
}

/** Exports under the names of the functions, so that nothing can be left out as unused. */
const exporting = (names: string): string => `export { ${names} } from "@satwire/actor";`;

test("a system with service keys is under 10 kB", async ({ annotate }) => {
  const { code, gzipBytes } = await bundle(exporting("ActorSystem, serviceKey"));
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
  const { code, gzipBytes } = await bundle(exporting(name));
  expect(gzipBytes, `${name}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
  expect(code).not.toMatch(/actor_terminated|duplicate_actor_id|setImmediate|MessageChannel/);
});

test("no module does anything at its import, even for who does not take the package's word for it", async () => {
  const { code } = await bundle('import "@satwire/actor"; export const answer = 42;', false);
  // A look at a global is all: natives are taken before a test runner's fake timers come.
  expect(code).toMatch(/^(globalThis\.\w+[,;])*var \w+=42;export\{\w+ as answer\};$/);
});
