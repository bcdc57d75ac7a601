// Plays scripts.
import { type Clock, sleep, systemClock } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import type { WaitOptions } from "../conditions.ts";
import { printable } from "../printable.ts";
import { canTake, Cursor, type ScriptEvent, take } from "./script-cursor.ts";
import { pongFor } from "./script-pong.ts";
import { ScriptStash } from "./script-stash.ts";
import type { ScriptMessage, SendStep, Stash, Step } from "./script-step.ts";
import { markedSteps, type Progress } from "./script-text.ts";
import type { ScriptedConnection } from "./scripted-connection.ts";

/** What `run` can be told. `timeoutMs` is for each thing that is expected, by the clock. */
export interface ScriptRunOptions extends WaitOptions {
  /**
   * The clock of the connection.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
}

type Open<M> = () => ScriptedConnection<M> | Promise<ScriptedConnection<M>>;

/** Messages that the text of a failure shows. */
const shownMessages = 8;

/** Messages that are read ahead while time passes. */
const maxAhead = 1000;

/** Plays one script. */
export async function runSteps<M extends ScriptMessage>(
  steps: readonly Step<M>[],
  connection: ScriptedConnection<M> | Open<M>,
  options: ScriptRunOptions = {},
): Promise<Stash<M>> {
  const run = new Run<M>(steps, connection, options);
  try {
    await run.play();
  } finally {
    await run.dispose();
  }
  return run.stash;
}

/** Plays one script after the other, each on a connection of its own. */
export async function runAllVariants<M extends ScriptMessage>(
  variants: readonly (readonly Step<M>[])[],
  open: Open<M>,
  options: ScriptRunOptions = {},
): Promise<readonly Stash<M>[]> {
  const stashes: Stash<M>[] = [];
  for (const variant of variants) stashes.push(await runSteps(variant, open, options));
  return stashes;
}

class Run<M extends ScriptMessage> {
  readonly stash = new ScriptStash<M>();
  readonly #root: Cursor<M>;
  readonly #open: Open<M> | undefined;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #timeoutMs: number;
  #connection: ScriptedConnection<M> | undefined;
  #isOurs = false;
  readonly #refused = new Set<string>();
  readonly #ignored = new Set<string>();
  #answersPings = false;
  /** What came while time passed. */
  readonly #ahead: ScriptEvent<M>[] = [];
  readonly #last: string[] = [];

  constructor(
    steps: readonly Step<M>[],
    connection: ScriptedConnection<M> | Open<M>,
    { clock = systemClock, signal, timeoutMs = 5000 }: ScriptRunOptions,
  ) {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`);
    this.#root = new Cursor<M>(steps);
    if (typeof connection === "function") this.#open = connection;
    else this.#connection = connection;
    this.#clock = clock;
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
  }

  async play(): Promise<void> {
    this.#signal?.throwIfAborted();
    const [first] = this.#root.steps;
    if (first?.step === "connect") this.#root.at++;
    await this.#connect();
    await this.#advance(this.#root);
    let since = this.#clock.now();
    while (!this.#root.isDone) {
      const event = this.#ahead.shift() ?? (await this.#next(since));
      this.#refuse(event);
      if (canTake(this.#root, event, this.stash)) {
        take(this.#root, event, this.stash);
        await this.#advance(this.#root);
        since = this.#clock.now();
      } else if (!(await this.#ignores(event))) {
        throw this.#failure(event);
      }
    }
  }

  async dispose(): Promise<void> {
    if (!this.#isOurs) return;
    const connection = this.#connection as Partial<AsyncDisposable> | undefined;
    await connection?.[Symbol.asyncDispose]?.();
  }

  async #connect(): Promise<void> {
    if (this.#open === undefined) return;
    await this.dispose();
    this.#connection = await this.#open();
    this.#isOurs = true;
  }

  /** Does all that needs no message, up to the next step that does. */
  async #advance(cursor: Cursor<M>): Promise<void> {
    for (let step = cursor.step; step !== undefined; step = cursor.step) {
      if (step.step === "expect" || step.step === "expectClose") return;
      if (step.step === "oneOf" && cursor.children === undefined) return;
      if (step.step === "oneOf" || step.step === "anyOrder") {
        cursor.children ??= (step as { branches: readonly (readonly Step<M>[])[] }).branches.map(
          (branch) => new Cursor<M>(branch),
        );
        for (const child of cursor.children) await this.#advance(child);
        if (!cursor.children.every(({ isDone }) => isDone)) return;
        cursor.children = undefined;
      } else {
        await this.#perform(step);
      }
      cursor.at++;
    }
  }

  async #perform(step: Step<M>): Promise<void> {
    switch (step.step) {
      case "connect":
        if (this.#open === undefined) {
          throw new RangeError("a script that connects twice needs a function that connects");
        }
        return this.#connect();
      case "send":
        return this.#send(step as SendStep<M>);
      case "wait":
        return this.#wait((step as { ms: number }).ms);
      case "end":
        await this.#use().end();
        return;
      case "answerPings":
        this.#answersPings = true;
        return;
      case "never":
      case "ignore":
      case "lift":
        for (const type of (step as { types: readonly string[] }).types) {
          this.#refused.delete(type);
          this.#ignored.delete(type);
          if (step.step === "never") this.#refused.add(type);
          if (step.step === "ignore") this.#ignored.add(type);
        }
        return;
      default:
        throw new RangeError("a script with tryAll in it is several: use runAll");
    }
  }

  async #send({ message }: SendStep<M>): Promise<void> {
    const connection = this.#use();
    if (connection.ending !== undefined) {
      throw this.#error("the connection has ended", connection.ending, message);
    }
    const filled =
      typeof message === "function" ? message(this.stash) : (this.stash.fill(message) as M);
    this.#remember(`sent     ${printable(filled)}`);
    await connection.send(filled);
  }

  async #wait(ms: number): Promise<void> {
    const stop = new AbortController();
    const both =
      this.#signal === undefined ? stop.signal : AbortSignal.any([stop.signal, this.#signal]);
    const readAhead = async (): Promise<void> => {
      while (this.#ahead.length < maxAhead) {
        const event = await this.#receive({ signal: both, timeoutMs: ms + 1 });
        this.#refuse(event);
        if (await this.#ignores(event)) continue;
        this.#ahead.push(event);
        if (!("message" in event)) return;
      }
    };
    let failure: { readonly error: unknown } | undefined;
    const reading = readAhead().catch((error: unknown) => {
      // That nothing came is what a wait is about.
      if (!stop.signal.aborted && !isTimeout(error)) failure = { error };
      if (failure !== undefined) stop.abort();
    });
    try {
      await sleep(this.#clock, ms, { signal: both });
    } catch (error) {
      if (failure === undefined) throw error;
    } finally {
      stop.abort();
      await reading;
    }
    if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  }

  /** What comes next, within the time that a step has. */
  async #next(since: number): Promise<ScriptEvent<M>> {
    const timeoutMs = Math.max(0, this.#timeoutMs - (this.#clock.now() - since));
    try {
      return await this.#receive({ signal: this.#signal, timeoutMs });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw this.#error(
        `nothing came in ${this.#timeoutMs} ms`,
        undefined,
        this.#expected(),
        error,
      );
    }
  }

