import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import "./tools/check-runtime.cjs";
import { ProjectSummary } from "./tools/project-summary.ts";

const packages = readdirSync(new URL("packages", import.meta.url));

// `CHROMIUM` names another binary; CI sets `REQUIRE_CHROMIUM` so that a missing browser is a failure.
const chromium = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path));
const notes: string[] = [];
if (chromium === undefined) {
  const text = "Chromium was not found: portable packages were tested in Node only (set CHROMIUM).";
  if (process.env["REQUIRE_CHROMIUM"]) throw new Error(text);
  notes.push(text);
}

// Go builds lnd and btcd; what builds them fails without it where CI sets `REQUIRE_GO`.
if (spawnSync("go", ["version"]).status !== 0) {
  notes.push("skipped: go not found (lnd and btcd were not spoken to)");
}
const withGo = ["lnd*.test.ts", "btcd*.test.ts"];
const daemon = (file: string): string =>
  fileURLToPath(new URL(`interop/daemons/${file}`, import.meta.url));

const inNode = (name: string): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    root: `packages/${name}`,
    include: ["test/**/*.test.ts"],
    benchmark: { enabled: process.argv.includes("bench"), include: ["bench/**/*.bench.ts"] },
  },
});

const inChromium = (name: string): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name: `${name}:chromium`,
    root: `packages/${name}`,
    include: ["test/**/*.test.ts"],
    exclude: ["**/*.node.test.ts"], // these open sockets or read files
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: "chromium" }],
      provider: playwright({
        launchOptions: {
          executablePath: chromium ?? "",
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      }),
    },
  },
});

export default defineConfig({
  test: {
    reporters: ["default", new ProjectSummary(packages, notes)],
    projects: [
      ...packages.map(inNode),
      {
        extends: true,
        test: {
          name: "interop",
          root: "interop",
          include: ["*.test.ts"],
          exclude: withGo,
          testTimeout: 20_000, // other processes are started, which takes long on a busy machine
        },
      },
      {
        extends: true,
        test: {
          name: "interop:go",
          root: "interop",
          include: withGo,
          globalSetup: daemon("build.setup.ts"),
          setupFiles: daemon("folders.setup.ts"),
          // Much of it waits for daemons: more files at once than cores, behind all other projects.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "bench",
          root: "bench",
          include: [],
          // Its getters around imports would slow our sources down and not the installed packages.
          experimental: { viteModuleRunner: false },
          benchmark: { enabled: process.argv.includes("bench"), include: ["*.bench.ts"] },
        },
      },
      ...(chromium === undefined ? [] : packages.map(inChromium)),
    ],
  },
});
