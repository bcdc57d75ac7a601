// Permission by the piece: what is gated goes on one token at a time. lnd's `ReadSemaphore`, for both directions.

/**
 * A gate that lets one message through for each token. Closed without tokens at first; connections that share a gate
 * share its tokens.
 *
 * @example
 * ```ts
 * const readGate = new Gate();
 * const mock = connectedMock({ readGate, messages: [first, second] });
 * readGate.release(); // `first` is received, `second` waits
 * ```
 */
export class Gate {
  readonly #listeners = new Set<() => void>();
  #tokens = 0;

  /** Tokens that nobody has taken yet; Infinity once it is open. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Lets so many more messages through. @throws RangeError for a count that is no whole number above 0 */
  release(count = 1): void {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(`${count} tokens cannot be released`);
    }
    this.#add(count);
  }

  /** Lets everything through from now on. */
  open(): void {
    this.#add(Infinity);
  }

  /** Takes the tokens back that nobody has taken: nothing goes through until there are new ones. */
  shut(): void {
    this.#tokens = 0;
  }

  /** Takes a token if there is one. */
  tryTake(): boolean {
    if (this.#tokens === 0) return false;
    this.#tokens--;
    return true;
  }

  /** Calls `listener` whenever there are new tokens, until it is disposed. */
  onRelease(listener: () => void): Disposable {
    const entry = (): void => listener(); // one listener may be there twice
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  #add(count: number): void {
    this.#tokens += count;
    for (const listener of this.#listeners) listener();
  }
}
