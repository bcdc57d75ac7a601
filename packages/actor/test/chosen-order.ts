import type { Scheduler } from "@satwire/actor";
import type fc from "fast-check";
import { turns } from "./turns.ts";

/** Someone who chooses what happens next: turns of actors, and what their handlers wait for. */
export interface ChosenOrder extends Scheduler {
  /** Resolves when it is chosen. */
  pause(label: string): Promise<void>;
  /** Chooses until there is nothing left to choose from. */
  untilIdle(): Promise<void>;
}

/** An order of `fc.scheduler()`: shrinks, and is printed when a property fails. */
export function orderOf(scheduler: fc.Scheduler, limit: number): ChosenOrder {
  const pause = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);
  return {
    schedule: (turn) => void pause(turn.actorId).then(() => turn.run(limit)),
    pause,
    untilIdle: async () => {
      do {
        await scheduler.waitIdle();
        await turns(1); // what was chosen last may lead to more
      } while (scheduler.count() > 0);
    },
  };
}

/** An order that picks one of those that wait by their number: seeded chance, or always the last. */
export function pickedOrder(pick: (waiting: number) => number, limit: number): ChosenOrder {
  const waiting: (() => void)[] = [];
  return {
    schedule: (turn) => void waiting.push(() => void turn.run(limit)),
    pause: () => new Promise((resolve) => waiting.push(resolve)),
    untilIdle: async () => {
      await turns(1);
      while (waiting.length > 0) {
        const [next] = waiting.splice(pick(waiting.length), 1);
        next?.();
        // Sometimes two are chosen before promises go on.
        if (waiting.length % 3 !== 0) continue;
        for (let i = 0; i < 5; i++) await Promise.resolve();
        if (waiting.length === 0) await turns(1);
      }
    },
  };
}
