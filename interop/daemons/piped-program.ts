/** A program that is spoken to over its standard input and output, and that ends when its input does. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import type { Readable, Writable } from "node:stream";

/** A running program of ours. */
export class PipedProgram implements AsyncDisposable {
  /** Resolves when it has ended, or could not be started: with an error that says what it complained of. */
  readonly ended: Promise<Error>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(path: string, args: readonly string[] = []) {
    const child = spawn(path, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    child.stdin.on("error", () => {}); // it has ended, which `ended` tells
    this.ended = once(child, "close").then(
      () => new Error(`${basename(path)} ended: ${complaint}`),
      (error: Error) => error,
    );
  }

  /** What it prints. */
  get output(): Readable {
    return this.#child.stdout;
  }

  /** All that is given in one turn is written at once. */
  write(bytes: Uint8Array | string): void {
    const { stdin } = this.#child;
    stdin.cork();
    stdin.write(bytes);
    process.nextTick(() => stdin.uncork());
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.ended;
  }
}
