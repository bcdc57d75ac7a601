/** What was found and built before the tests began. */
import { inject } from "vitest";
import type { GoPrograms } from "./go-programs.ts";

/** Go, and what was built with it. */
interface ProvidedGo {
  /** E.g. "go1.26.8 linux/amd64". */
  readonly version: string;
  readonly lnd: string;
  readonly btcd: string;
  readonly programs: GoPrograms;
}

declare module "vitest" {
  interface ProvidedContext {
    /** `null` without Go. */
    go: ProvidedGo | null;
  }
}

/** Whether the programs are there; tests are skipped if not. */
export const hasGo: boolean = inject("go") !== null;

/** @throws without Go */
function provided(): ProvidedGo {
  const go = inject("go");
  if (go === null) throw new Error("go not found");
  return go;
}

/** Paths of programs: "lnd/lnd", "lnd/codec", "btcd/btcd". */
export function goPrograms(): GoPrograms {
  return provided().programs;
}

/** What a test spoke to, e.g. "lnd v0.21.0-beta, go1.26.8 linux/amd64". */
export function versionOf(module: "lnd" | "btcd"): string {
  return `${module} ${provided()[module]}, ${provided().version}`;
}
