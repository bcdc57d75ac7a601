// What a person sees of a run.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Extreme, Failure, Summary } from "./session.ts";

/** Longer inputs go to a file: a shell takes about 128 kB, a reader less. */
const shownBytes = 2000;
const folder = "node_modules/.cache/fuzz";

export function printSummary(summary: Summary): void {
  const { kinds, slowestMs, heldBytes, allocatedBytes, keptBytes, replayed } = summary;
  const isReplay = replayed !== undefined;
  if (isReplay) console.log(replayed);
  else printKinds(kinds);
  console.log(`slowest     ${slowestMs.value.toFixed(0)} ms of processor time${where(slowestMs)}`);
  console.log(`held        ${mebibytes(heldBytes.value)} by one result${where(heldBytes)}`);
  console.log(`allocated   ${mebibytes(allocatedBytes.value)} by one call${where(allocatedBytes)}`);
  if (isReplay) return;
  console.log(`heap        grew by ${mebibytes(Math.max(0, keptBytes))} over the run`);
  console.log(`corpus      ${summary.inputsKept} inputs of ${summary.outcomes} outcomes`);
}

function printKinds(kinds: Summary["kinds"]): void {
  const rows = Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1));
  const sum = (field: "cases" | "accepted" | "refused"): number =>
    rows.reduce((total, [, figures]) => total + figures[field], 0);
  const total = { cases: sum("cases"), accepted: sum("accepted"), refused: sum("refused") };
  const width = Math.max(...rows.map(([kind]) => kind.length), 5);
  console.log(row("", "cases", "accepted", "refused", width));
  for (const [kind, { cases, accepted, refused }] of [...rows, ["total", total] as const]) {
    console.log(row(kind, String(cases), String(accepted), String(refused), width));
  }
}

/** A failure with its input and the commands that show it again; a replay has them already. */
export function printFailure(
  failure: Failure,
  { name, seed, isReplay }: { name: string; seed: number; isReplay: boolean },
): void {
  const { what, detail, kind, runs, input } = failure;
  const hex = Buffer.from(input).toString("hex");
  const command = `corepack pnpm fuzz ${name}`;
  console.log(`\nFAILURE  ${what}`);
  if (!isReplay) {
    console.log(`kind     ${kind}, after ${runs} random cases of seed ${seed}`);
    if (input.length > 0) {
      const isShort = input.length <= shownBytes;
      const shown = isShort ? hex : `${hex.slice(0, 128)}… in the file below`;
      console.log(`input    ${shown} (${input.length} bytes)`);
      console.log(`replay   FUZZ_INPUT=${isShort ? hex : saved(name, hex)} ${command}`);
    }
    console.log(`or       FUZZ_SEED=${seed} FUZZ_RUNS=${runs} ${command}`);
  }
  if (detail !== "") console.log(detail);
}

function saved(name: string, hex: string): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}-${createHash("sha256").update(hex).digest("hex").slice(0, 12)}.hex`;
  writeFileSync(path, `${hex}\n`);
  return path;
}

function row(
  kind: string,
  cases: string,
  accepted: string,
  refused: string,
  width: number,
): string {
  const cells = [cases, accepted, refused].map((cell) => cell.padStart(10));
  return `${kind.padEnd(width)}${cells.join("")}`;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const where = (extreme: Extreme): string => (extreme.where === "" ? "" : ` (${extreme.where})`);
