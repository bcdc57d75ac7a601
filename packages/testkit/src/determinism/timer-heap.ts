// Timers by deadline: a binary heap, in which each entry knows its place, so that a cancelled one leaves at once.

/** A timer that has been set. */
export interface HeapTimer {
  readonly dueAt: number;
  /** Counts up with each timer: of two with one deadline the one that was set first fires first. */
  readonly order: number;
  readonly run: () => void;
  readonly isBackground: boolean;
  /** Where it is in the heap; -1 when it is not in it. The heap's own. */
  place: number;
}

/** Sets, cancels and takes out the next of n timers in O(log n). */
export class TimerHeap {
  readonly #timers: HeapTimer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** The one that fires next. */
  get next(): HeapTimer | undefined {
    return this.#timers[0];
  }

  /** All of them in the order of firing. */
  inOrder(): HeapTimer[] {
    return [...this.#timers].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  add(timer: HeapTimer): void {
    this.#timers.push(timer);
    this.#rise(timer, this.#timers.length - 1);
  }

  /** True if it was in the heap. */
  remove(timer: HeapTimer): boolean {
    const { place } = timer;
    if (place < 0) return false;
    timer.place = -1;
    const last = this.#timers.pop() as HeapTimer;
    if (last !== timer) {
      this.#rise(last, place);
      if (last.place === place) this.#sink(last, place);
    }
    return true;
  }

  /** Puts a timer at a place or, as long as it is due before what is above, higher. */
  #rise(timer: HeapTimer, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#timers[above] as HeapTimer;
      if (!isBefore(timer, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(timer, place);
  }

  #sink(timer: HeapTimer, from: number): void {
    let place = from;
    for (;;) {
      const left = this.#timers[2 * place + 1];
      const right = this.#timers[2 * place + 2];
      if (left === undefined) break;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, timer)) break;
      const below = child.place;
      this.#put(child, place);
      place = below;
    }
    this.#put(timer, place);
  }

  #put(timer: HeapTimer, place: number): void {
    this.#timers[place] = timer;
    timer.place = place;
  }
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}
