/**
 * Programs in Go: the daemons that `go/lnd` and `go/btcd` pin, and small ones of ours beside them.
 * They are built once and kept outside the repository, in a folder named after what they are made of.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../go/", import.meta.url));

/** `-trimpath` makes builds of two checkouts the same. */
const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w"];

// Neither optimizing nor debug information: lnd is built in four minutes instead of seven. What its
// transport is made of is measured, and optimized. `lowscrypt` is lnd's tag for tests: the keys of its
// wallet take no seconds to derive.
const forLnd = [
  "-tags=lowscrypt",
  "-gcflags=all=-dwarf=false -N -l",
  ...[
    "std",
    "golang.org/x/...",
    "github.com/decred/...",
    "github.com/btcsuite/btcd/btcec/...",
    "github.com/lightningnetwork/lnd/brontide",
    "github.com/lightningnetwork/lnd/keychain",
    "pgregory.net/rapid",
    "satwire/...",
  ].map((packages) => `-gcflags=${packages}=-dwarf=false`),
];

/** Go's compiler collects its garbage less often than it would. */
const environment = { ...process.env, GOGC: "400" };

interface Build {
  /** Folder under `go/`. */
  readonly module: "lnd" | "btcd" | "common";
  readonly packages: readonly string[];
}

const builds: readonly Build[] = [
  { module: "common", packages: ["./leash"] },
  { module: "btcd", packages: ["github.com/btcsuite/btcd"] },
  { module: "btcd", packages: ["./codec", "./v2transport"] },
  { module: "lnd", packages: ["./codec", "./brontide"] },
  {
    module: "lnd",
    packages: [
      "github.com/lightningnetwork/lnd/cmd/lnd",
      "github.com/lightningnetwork/lnd/cmd/lncli",
    ],
  },
];

/** Paths of programs, by the module and the package that they come from: "lnd/codec", "btcd/btcd". */
export type GoPrograms = Readonly<Record<string, string>>;

/** What `go version` says, e.g. "go1.26.8 linux/amd64"; `undefined` without Go. */
export async function findGo(): Promise<string | undefined> {
  try {
    const { stdout } = await run("go", ["version"], { cwd: join(modules, "common") });
    return stdout.trim().replace(/^go version /, "");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The version that a module's `go.mod` pins, e.g. "v0.21.0-beta". */
export async function pinnedVersion(module: "lnd" | "btcd"): Promise<string> {
  const text = await readFile(join(modules, module, "go.mod"), "utf8");
  const [, version] = new RegExp(`/${module} (v\\S+)`).exec(text) ?? [];
  if (version === undefined) throw new Error(`go.mod of ${module} pins no version`);
  return version;
}

/**
 * Builds what is not there yet. `SATWIRE_CACHE` names another folder to keep programs in.
 *
 * @throws what the compiler printed
 */
export async function buildGoPrograms(
  go: string,
  log: (line: string) => void,
): Promise<GoPrograms> {
  const cache =
    process.env["SATWIRE_CACHE"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "satwire");
  await mkdir(cache, { recursive: true });
  const programs: Record<string, string> = {};
  for (const build of builds) {
    const folder = join(cache, await nameOf(build, go));
    if (!existsSync(folder)) await make(build, folder, log);
    for (const file of await readdir(folder)) {
      programs[`${build.module}/${basename(file, ".exe")}`] = join(folder, file);
    }
  }
  return programs;
}

function flagsOf({ module }: Build): readonly string[] {
  return module === "lnd" ? [...flags, ...forLnd] : flags;
}

/** A name that changes with everything that a program is made of. */
async function nameOf(build: Build, go: string): Promise<string> {
  const { module, packages } = build;
  const isOurs = packages.every((name) => name.startsWith("."));
  // A released package does not change with our sources.
  const isPart = isOurs ? /\.go$|^go\.(mod|sum)$/ : /^go\.(mod|sum)$/;
  const hash = createHash("sha256").update([go, ...flagsOf(build), ...packages].join("\n"));
  for (const root of [join(modules, "common"), join(modules, module)]) {
    const files = await readdir(root, { recursive: true });
    for (const file of files.filter((name) => isPart.test(name)).sort()) {
      hash.update(`\n${file}\n`).update(await readFile(join(root, file)));
    }
  }
  const version = module === "common" ? "" : `-${await pinnedVersion(module)}`;
  return `${module}${version}${isOurs ? "-programs" : ""}-${hash.digest("hex").slice(0, 16)}`;
}

/** Whatever ends the build, a folder of the final name is complete. */
async function make(build: Build, folder: string, log: (line: string) => void): Promise<void> {
  log(`building ${basename(folder)}, once`);
  const start = performance.now();
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await run("go", ["build", ...flagsOf(build), "-o", `${unfinished}/`, ...build.packages], {
      cwd: join(modules, build.module),
      env: environment,
    });
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another run was faster
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  log(`built ${basename(folder)} in ${Math.round((performance.now() - start) / 1000)} s`);
}
