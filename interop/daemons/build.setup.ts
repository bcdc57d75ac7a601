/** Runs once, before the tests that need Go: builds what they need. */
import type { TestProject } from "vitest/node";
import { buildGoPrograms, findGo, pinnedVersion } from "./go-programs.ts";

export default async function setup({ provide }: TestProject): Promise<void> {
  const version = await findGo();
  if (version === undefined) {
    if (process.env["REQUIRE_GO"]) throw new Error("go not found");
    provide("go", null);
    return;
  }
  const [lnd, btcd] = await Promise.all([pinnedVersion("lnd"), pinnedVersion("btcd")]);
  const programs = await buildGoPrograms(version, (line) => console.log(`interop: ${line}`));
  provide("go", { version, lnd, btcd, programs });
}
