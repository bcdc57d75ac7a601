import { type Clock, sleep } from "@satwire/actor";

/** A clock whose timers fire when the test says so. */
const due: (() => void)[] = [];
const clock: Clock = {
  now: () => 0,
  setTimer(run) {
    due.push(run);
    return { cancel: () => due.splice(due.indexOf(run), 1) };
  },
};

const controller = new AbortController();
const waiting = sleep(clock, 60_000, { signal: controller.signal });
export const outcome: Promise<unknown> = waiting.catch((reason: unknown) => reason);
controller.abort("no longer needed");
export const timersLeft: number = due.length; // 0: the timer was taken back
