/** lnd's lnwire, asked over a pipe: the program is `go/lnd/codec`. */
import { type Answer, Oracle } from "../daemons/oracle.ts";

/** One kind of message of lnd. */
export interface LndType {
  readonly id: number;
  /** Of lnd's Go type, e.g. "Ping". */
  readonly name: string;
  /** Whether lnd can make random ones. */
  readonly random: boolean;
}

const question = {
  rewrite: "r".charCodeAt(0),
  random: "g".charCodeAt(0),
  types: "t".charCodeAt(0),
  fields: "f".charCodeAt(0),
};

/** What is asked at once, at most. */
const batchSize = 256;

/** lnd's codecs, until they are disposed of. */
export class LndCodec implements AsyncDisposable {
  readonly #oracle = new Oracle("lnd/codec");

  /** Every type of message that lnd knows; those of any bytes are one. */
  async types(): Promise<readonly LndType[]> {
    return parse<readonly LndType[]>(await this.#oracle.must(question.types));
  }

  /** What lnd writes for each of the frames, or why it refuses it. */
  rewrite(frames: readonly Uint8Array[]): Promise<Answer[]> {
    return inBatches(frames, (frame) => this.#oracle.ask(question.rewrite, frame));
  }

  /** Random frames of lnd's own generator. The same seed makes the same ones. */
  async random(id: number, seed: number, count: number): Promise<readonly Uint8Array[]> {
    const body = Buffer.alloc(14);
    body.writeUInt16BE(id);
    body.writeBigUInt64BE(BigInt(seed), 2);
    body.writeUInt32BE(count, 10);
    return await this.#oracle.mustList(question.random, body);
  }

  /** The fields that lnd sees in each of the frames, under our names: byte strings in hex, numbers as texts. */
  fields(frames: readonly Uint8Array[]): Promise<Readonly<Record<string, unknown>>[]> {
    return inBatches(frames, async (frame) =>
      parse<Readonly<Record<string, unknown>>>(await this.#oracle.must(question.fields, frame)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#oracle[Symbol.asyncDispose]();
  }
}

async function inBatches<Q, A>(
  questions: readonly Q[],
  ask: (question: Q) => Promise<A>,
): Promise<A[]> {
  const answers: A[] = [];
  while (answers.length < questions.length) {
    const batch = questions.slice(answers.length, answers.length + batchSize);
    answers.push(...(await Promise.all(batch.map(ask))));
  }
  return answers;
}

const parse = <T>(bytes: Uint8Array): T => JSON.parse(Buffer.from(bytes).toString()) as T;
