// Starts the child and says what became of it, also when it cannot.
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Report } from "./child.ts";
import { type JournalEntry, JournalReader } from "./journal.ts";
import type { Failure, SessionSettings, Summary } from "./session.ts";

/**
 * Processor time within which a case must end: several calls, of which the target limits the longest one
 * more strictly. Other processes do not count.
 */
const hangMs = 10_000;
/** Where that cannot be known, or none is used, and for all that happens between two cases. */
const waitMs = 90_000;
/** MiB that the child's heap may have: far above what a case may use, far below what a machine has. */
const heapMiB = 512;

/** What a child reported, or what it died of. */
export interface Watched {
  /** Absent if it did not come to its end. */
  readonly summary?: Summary;
  readonly failures: readonly Failure[];
}

export async function watchChild(
  settings: Omit<SessionSettings, "journal" | "input">,
  input: Uint8Array | undefined,
): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), "satwire-fuzz-"));
  try {
    const journal = join(folder, "journal");
    writeFileSync(journal, "");
    const path = input === undefined ? undefined : join(folder, "input");
    if (path !== undefined && input !== undefined) writeFileSync(path, input);
    return await watch({ ...settings, journal, input: path });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watch(settings: SessionSettings): Promise<Watched> {
  const failures: Failure[] = [];
  let summary: Summary | undefined;
  let stderr = "";
  const child = fork(join(import.meta.dirname, "child.ts"), [JSON.stringify(settings)], {
    execArgv: ["--expose-gc", `--max-old-space-size=${heapMiB}`],
    serialization: "advanced",
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  child.on("message", (report: Report) => {
    if ("failure" in report) failures.push(report.failure);
    else summary = report.summary;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-10_000);
  });
  let ended = false;
  const end = new Promise<string>((resolve) => {
    child.once("close", (code, signal) => {
      ended = true;
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  const journal = new JournalReader(settings.journal);
  try {
    const hang = await waitForHang(child.pid, journal, () => ended);
    if (hang !== undefined) child.kill("SIGKILL");
    const how = await end;
    if (summary !== undefined && hang === undefined) return { summary, failures };
    const memory = /out of memory|allocation failed/i.test(stderr);
    const what =
      hang ?? (memory ? `out of memory: more than ${heapMiB} MiB` : `the process ended: ${how}`);
    return { failures: [...failures, died(what, stderr, journal.read())] };
  } finally {
    journal.close();
    child.kill("SIGKILL");
  }
}

/** Resolves when the child has ended, or with a text when it stays where it is for too long. */
async function waitForHang(
  pid: number | undefined,
  journal: JournalReader,
  hasEnded: () => boolean,
): Promise<string | undefined> {
  let last: JournalEntry | undefined;
  let start = performance.now();
  let startCpu = cpuMs(pid);
  while (!hasEnded()) {
    const entry = journal.read();
    if (entry?.index !== last?.index || entry?.running !== last?.running) {
      last = entry;
      start = performance.now();
      startCpu = cpuMs(pid);
    }
    const ms = Math.round(performance.now() - start);
    const cpu = cpuMs(pid) - startCpu;
    if (entry?.running && cpu > hangMs) return `hang: no end after ${cpu} ms of processor time`;
    if (ms > waitMs) return `hang: nothing happened for ${ms} ms`;
    await setTimeout(100);
  }
  return undefined;
}

/** Processor time of a process and its threads; 0 where the system does not say. */
function cpuMs(pid: number | undefined): number {
  try {
    const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const [user, system] = rest.split(" ").slice(11, 13);
    return 10 * (Number(user) + Number(system)); // Linux counts in hundredths of a second
  } catch {
    return 0;
  }
}

function died(what: string, stderr: string, entry: JournalEntry | undefined): Failure {
  const between = entry === undefined ? "before the first case" : "after this case, not in it";
  return {
    what: entry?.running ? what : `${what} (${between})`,
    detail: stderr.trim(),
    kind: entry?.kind ?? "none",
    runs: entry?.runs ?? 0,
    input: entry?.input ?? new Uint8Array(0),
  };
}
