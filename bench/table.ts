import type { Measured } from "./side-by-side.ts";

/** A ratio to reach: how many times as long the other must take. */
export interface Goal {
  readonly rival: string;
  readonly ratio: number;
}

/** What was measured, as Markdown tables. */
export class Table {
  readonly #rivals: readonly string[] | undefined;
  readonly #rows = new Map<string, string[]>();

  /**
   * Without `rivals`, there is one table for each set of names. With them, there is one for all, with a dash where
   * a test leaves one out, and a column for goals.
   */
  constructor(rivals?: readonly string[]) {
    this.#rivals = rivals;
  }

  /** The first rival's time; of the others, their time divided by the first's, with quartiles. */
  add(label: string, measured: readonly Measured[], goal?: Goal): void {
    const names = this.#rivals ?? measured.map(({ name }) => name);
    const cells = names.map((name, i) => {
      const found = measured.find((one) => one.name === name);
      if (found === undefined) return "-";
      if (i === 0) return microseconds(found.nanoseconds);
      return `**${digits(found.ratio)}** (${digits(found.low)}-${digits(found.high)})`;
    });
    const goals = this.#rivals === undefined ? [] : ["goal"];
    const head = ["", ...names, ...goals];
    const rows = this.#rows.get(row(head)) ?? [row(head.map(() => "---"))];
    rows.push(row([label, ...cells, ...goals.map(() => verdict(measured, goal))]));
    this.#rows.set(row(head), rows);
  }

  print(): void {
    const tables = [...this.#rows].map(([head, rows]) => [head, ...rows].join("\n"));
    console.log(tables.join("\n\n"));
  }
}

/** Rows of cells as a Markdown table. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(row).join("\n");
}

/** Whether something was reached. A bench says so and does not fail: times are not for asserting. */
export function reached(yes: boolean): string {
  return yes ? "reached" : "**not reached**";
}

function verdict(measured: readonly Measured[], goal: Goal | undefined): string {
  if (goal === undefined) return "";
  const rival = measured.find(({ name }) => name === goal.rival);
  return `${goal.ratio} × ${goal.rival}: ${reached((rival?.ratio ?? 0) >= goal.ratio)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function digits(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 3 : ratio < 10 ? 2 : 0);
}

function microseconds(nanoseconds: number): string {
  const value = nanoseconds / 1000;
  return `${value < 100 ? value.toPrecision(2) : value.toFixed(0)} µs`;
}
