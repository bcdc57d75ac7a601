// Hooks for metrics and tracing. Without them, a message costs one comparison for each.
import type { ActorEvent } from "./events.ts";
import type { AnyMessage } from "./message.ts";

/** Called when a turn is over, with what it threw. */
export type TurnEnd = (error?: unknown) => void;

/**
 * What a program may look on at. Hooks run on the spot and must be quick; one that throws does not disturb the
 * actors, its error surfaces as an uncaught exception.
 */
export interface Instrumentation {
  /** A message entered a mailbox, in which so many wait now. */
  readonly onEnqueue?:
    | ((actorId: string, message: AnyMessage, waiting: number) => void)
    | undefined;
  /** A message is about to be handled. What is returned is called at the end of the turn. */
  readonly onTurn?: ((actorId: string, message: AnyMessage) => TurnEnd | undefined) | undefined;
  /** Something happened that `system.events()` tells of. */
  readonly onEvent?: ((event: ActorEvent) => void) | undefined;
}

/** The same function, whose errors surface without disturbing its caller. */
export function guarded<A extends readonly unknown[], R>(
  hook: ((...args: A) => R) | undefined,
): ((...args: A) => R | undefined) | undefined {
  if (hook === undefined) return undefined;
  return (...args) => {
    try {
      return hook(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
      return undefined;
    }
  };
}
