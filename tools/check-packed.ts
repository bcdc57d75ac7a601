// Packs every package as it would be published and uses the tarballs: publint, types for a strict
// consumer, a run on the oldest supported Node, a browser bundle. Optional peers come last.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build } from "vite";

const oldestNode = "20.19.0";
const workspace = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "satwire-packed-"));
// npm complains about the settings that pnpm leaves in the environment of a script.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_config_")),
);
const run = (command: string, args: readonly string[], cwd = folder): void => {
  execFileSync(command, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
};

try {
  run("pnpm", ["build"], workspace);
  const pack = ["-r", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  execFileSync("pnpm", pack, { cwd: workspace, env, stdio: ["ignore", "ignore", "inherit"] });
  const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const packages = readdirSync(join(workspace, "packages"));
  if (tarballs.length !== packages.length) throw new Error(`${tarballs.length} tarballs`);
  for (const tarball of tarballs) await lint(tarball);

  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  install(tarballs.map((name) => `./${name}`));
  check("packed-consumer.ts", "packed-smoke.mjs");
  install(packages.flatMap(peersOf));
  check("packed-testing.ts", "packed-testing.mjs");
  await bundle();
  console.log(
    `packed: ${tarballs.length} packages linted, typed, run on Node ${oldestNode}, bundled`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function lint(name: string): Promise<void> {
  const tarball = readFileSync(join(folder, name));
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  const problems = messages.map((message) => formatMessage(message, pkg ?? {}));
  if (problems.length > 0) throw new Error(`${name}:\n${problems.join("\n")}`);
}

function install(what: readonly string[]): void {
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...what]);
}

/** `name@range` of what a package of the workspace uses if it is there. */
function peersOf(name: string): string[] {
  const manifest = readFileSync(join(workspace, "packages", name, "package.json"), "utf8");
  const { peerDependencies = {} } = JSON.parse(manifest) as {
    peerDependencies?: Record<string, string>;
  };
  return Object.entries(peerDependencies).map(([peer, range]) => `${peer}@${range}`);
}

/** Types for a strict consumer, and a run on the oldest supported Node. */
function check(consumer: string, program: string): void {
  for (const file of [consumer, program]) {
    copyFileSync(join(workspace, "interop", file), join(folder, file));
  }
  checkTypes(consumer);
  const runtime = `${runtimePackage()}@${oldestNode}`;
  run("npx", ["--yes", "--package", runtime, "node", program]);
}

function checkTypes(consumer: string): void {
  const compilerOptions = {
    target: "es2023",
    lib: ["es2023", "dom", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  };
  const config = { compilerOptions, files: [consumer] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(workspace, "node_modules/.bin/tsc");
  run(tsc, ["-p", "."]);
  // Most consumers do not set it, and optional properties mean something else to them.
  run(tsc, ["-p", ".", "--exactOptionalPropertyTypes", "false"]);
}

/** The npm package that carries Node for this machine: one of the root's optional dependencies. */
function runtimePackage(): string {
  const manifest = readFileSync(join(workspace, "package.json"), "utf8");
  const { optionalDependencies } = JSON.parse(manifest) as {
    optionalDependencies: Record<string, string>;
  };
  const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const found = Object.keys(optionalDependencies).find((name) => name.endsWith(system));
  if (found === undefined) throw new Error(`no Node package for ${system}`);
  return found;
}

/** Everything that lnp2p and btcwire export, for a browser: nothing of Node may be left in it. */
async function bundle(): Promise<void> {
  const modules = ["lnp2p", "btcwire", "btcwire/opt-in", "btcwire/bitcoinjs", "btcwire/testing"];
  const entry = modules.map((name, i) => `export * as part${i} from "@satwire/${name}";\n`);
  writeFileSync(join(folder, "entry.js"), entry.join(""));
  const result = await build({
    root: folder,
    logLevel: "error",
    configFile: false,
    build: { write: false, lib: { entry: "entry.js", formats: ["es"] } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("nothing was bundled");
  const code = output.output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
  if (/node:|require\(/.test(code)) throw new Error("the browser bundle uses modules of Node");
  console.log(
    `browser bundle of lnp2p and btcwire: ${Math.round(code.length / 1024)} kB before compression`,
  );
}
