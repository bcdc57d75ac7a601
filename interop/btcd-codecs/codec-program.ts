/** The program over btcd's wire, `go/btcd/codec`: what it is asked, and what it answers. */
import { concatBytes } from "@satwire/btcwire";
import { type Answer, Oracle } from "../daemons/oracle.ts";

/** What btcd has, found by trying. */
export interface Vocabulary {
  /** Commands that it can read. */
  readonly reads: readonly string[];
  /** Commands of messages that it can write. */
  readonly writes: readonly string[];
  /** Short ids of BIP 324 that it reads, and the commands that they stand for. */
  readonly shortIdsRead: Readonly<Record<string, string>>;
  /** Commands for which it writes a short id. */
  readonly shortIdsWritten: Readonly<Record<string, number>>;
}

/** The number of a transport: messages in frames of v1, or as contents of packets of v2. */
export type FramingNumber = 1 | 2;

/** What is to be made at random. */
export interface RandomMessages {
  readonly command: string;
  readonly count: number;
  readonly seed: number;
}

const utf8 = new TextEncoder();
const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString("utf8"));
const kinds = { vocabulary: "v", rewrite: "r", fields: "f", random: "g" } as const;
const kind = (name: keyof typeof kinds): number => kinds[name].charCodeAt(0);

/** btcd's codecs, in a program of their own, until it is disposed of. */
export class CodecProgram implements AsyncDisposable {
  readonly #oracle = new Oracle("btcd/codec");

  /** What btcd has of its own commands and of others. */
  async vocabulary(others: readonly string[]): Promise<Vocabulary> {
    const bytes = await this.#oracle.must(kind("vocabulary"), utf8.encode(others.join(",")));
    return json(bytes) as Vocabulary;
  }

  /** A framed message, read and written again. */
  rewrite(framing: FramingNumber, framed: Uint8Array): Promise<Answer> {
    return this.#oracle.ask(kind("rewrite"), concatBytes(Uint8Array.of(framing), framed));
  }

  /** The fields of a message, in a frame of v1: see {@link plainFields}. */
  async fields(frame: Uint8Array): Promise<unknown> {
    return json(await this.#oracle.must(kind("fields"), frame));
  }

  /** Random messages, framed. A seed gives the same ones in both framings. */
  async random(
    framing: FramingNumber,
    { command, count, seed }: RandomMessages,
  ): Promise<Uint8Array[]> {
    const numbers = Buffer.alloc(12);
    numbers.writeBigUInt64BE(BigInt(seed));
    numbers.writeUInt32BE(count, 8);
    const question = concatBytes(Uint8Array.of(framing), numbers, utf8.encode(command));
    return await this.#oracle.mustList(kind("random"), question);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#oracle[Symbol.asyncDispose]();
  }
}

/** Does something for each item, for a few hundred of them at a time: a pipe holds no more without waiting. */
export async function forEachOf<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of rest) await work(item, i);
  };
  await Promise.all(Array.from({ length: 200 }, worker));
}
