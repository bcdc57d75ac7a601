// Bytes as a program in Node has them.

/** Bytes whose `slice` is a view, as that of Node's Buffer, which browsers do not have. */
export class SharedSlice extends Uint8Array {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
  }
}
