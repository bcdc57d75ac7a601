// Who wants to be told of something.

/** Functions that are called with each event, in the order in which they were added. */
export class Listeners<T> {
  readonly #all = new Set<(event: T) => void>();

  /** Adds a function until what is returned is disposed. The same function may be added twice. */
  add(listener: (event: T) => void): Disposable {
    const own = (event: T): void => listener(event);
    this.#all.add(own);
    return { [Symbol.dispose]: () => void this.#all.delete(own) };
  }

  /** Calls all of them. @throws what one of them throws; those behind it are not called */
  tell(event: T): void {
    for (const listener of this.#all) listener(event);
  }
}
