/** A program that runs beside the tests: started on a leash, asked until it is ready, ended with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describeFolder } from "./folders.ts";
import { goPrograms } from "./provided.ts";

/** Seconds that a program has to end in order before it is killed. */
const graceSeconds = 20;
/** Between two questions whether something is so. */
const pauseMs = 50;
const defaultTimeoutMs = 45_000;

export interface DaemonOptions {
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Its output goes to a log here. */
  readonly folder: string;
}

/** How long to ask. */
export interface AskOptions {
  /** @default 45 seconds */
  readonly timeoutMs?: number;
  /** Gives up earlier, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Asks until there is an answer other than `undefined`; an error is no answer.
 *
 * @throws after `timeoutMs`, with the last error as `cause`
 */
export async function ask<T>(
  what: string,
  question: () => Promise<T | undefined> | T | undefined,
  { timeoutMs = defaultTimeoutMs, signal }: AskOptions = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  // A question may wait for what never comes, as that of a connection which nobody reads.
  const silence = setTimeout(timeoutMs, undefined, { ref: false }).then(() => {
    throw new Error("the last question had no answer");
  });
  silence.catch(() => {});
  do {
    const isLast = signal?.aborted === true;
    try {
      const answer = await Promise.race([question(), silence]);
      if (answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (isLast) throw signal.reason;
    await setTimeout(pauseMs);
  } while (performance.now() < end);
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause });
}

/** A running program. */
export class Daemon implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #folder: string;
  readonly #log: string;
  readonly #gone = new AbortController();
  readonly #ended: Promise<void>;

  constructor({ program, args, folder }: DaemonOptions) {
    this.#name = basename(program);
    this.#folder = folder;
    // Its input ends when this process does, whatever ends it; then the leash ends the program.
    this.#child = spawn(goPrograms()["common/leash"]!, [String(graceSeconds), program, ...args], {
      cwd: folder,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#log = join(folder, `${this.#name}.log`);
    const log = createWriteStream(this.#log);
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.#child.stdin?.on("error", () => {}); // it has ended, which `#ended` tells
    this.#ended = this.#end(log);
  }

  /** Asks until the program is ready. @throws when it ends instead, with the end of its log */
  async ready<T>(question: () => Promise<T | undefined>, options?: AskOptions): Promise<T> {
    try {
      return await this.#ask("be ready", question, options);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Resolves when its output has a line that matches, with the match. @throws when it ends without one */
  logged(pattern: RegExp, options?: AskOptions): Promise<RegExpExecArray> {
    const question = async (): Promise<RegExpExecArray | undefined> =>
      pattern.exec(await readFile(this.#log, "utf8")) ?? undefined;
    return this.#ask(`log ${pattern}`, question, options);
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }

  /** @throws when the program ends without an answer, with the end of its log */
  async #ask<T>(
    what: string,
    question: () => Promise<T | undefined>,
    options?: AskOptions,
  ): Promise<T> {
    const { signal } = this.#gone;
    try {
      return await ask(`${this.#name} to ${what}`, question, { ...options, signal });
    } catch (error) {
      if (error !== signal.reason) throw error;
      const text = `${this.#name} ended\n${describeFolder(this.#folder)}`;
      throw new Error(text, { cause: error });
    }
  }

  /** Resolves when the program has ended and its log is complete. */
  async #end(log: WriteStream): Promise<void> {
    const problem: unknown = await once(this.#child, "close").then(
      () => undefined,
      (error: unknown) => error, // it was not started
    );
    await new Promise((resolve) => log.end(resolve));
    this.#gone.abort(problem);
  }
}
