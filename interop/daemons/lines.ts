/** A program that is spoken to in lines of JSON: what it said is there to be taken. */
import { createInterface } from "node:readline";
import { Conditions } from "@satwire/testkit";
import { PipedProgram } from "./piped-program.ts";

const timeoutMs = 30_000;

/** A running program whose lines are `Line`s. */
export class Lines<Line> implements AsyncDisposable {
  readonly #program: PipedProgram;
  readonly #lines: Line[] = [];
  readonly #conditions = new Conditions();

  constructor(path: string, args: readonly string[] = []) {
    this.#program = new PipedProgram(path, args);
    createInterface({ input: this.#program.output }).on("line", (line) => {
      this.#lines.push(JSON.parse(line) as Line);
      this.#conditions.recheck();
    });
    void this.#program.ended.then((error) => this.#conditions.end(error));
  }

  say(line: unknown): void {
    this.#program.write(`${JSON.stringify(line)}\n`);
  }

  /**
   * The oldest line that is accepted and that nobody has taken; what came before it stays.
   *
   * @throws when the program ends before, or after 30 seconds
   */
  take(accept: (line: Line) => boolean = () => true): Promise<Line> {
    const look = (): Line | undefined => {
      const at = this.#lines.findIndex(accept);
      return at < 0 ? undefined : this.#lines.splice(at, 1)[0];
    };
    return this.#conditions.find(look, "a line", { timeoutMs });
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
