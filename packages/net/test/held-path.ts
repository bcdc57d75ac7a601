/** A path that keeps what it is given until a test lets it go. */
import type { Path, Segment } from "../src/index.ts";

/** Oldest first, in order. */
export class HeldPath implements Path {
  readonly held: Segment[] = [];
  #arrive: (segment: Segment) => void = () => {};

  carry(segment: Segment, arrive: (segment: Segment) => void): void {
    this.held.push(segment);
    this.#arrive = arrive;
  }

  get kinds(): string[] {
    return this.held.map((segment) => segment.kind);
  }

  /** Lets the oldest ones arrive, data in pieces of at most `pieceBytes`. */
  release(count: number = this.held.length, pieceBytes: number = Number.POSITIVE_INFINITY): void {
    for (const segment of this.held.splice(0, count)) {
      if (segment.kind !== "data") {
        this.#arrive(segment);
        continue;
      }
      const { bytes } = segment;
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        this.#arrive({ kind: "data", bytes: bytes.subarray(at, at + pieceBytes) });
      }
    }
  }
}
