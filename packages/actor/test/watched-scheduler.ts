import type { Scheduler, Turn } from "@satwire/actor";

/** Runs turns the last one first, and watches over what it is given. */
export class WatchedScheduler implements Scheduler {
  readonly #waiting: Turn[] = [];
  readonly #limit: number;
  readonly faults: string[] = [];
  readonly handed = new Map<string, number>();
  ran = 0;
  isRunning = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  schedule(next: Turn): void {
    if (this.#waiting.includes(next)) this.faults.push(`${next.actorId} has two turns waiting`);
    this.handed.set(next.actorId, (this.handed.get(next.actorId) ?? 0) + 1);
    this.#waiting.push(next);
    void Promise.resolve().then(() => this.step());
  }

  get waiting(): readonly string[] {
    return this.#waiting.map(({ actorId }) => actorId);
  }

  step(): void {
    const next = this.#waiting.pop();
    if (next === undefined) return;
    if (this.isRunning) this.faults.push(`${next.actorId} runs within another`);
    this.isRunning = true;
    const handled = next.run(this.#limit);
    this.isRunning = false;
    this.ran++;
    if (handled < 1 || handled > this.#limit) this.faults.push(`${handled} of ${this.#limit}`);
  }
}
