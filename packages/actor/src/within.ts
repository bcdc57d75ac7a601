// A bound on something that may take too long.
import type { Clock } from "./clock.ts";
import { ActorError } from "./errors.ts";

/** Settles like `work`. @throws ActorError `cleanup_timeout` when that takes longer than `limitMs` */
export function within<T>(
  clock: Clock,
  limitMs: number,
  work: PromiseLike<T>,
  phase: string,
  actorId: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onTimeout = (): void => {
      const text = `${phase} of ${actorId} took longer than ${limitMs} ms`;
      reject(new ActorError("cleanup_timeout", text, { actorId }));
    };
    const timer = clock.setTimer(onTimeout, limitMs);
    work.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
