// One number for everything that happened. Tells two runs apart by accident, not by intent: not cryptographic.

const encoder = new TextEncoder();

/** A hash of 64 bits over all that was added, in order. */
export class TraceHash {
  // Two lanes of 32 bits with the multipliers of cyrb53, so that a chance collision takes 2^32 traces.
  #high = 0xdead_beef | 0;
  #low = 0x41c6_ce57;

  /** Adds an integer, or a time in ms, of which 1/1024 counts. */
  number(value: number): this {
    const whole = Math.floor(value);
    this.#word(whole | 0);
    this.#word(Math.floor(whole / 2 ** 32) | 0);
    this.#word(Math.floor((value - whole) * 1024));
    return this;
  }

  /** Adds a text and its length. */
  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  /** Adds bytes and how many they are. */
  bytes(bytes: Uint8Array): this {
    const { length } = bytes;
    const whole = length - (length % 4);
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < whole; i += 4) {
      const word =
        (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24);
      high = mixHigh(high, word);
      low = mixLow(low, word);
    }
    for (let i = whole; i < length; i++) {
      high = mixHigh(high, bytes[i] as number);
      low = mixLow(low, bytes[i] as number);
    }
    this.#high = high;
    this.#low = low;
    this.#word(length);
    return this;
  }

  /** The hash so far: 16 hex digits. Adding may go on. */
  get digest(): string {
    const high = finish(this.#high, this.#low);
    const low = finish(this.#low, this.#high);
    return hex(high) + hex(low);
  }

  #word(word: number): void {
    this.#high = mixHigh(this.#high, word);
    this.#low = mixLow(this.#low, word);
  }
}

// The rotation takes what multiplication only moves upwards back to the low bits.
function mixHigh(state: number, word: number): number {
  const product = Math.imul(state ^ word, 0x9e37_79b1);
  return (product << 15) | (product >>> 17);
}

function mixLow(state: number, word: number): number {
  const product = Math.imul(state ^ word, 0x5f35_6495);
  return (product << 13) | (product >>> 19);
}

function finish(state: number, other: number): number {
  const mixed = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b) ^ other;
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (again ^ (again >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
