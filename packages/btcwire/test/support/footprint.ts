// How much a decoded message holds on to, in what does not depend on the engine.

/** What is in a value, however deep. */
export interface Footprint {
  /** Bytes of all byte strings. */
  bytes: number;
  /** Items of all lists. */
  items: number;
  /** Characters of all texts, without names of fields. */
  characters: number;
  /** Byte strings of one byte or more that are not views of the payload. */
  copies: number;
}

/** Everything that `value` holds, which was read from `payload`. */
export function footprintOf(value: unknown, payload: Uint8Array): Footprint {
  const found: Footprint = { bytes: 0, items: 0, characters: 0, copies: 0 };
  const visit = (part: unknown): void => {
    if (typeof part === "string") found.characters += part.length;
    if (typeof part !== "object" || part === null) return;
    if (part instanceof Uint8Array) {
      found.bytes += part.length;
      const { byteOffset, length } = part;
      if (length === 0) return;
      const isInside =
        byteOffset >= payload.byteOffset &&
        byteOffset + length <= payload.byteOffset + payload.length;
      if (part.buffer !== payload.buffer || !isInside) found.copies++;
      return;
    }
    if (Array.isArray(part)) {
      found.items += part.length;
      for (const item of part) visit(item);
      return;
    }
    for (const field of Object.values(part)) visit(field);
  };
  visit(value);
  return found;
}
