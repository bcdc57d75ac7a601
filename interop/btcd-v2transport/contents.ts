/** Contents of packets that both sides can make, and what comes out of our transport as contents again. */
import { createHash } from "node:crypto";
import {
  concatBytes,
  message,
  type MessageBase,
  messageSet,
  rest,
  type TransportEvent,
} from "@satwire/btcwire";

/** Pseudorandom numbers and bytes; `bytes` is what `go/btcd/v2transport` makes of the same seed. */
export class Seeded {
  #state: number;

  /** @param seed any number but 0 */
  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** The next 32 bits: xorshift with 13, 17 and 5. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** Four bytes of each step, little-endian. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const bits = this.next();
      for (let i = 0; i < 4 && at + i < length; i++) bytes[at + i] = bits >>> (8 * i);
    }
    return bytes;
  }

  /** A whole number from 0 to `max`. */
  upTo(max: number): number {
    return this.next() % (max + 1);
  }

  /** One of these. */
  pick<T>(values: readonly T[]): T {
    return values[this.upTo(values.length - 1)] as T;
  }
}

/** Whatever its payload is, with a message type of one byte. */
export interface Blob extends MessageBase {
  readonly type: "blob";
  readonly payload: Uint8Array;
}

const blobId = 200;

/** A set that reads and writes any contents of at least one byte. */
export const opaqueMessages = messageSet([
  message<Blob>("blob", { payload: rest }, { shortId: blobId }),
]);

/** The message of {@link opaqueMessages} with contents of that length, from 1 on. */
export function opaqueMessage(random: Seeded, length: number) {
  const isLong = length >= 13 && random.upTo(1) === 1;
  if (!isLong) return { type: "blob", payload: random.bytes(length - 1) } as const;
  return { type: "unknown", command: "long", payload: random.bytes(length - 13) } as const;
}

/** The contents of the packet that became this event of a transport with {@link opaqueMessages}. */
export function contentsOf(event: TransportEvent<Blob>): Uint8Array {
  if (event.type === "message") {
    const { message: read } = event;
    if (read.type === "blob") return concatBytes(Uint8Array.of(blobId), read.payload);
    return concatBytes(Buffer.from(`\0${read.command.padEnd(12, "\0")}`, "latin1"), read.payload);
  }
  if (event.type !== "ignored") throw new Error(`no packet becomes ${event.type}`);
  const start = event.reason === "command" ? Uint8Array.of(0) : new Uint8Array(0);
  return concatBytes(start, event.header, event.payload);
}

/** SHA-256 of many contents, each with its length (u32, big-endian) in front. */
export class Digest {
  readonly #hash = createHash("sha256");
  count = 0;

  add(contents: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(contents.length);
    this.#hash.update(length).update(contents);
    this.count += 1;
  }

  hex(): string {
    return this.#hash.digest("hex");
  }
}
