/**
 * Questions to a program over its standard input and output: both ways a length (u32, big-endian),
 * then a byte that says what it is, then bytes. Answers come in the order of the questions.
 */
import { PipedProgram } from "./piped-program.ts";
import { goPrograms } from "./provided.ts";

/** The program did what was asked, or refused it and says why. */
export type Answer =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

const headerLength = 5;
const refused = 1;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** A program that answers questions, until it is disposed of. */
export class Oracle implements AsyncDisposable {
  readonly #program: PipedProgram;
  readonly #waiting: Waiting[] = [];
  #received: Buffer = Buffer.alloc(0);
  #end: Error | undefined;

  /** `program`: e.g. "lnd/codec". */
  constructor(program: string) {
    this.#program = new PipedProgram(goPrograms()[program]!);
    this.#program.output.on("data", (chunk: Buffer) => this.#receive(chunk));
    void this.#program.ended.then((error) => {
      this.#end = error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** @throws when the program has ended, with what it printed */
  ask(kind: number, bytes: Uint8Array = new Uint8Array(0)): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      this.#waiting.push({ resolve, reject });
      const header = Buffer.alloc(headerLength);
      header.writeUInt32BE(bytes.length + 1);
      header[4] = kind;
      this.#program.write(header);
      this.#program.write(bytes);
    });
  }

  /** Like `ask`, of a question that is never refused. */
  async must(kind: number, bytes?: Uint8Array): Promise<Uint8Array> {
    const answer = await this.ask(kind, bytes);
    if (!answer.ok) throw new Error(`question ${kind} was refused: ${answer.reason}`);
    return answer.bytes;
  }

  /** Like `must`, of a question whose answer is a list: of each item its length (u32), then its bytes. */
  async mustList(kind: number, bytes?: Uint8Array): Promise<Uint8Array[]> {
    const answer = Buffer.from(await this.must(kind, bytes));
    const items: Uint8Array[] = [];
    for (let at = 0; at < answer.length; ) {
      const end = at + 4 + answer.readUInt32BE(at);
      items.push(Uint8Array.from(answer.subarray(at + 4, end)));
      at = end;
    }
    return items;
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }

  #receive(chunk: Buffer): void {
    let bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (bytes.length >= headerLength) {
      const end = 4 + bytes.readUInt32BE(0);
      if (bytes.length < end) break;
      const body = Uint8Array.from(bytes.subarray(headerLength, end));
      const waiting = this.#waiting.shift();
      if (bytes[4] === refused) {
        waiting?.resolve({ ok: false, reason: Buffer.from(body).toString("utf8") });
      } else waiting?.resolve({ ok: true, bytes: body });
      bytes = bytes.subarray(end);
    }
    this.#received = bytes;
  }
}
