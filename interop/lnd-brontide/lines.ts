/** A program that is spoken to in lines of JSON: what it said is there to be taken. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Conditions } from "../conditions.ts";

const timeoutMs = 30_000;

/** A running program whose lines are `Line`s. It has to end when its input does. */
export class Lines<Line> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #conditions = new Conditions();
  readonly #ended: Promise<unknown>;
  #complaint = "";

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.#lines.push(JSON.parse(line) as Line);
      this.#conditions.recheck();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
    this.#child.stdin?.on("error", () => {}); // it has ended, which `#ended` tells
    this.#ended = once(this.#child, "close").then(() =>
      this.#conditions.end(new Error(`${program} ended: ${this.#complaint}`)),
    );
    this.#ended.catch((error: Error) => this.#conditions.end(error));
  }

  say(line: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /**
   * The oldest line that is accepted and that nobody has taken; what came before it stays.
   *
   * @throws when the program ends before, or after 30 seconds
   */
  async take(accept: (line: Line) => boolean = () => true): Promise<Line> {
    let found: Line | undefined;
    await this.#conditions.until(
      () => {
        if (found !== undefined) return true;
        const at = this.#lines.findIndex(accept);
        if (at < 0) return false;
        [found] = this.#lines.splice(at, 1);
        return true;
      },
      { signal: AbortSignal.timeout(timeoutMs) },
    );
    return found!;
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}
