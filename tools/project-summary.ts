import type { Reporter, TestModule } from "vitest/node";

/** Prints how many tests ran per project and the closing line; a run without tests fails. */
export class ProjectSummary implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const passedBy = new Map<string, number>();
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      const project = module.project.name;
      passedBy.set(project, passedBy.get(project) ?? 0);
      if (module.errors().length > 0) failed++; // did not load: none of its tests could fail
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "failed") failed++;
        else if (state === "passed") passedBy.set(project, (passedBy.get(project) ?? 0) + 1);
        else skipped++;
      }
    }
    const passed = [...passedBy.values()].reduce((sum, n) => sum + n, 0);
    const lines = [...passedBy].map(([project, n]) => `${project} ${n}`).join(", ");
    if (passed + failed === 0) process.exitCode = 1;
    console.log(`\nPassed by project: ${lines || "no test ran"}`);
    console.log(
      `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
