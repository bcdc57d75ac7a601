/** How many messages went where, as a table for the log. */

/** Of one kind of message. */
export interface Count {
  /** Made by lnd, read by us and written again, not a byte changed. */
  made: number;
  /** Made by lnd; we and lnd differ, as a row says. */
  madeDiffering: number;
  /** From us to lnd and back, not a byte changed. */
  sent: number;
  /** From us to lnd; we and lnd differ, as a row says. */
  sentDiffering: number;
}

/** Counts by the name of the message. */
export class Counts {
  readonly #counts = new Map<string, Count>();

  of(name: string): Count {
    const count = this.#counts.get(name) ?? {
      made: 0,
      madeDiffering: 0,
      sent: 0,
      sentDiffering: 0,
    };
    this.#counts.set(name, count);
    return count;
  }

  toString(): string {
    const cells = (texts: readonly unknown[]): string =>
      texts.map((text) => String(text).padStart(10)).join("");
    const lines = [...this.#counts].map(
      ([name, { made, madeDiffering, sent, sentDiffering }]) =>
        name.padEnd(28) + cells([made, madeDiffering, sent, sentDiffering]),
    );
    const head = "".padEnd(28) + cells(["by lnd", "differing", "by us", "differing"]);
    return [head, ...lines].join("\n");
  }
}
