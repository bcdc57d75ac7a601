import { sleep } from "@satwire/actor";
import { VirtualClock } from "@satwire/testkit";

const clock = new VirtualClock();
export const log: string[] = [];

// Code under test that takes its time from a `Clock`.
async function retry(): Promise<void> {
  for (const seconds of [1, 2, 4]) {
    await sleep(clock, seconds * 1000);
    log.push(`tried after ${seconds} s`);
  }
}

const retrying = retry();
await clock.advance(3000); // no time passes anywhere else
// log: ["tried after 1 s", "tried after 2 s"]
// clock.pending: [{ dueInMs: 4000, isBackground: false }]
await clock.advance(4000);
await retrying;
