import type { Measured } from "./side-by-side.ts";

/** What was measured, as a Markdown table: one for each set of names, one row for each test. */
export class Table {
  readonly #rows = new Map<string, string[]>();

  /** The first rival's time; of the others, their time divided by the first's, with quartiles. */
  add(label: string, measured: readonly Measured[]): void {
    const head = row(["", ...measured.map(({ name }) => name)]);
    const [first, ...others] = measured;
    const ratios = others.map(
      ({ ratio, low, high }) => `**${digits(ratio)}** (${digits(low)}-${digits(high)})`,
    );
    const rows = this.#rows.get(head) ?? [row(["", ...measured].map(() => "---"))];
    rows.push(row([label, microseconds(first?.nanoseconds ?? Number.NaN), ...ratios]));
    this.#rows.set(head, rows);
  }

  print(): void {
    const tables = [...this.#rows].map(([head, rows]) => [head, ...rows].join("\n"));
    console.log(tables.join("\n\n"));
  }
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
