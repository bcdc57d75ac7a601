/** What lies between the two ends of an in-memory connection. No implementation is in this file. */

/** What one end sends to the other. */
export type Segment =
  /** Bytes, at least one. */
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** Nothing follows: the end of this direction, in order. */
  | { readonly kind: "end" }
  /** The connection is over: the other end forgets what it has not read. */
  | { readonly kind: "reset" };

/**
 * One direction of a connection in memory. It may take its time, cut data into several segments or put several
 * into one, change bytes, and stop for ever; TCP being in order, it must not reorder, lose some and go on, or make
 * data up.
 */
export interface Path {
  /**
   * Takes a segment. Each call of `arrive` hands one to the other end; it may come at once, and must not come
   * before those of earlier segments. A reset may overtake what has not arrived.
   */
  carry(segment: Segment, arrive: (segment: Segment) => void): void;
}

/** Takes no time and changes nothing. */
export const directPath: Path = {
  carry(segment, arrive) {
    arrive(segment);
  },
};
