// First in, first out, without moving what waits: `Array.shift` copies the rest for each item.

/** A queue that grows by doubling and keeps its size. Bounds are its owner's matter. */
export class Ring<T> {
  #items: (T | undefined)[] | undefined;
  #mask = -1;
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#items === undefined || this.#size > this.#mask) this.#grow();
    (this.#items as (T | undefined)[])[(this.#head + this.#size++) & this.#mask] = item;
  }

  /** Takes the oldest item out; undefined if there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const items = this.#items as (T | undefined)[];
    const item = items[this.#head];
    items[this.#head] = undefined; // what was taken out must not be kept in memory
    this.#head = (this.#head + 1) & this.#mask;
    this.#size--;
    return item;
  }

  /** What is in it, oldest first. */
  toArray(): T[] {
    const items: T[] = [];
    for (let i = 0; i < this.#size; i++) {
      items.push((this.#items as T[])[(this.#head + i) & this.#mask] as T);
    }
    return items;
  }

  #grow(): void {
    const items: (T | undefined)[] = this.toArray();
    const length = Math.max(4, items.length * 2);
    while (items.length < length) items.push(undefined);
    this.#items = items;
    this.#head = 0;
    this.#mask = length - 1;
  }
}