  async #receive(options: WaitOptions): Promise<ScriptEvent<M>> {
    const connection = this.#use();
    const message = await connection.nextMessage(options);
    if (message === undefined) {
      this.#remember(`ended    ${printable(connection.ending)}`);
      return { ending: connection.ending };
    }
    this.#remember(`received ${printable(message)}`);
    return { message };
  }

  #refuse(event: ScriptEvent<M>): void {
    if (!("message" in event) || !this.#refused.has(event.message.type)) return;
    const { type } = event.message;
    throw this.#error(`${type} must not come here`, event.message, `no ${type}`);
  }

  async #ignores(event: ScriptEvent<M>): Promise<boolean> {
    if (!("message" in event)) return false;
    const { message } = event;
    if (this.#answersPings && message.type === "ping") {
      const pong = pongFor(message) as M | undefined;
      if (pong !== undefined) {
        this.#remember(`sent     ${printable(pong)}`);
        await this.#use().send(pong);
      }
      return true;
    }
    return this.#ignored.has(message.type);
  }

  #failure(event: ScriptEvent<M>): AssertionError {
    const [text, actual] =
      "message" in event
        ? [`${event.message.type} came instead: ${printable(event.message)}`, event.message]
        : [`the connection ended instead: ${printable(event.ending)}`, event.ending];
    return this.#error(text, actual, this.#expected());
  }

  /** What the step that is waited for wants, as data. */
  #expected(): unknown {
    let cursor: Cursor<M> | undefined = this.#root;
    while (cursor?.children?.length === 1) [cursor] = cursor.children;
    const step = cursor?.step;
    if (step?.step === "expect") {
      const { type, where = {} } = step as { type?: string; where?: object };
      const fields = this.stash.fill(where) as object;
      return type === undefined ? fields : { type, ...fields };
    }
    return step;
  }

  #error(text: string, actual: unknown, expected: unknown, cause?: unknown): AssertionError {
    const last =
      this.#last.length === 0 ? "  (none)" : this.#last.map((line) => `  ${line}`).join("\n");
    const report = `${text}\n\nscript:\n${markedSteps(this.#root as unknown as Progress)}\n\nlast messages:\n${last}`;
    return new AssertionError(report, {
      actual,
      expected,
      operator: "script",
      ...(cause === undefined ? {} : { cause }),
    });
  }

  #remember(line: string): void {
    this.#last.push(line);
    if (this.#last.length > shownMessages) this.#last.shift();
  }

  #use(): ScriptedConnection<M> {
    return this.#connection as ScriptedConnection<M>; // there is one before the first step
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof AssertionError && error.operator === "fail";
}
