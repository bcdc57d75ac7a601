// What a program pays for what it imports: bundled, shaken and minified as an application's build does it.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const entry = "virtual:program";

/** A minified program. */
export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

/** How a program is bundled. */
export interface BundleOptions {
  /** Whether the bundler believes `sideEffects: false`. @default true */
  readonly isTrusted?: boolean | undefined;
}

/** Bundles a program that imports `@satwire/<name>` from its sources. */
export async function bundle(
  name: string,
  program: string,
  { isTrusted = true }: BundleOptions = {},
): Promise<Bundle> {
  const source = (of: string): string =>
    fileURLToPath(new URL(`../packages/${of}/src/index.ts`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { alias: { [`@satwire/${name}`]: source(name), "@satwire/codec": source("codec") } },
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
