/** Scope: how late a timer of 1 ms fires while a library keeps itself busy, and how much memory it holds. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const delayMs = 1;

/** What a timer of 1 ms went through. */
export interface TimerLag {
  /** How many milliseconds too late it fired, each time. */
  readonly lags: readonly number[];
  /** The same in CPU time of this thread: without what other processes took. */
  readonly ownLags: readonly number[];
  /** How long the process had a CPU, in milliseconds. What is missing was taken by other processes. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** Watches a timer that is armed again each time it fires, while batches run one after the other. */
export async function timerLag(
  run: (() => Promise<unknown>) | undefined,
  durationMs: number,
): Promise<TimerLag> {
  const lags: number[] = [];
  const ownLags: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  let armedAt = start;
  let ownArmedAt = threadMs();
  const onTimer = (): void => {
    const now = performance.now();
    lags.push(Math.max(0, now - armedAt - delayMs));
    armedAt = now;
    const ownNow = threadMs();
    ownLags.push(Math.max(0, ownNow - ownArmedAt - delayMs));
    ownArmedAt = ownNow;
    timer = setTimeout(onTimer, delayMs);
  };
  let timer = setTimeout(onTimer, delayMs);
  if (run === undefined) await new Promise((resolve) => setTimeout(resolve, durationMs));
  else while (performance.now() < start + durationMs) await run();
  // A timer that never got its turn still has to be counted: it fires now.
  const fired = lags.length;
  while (lags.length === fired) await new Promise((resolve) => setImmediate(resolve));
  clearTimeout(timer);
  const { user, system } = process.cpuUsage(cpu);
  return { lags, ownLags, cpuMs: (user + system) / 1000, elapsedMs: performance.now() - start };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes in use after everything that nobody holds was collected. */
export async function heapInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // finalizers and promises that settle late
  }
  return process.memoryUsage().heapUsed;
}
