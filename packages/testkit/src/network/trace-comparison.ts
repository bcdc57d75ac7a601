// Where two runs of one simulation part.
import { AssertionError } from "../assertion-error.ts";
import { formatTraceEvent, type TraceEvent } from "./trace.ts";

/** Events of the first run that are kept. */
const mostKept = 100_000;

/** Keeps the events of a run and holds those of a second one against them. */
export class TraceComparison {
  readonly #kept: string[] = [];
  #firstCount = 0;
  #secondCount = 0;
  #difference: readonly [first: string, second: string] | undefined;

  first(event: TraceEvent): void {
    this.#firstCount += 1;
    if (this.#kept.length < mostKept) this.#kept.push(formatTraceEvent(event));
  }

  second(event: TraceEvent): void {
    this.#secondCount += 1;
    const expected = this.#kept[event.index];
    if (this.#difference !== undefined || expected === undefined) return;
    const actual = formatTraceEvent(event);
    if (actual !== expected) this.#difference = [expected, actual];
  }

  /** What to say when the hashes differ. */
  difference(): AssertionError {
    const [expected, actual] = this.#difference ?? this.#lengths();
    const text = `two runs of the seed differ, first in "${expected}", which was "${actual}" the second time`;
    return new AssertionError(text, { actual, expected, operator: "deepStrictEqual" });
  }

  #lengths(): readonly [first: string, second: string] {
    const counts = [this.#firstCount, this.#secondCount];
    if (Math.max(...counts) > mostKept) {
      return [`one of the events after #${mostKept}`, "another one"];
    }
    const [first, second] = counts.map((count) => `the end after ${count} events`);
    return [first as string, second as string];
  }
}
