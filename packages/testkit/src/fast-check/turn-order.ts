// The order of actors' turns, chosen by fast-check.
import type { Scheduler, Turn } from "@satwire/actor";
import fc from "fast-check";

/** Turns of actors in an order that fast-check chooses; they run while one of these functions waits. */
export interface ActorTurns {
  /** For an `ActorSystem`, or for `createActorTestkit({ schedule })`. */
  readonly scheduler: Scheduler;
  /** Turns that wait. */
  count(): number;
  /** Runs so many turns. */
  waitNext(count: number): Promise<void>;
  /** Runs turns until none waits, nor comes up. Time does not move. */
  waitIdle(): Promise<void>;
  /** Runs turns until the promise is settled, and gives its value: `waitFor(system.shutdown())`. */
  waitFor<T>(promise: Promise<T>): Promise<T>;
}

/**
 * A scheduler for actors whose turns are tasks of a scheduler of fast-check: one message each, labelled with the actor.
 *
 * @example
 * ```ts
 * fc.asyncProperty(fc.scheduler(), async (s) => {
 *   const system = new ActorSystem({ scheduler: scheduledActors(s) });
 *   …
 *   await s.waitIdle();
 *   await s.waitFor(system.shutdown());
 * });
 * ```
 */
export function scheduledActors(scheduler: fc.Scheduler): Scheduler {
  return {
    schedule(turn: Turn): void {
      // As a part of the task: whoever waits for the task finds the turn done.
      const act = async (run: () => Promise<void>): Promise<void> => {
        await run();
        turn.run(1);
      };
      void scheduler.schedule(Promise.resolve(), turn.actorId, undefined, act);
    },
  };
}

/**
 * Orders of turns. A counterexample shows the turns that were run, by actor. Orders do not shrink, the other values of
 * a property do.
 *
 * @example
 * ```ts
 * fc.asyncProperty(turnOrder(), async (turns) => {
 *   await using kit = createActorTestkit({ schedule: turns.scheduler });
 *   …
 *   await turns.waitIdle();
 *   await turns.waitFor(kit.close());
 * });
 * ```
 */
export function turnOrder(): fc.Arbitrary<ActorTurns> {
  return fc.scheduler().map((scheduler) => ({
    scheduler: scheduledActors(scheduler),
    count: () => scheduler.count(),
    waitNext: (count) => scheduler.waitNext(count),
    waitIdle: () => scheduler.waitIdle(),
    waitFor: (promise) => scheduler.waitFor(promise),
    [fc.toStringMethod]: () => fc.stringify(scheduler),
  }));
}
