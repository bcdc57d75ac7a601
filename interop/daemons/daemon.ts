/** A program that runs beside the tests: started on a leash, asked until it is ready, ended with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
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
}

/**
 * Asks until there is an answer other than `undefined`; an error is no answer.
 *
 * @throws after `timeoutMs`, with the last error as `cause`
 */
export async function ask<T>(
  what: string,
  question: () => Promise<T | undefined> | T | undefined,
  { timeoutMs = defaultTimeoutMs }: AskOptions = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await question();
      if (answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
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
  readonly #ended: Promise<unknown>;
  #isStopping = false;

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
    this.#ended = once(this.#child, "close").finally(() => log.end());
    this.#ended.catch(() => {}); // `ready` tells
  }

  /** Asks until the program is ready. @throws when it ends instead, with the end of its log */
  async ready<T>(question: () => Promise<T | undefined>, options?: AskOptions): Promise<T> {
    const gone = new AbortController();
    const end = this.#ended.then(() => {
      gone.abort();
      throw new Error(`${this.#name} ended\n${describeFolder(this.#folder)}`);
    });
    const asking = ask(
      `${this.#name} to be ready`,
      () => (gone.signal.aborted ? Promise.reject(gone.signal.reason) : question()),
      options,
    );
    try {
      return await Promise.race([asking, end]);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    } finally {
      end.catch(() => {});
      asking.catch(() => {});
    }
  }

  /** Resolves when its output has a line that matches, with the match. */
  logged(pattern: RegExp, options?: AskOptions): Promise<RegExpExecArray> {
    return ask(
      `${this.#name} to log ${pattern}`,
      async () => pattern.exec(await readFile(this.#log, "utf8")) ?? undefined,
      options,
    );
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isStopping) this.#child.stdin?.end();
    this.#isStopping = true;
    await this.#ended;
  }
}
