/**
 * Scope: the time of one call of several rivals, as ratios of times taken moments apart.
 *
 * `bench.compare` of vitest finishes one rival before it starts the next, so whatever else the
 * machine does in between counts as a difference between them. Here every round gives each rival one
 * slice of time, in an order that rotates; a ratio is formed inside a round, and its median counts.
 */

/** Something to measure. What `run` returns is kept, so that the engine cannot leave the work out. */
export interface Rival {
  readonly name: string;
  readonly run: () => unknown;
}

/** Something to measure that ends later: a batch of operations. */
export interface Batch {
  readonly name: string;
  /** How many operations one run is. */
  readonly operations: number;
  /** Resolves when everything is done, with how many operations were. Any other number is a failure. */
  readonly run: () => Promise<number>;
  /**
   * How many failed slices are measured again, for rivals that are known to lose a message now and then.
   * @default 0
   */
  readonly retries?: number;
}

/** What was measured of one rival. */
export interface Measured {
  readonly name: string;
  /** Median time of one call, or of one operation of a batch. */
  readonly nanoseconds: number;
  /** Median of its time divided by the first rival's time in the same round. */
  readonly ratio: number;
  /** The quartiles of those ratios. */
  readonly low: number;
  readonly high: number;
}

const rounds = 31;
const sliceMs = 30;
const warmUpMs = 200;

/** What a call returned last. */
const kept: { result?: unknown } = {};

/** Measures all rivals; the first is the one that the others are compared with. */
export async function sideBySide(...rivals: readonly Rival[]): Promise<Measured[]> {
  return await compare(
    rivals.map(({ name, run }) => {
      const calls = callsPerSlice(run);
      return { name, slice: () => time(run, calls) / calls };
    }),
  );
}

/** The same for batches: a slice is as many of them, one after the other, as fill it. */
export async function batchesSideBySide(...batches: readonly Batch[]): Promise<Measured[]> {
  const entries: Entry[] = [];
  for (const batch of batches) {
    const left = { retries: batch.retries ?? 0 };
    const runs = await runsPerSlice(batch, left);
    const operations = runs * batch.operations;
    const slice = async (): Promise<number> => (await timeBatches(batch, runs, left)) / operations;
    entries.push({ name: batch.name, slice });
  }
  return await compare(entries);
}

interface Entry {
  readonly name: string;
  /** Milliseconds of one call. */
  readonly slice: () => number | Promise<number>;
}

async function compare(rivals: readonly Entry[]): Promise<Measured[]> {
  const entries = rivals.map((rival) => ({ ...rival, nanoseconds: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[(round + i) % entries.length];
      if (entry === undefined) continue;
      entry.nanoseconds.push((await entry.slice()) * 1e6);
    }
    await new Promise<void>((resolve) => setImmediate(resolve)); // the test runner gets its turn
  }
  const [first] = entries;
  return entries.map(({ name, nanoseconds }) => {
    const ratios = nanoseconds.map((own, round) => own / (first?.nanoseconds[round] ?? Number.NaN));
    return {
      name,
      nanoseconds: quantile(nanoseconds, 0.5),
      ratio: quantile(ratios, 0.5),
      low: quantile(ratios, 0.25),
      high: quantile(ratios, 0.75),
    };
  });
}

/** Warms a function up and returns how many calls of it fill a slice. */
function callsPerSlice(run: () => unknown): number {
  let calls = 1;
  let spentMs = 0;
  let elapsedMs = 0;
  while (spentMs < warmUpMs || elapsedMs < sliceMs / 2) {
    elapsedMs = time(run, calls);
    spentMs += elapsedMs;
    if (elapsedMs < sliceMs / 2) calls *= 2;
  }
  return Math.max(1, Math.round((calls * sliceMs) / elapsedMs));
}

/** The same for batches. */
async function runsPerSlice(batch: Batch, left: { retries: number }): Promise<number> {
  let runs = 1;
  let spentMs = 0;
  let elapsedMs = 0;
  while (spentMs < warmUpMs || elapsedMs < sliceMs / 2) {
    elapsedMs = await timeBatches(batch, runs, left);
    spentMs += elapsedMs;
    if (elapsedMs < sliceMs / 2) runs *= 2;
  }
  return Math.max(1, Math.round((runs * sliceMs) / elapsedMs));
}

/** Milliseconds of so many calls. */
function time(run: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) kept.result = run();
  return performance.now() - start;
}

/** Milliseconds of so many batches. */
async function timeBatches(
  { name, operations, run }: Batch,
  runs: number,
  left: { retries: number },
): Promise<number> {
  for (;;) {
    let done = 0;
    const start = performance.now();
    for (let i = 0; i < runs; i++) done += await run();
    const elapsedMs = performance.now() - start;
    if (done === runs * operations) return elapsedMs;
    if (left.retries-- === 0) throw new Error(`${name}: did ${done} of ${runs * operations}`);
  }
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
}
