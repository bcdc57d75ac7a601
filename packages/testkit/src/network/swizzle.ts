// FoundationDB's swizzle-clog: hosts that stop one by one and come back one by one in another order.
import { type Clock, sleep } from "@satwire/actor";
import type { Rng } from "../determinism/rng.ts";

/** What {@link swizzle} needs besides the hosts. */
export interface SwizzlePlan {
  readonly overMs: number;
  readonly signal: AbortSignal | undefined;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly clog: (host: string) => Disposable;
}

/** Clogs within the first half of the time and frees within the second. */
export async function swizzle(
  hosts: readonly string[],
  { overMs, signal, rng, clock, clog }: SwizzlePlan,
): Promise<void> {
  if (!(overMs > 0 && overMs < Infinity))
    throw new RangeError(`overMs of ${overMs} is not above 0`);
  const startedAt = clock.now();
  const clogs = new Map<string, Disposable>();
  const steps = [
    ...planned(hosts, 0, overMs / 2, rng, (host) => clogs.set(host, clog(host))),
    ...planned(hosts, overMs / 2, overMs, rng, (host) => clogs.get(host)?.[Symbol.dispose]()),
  ];
  try {
    for (const { atMs, run } of steps) {
      await sleep(clock, Math.max(startedAt + atMs - clock.now(), 0), { signal });
      run();
    }
  } finally {
    for (const obstacle of clogs.values()) obstacle[Symbol.dispose]();
  }
}

interface Step {
  readonly atMs: number;
  readonly run: () => void;
}

function planned(
  hosts: readonly string[],
  fromMs: number,
  untilMs: number,
  rng: Rng,
  act: (host: string) => void,
): Step[] {
  const times = hosts.map(() => rng.int(Math.ceil(fromMs), Math.floor(untilMs)));
  times.sort((a, b) => a - b);
  return rng.shuffle(hosts).map((host, i) => ({ atMs: times[i] as number, run: () => act(host) }));
}
