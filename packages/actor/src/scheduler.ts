// Who runs when. Actors hand in turns; a scheduler decides about their order and when to let go of the thread.

/** An actor that has something to do. */
export interface Turn {
  /** The actor, for logs and labels. */
  readonly actorId: string;
  /**
   * Handles up to `limit` messages and returns how many, at least 1: an end is work, too. An actor that has more to do has handed in its next
   * turn by then; one that waits for a promise does so when the promise has settled. Never throws.
   */
  run(limit: number): number;
}

/**
 * Decides when turns run. `schedule` must not run the turn on the caller's stack; every turn handed in runs
 * once. An actor has at most one turn waiting. Neither function may throw.
 */
export interface Scheduler {
  schedule(turn: Turn): void;
  /**
   * The same for an actor whose promise has just settled. The stack is empty but for the caller, so that the turn
   * may run at once.
   *
   * @default schedule
   */
  resume?(turn: Turn): void;
}
