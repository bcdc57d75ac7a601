import type { Reporter, TestModule } from "vitest/node";

const withGo = "interop:go";

/**
 * Prints how many tests passed per project and the closing line. A run without tests fails, and so
 * does one that left out what is required: Chromium, or Go.
 */
export class ProjectSummary implements Reporter {
  readonly #packages: readonly string[];
  readonly #notes: readonly string[];

  /**
   * `packages` have a project of their name and one for Chromium. `notes` are printed before the
   * closing line, so that nobody misses them.
   */
  constructor(packages: readonly string[], notes: readonly string[]) {
    this.#packages = packages;
    this.#notes = notes;
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const passedBy = new Map<string, number>();
    let failed = errors.length; // rejections that nobody handled, a browser that did not start
    let skipped = 0;
    for (const module of modules) {
      const project = module.project.name.replace(/ \(chromium\)$/, "");
      passedBy.set(project, passedBy.get(project) ?? 0);
      failed += module.errors().length; // did not load: none of its tests could fail
      for (const suite of module.children.allSuites()) failed += suite.errors().length; // its hooks
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "failed") failed++;
        else if (state === "passed") passedBy.set(project, (passedBy.get(project) ?? 0) + 1);
        else skipped++;
      }
    }
    const passed = [...passedBy.values()].reduce((sum, n) => sum + n, 0);
    const lines = [...passedBy].map(([project, n]) => `${project} ${n}`).join(", ");
    console.log(`\nPassed by project: ${lines || "no test ran"}`);
    for (const note of this.#notes) console.log(note);
    if (process.env["REQUIRE_CHROMIUM"]) {
      // Every package has tests that run in both.
      const missing = this.#packages.filter(
        (name) => passedBy.has(name) && !passedBy.get(`${name}:chromium`),
      );
      if (missing.length > 0) {
        console.log(`No test passed in Chromium, where it is required, of: ${missing.join(", ")}`);
        process.exitCode = 1;
      }
    }
    const isWhole = this.#packages.every((name) => passedBy.has(name));
    const needsGo = isWhole || passedBy.has(withGo);
    if (process.env["REQUIRE_GO"] && needsGo && !passedBy.get(withGo)) {
      console.log(`No test of ${withGo} passed, where Go is required`);
      process.exitCode = 1;
    }
    if (passed + failed === 0) process.exitCode = 1;
    console.log(
      `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
