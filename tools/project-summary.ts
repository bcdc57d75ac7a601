import type { Reporter, TestModule } from "vitest/node";

/**
 * Prints how many tests passed per project and the closing line. A run without tests fails, and so
 * does one without tests in Chromium where they are required.
 */
export class ProjectSummary implements Reporter {
  readonly #notes: readonly string[];

  /** `notes` are printed before the closing line, so that nobody misses them. */
  constructor(notes: readonly string[]) {
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
    const inChromium = [...passedBy].some(([project, n]) => project.endsWith(":chromium") && n > 0);
    if (process.env["REQUIRE_CHROMIUM"] && !inChromium) {
      console.log("No test ran in Chromium, where tests are required to run.");
      process.exitCode = 1;
    }
    if (passed + failed === 0) process.exitCode = 1;
    console.log(
      `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
