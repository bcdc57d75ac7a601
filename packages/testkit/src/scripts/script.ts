// Scripts: what one side of a connection says and expects, as a list of steps.
import { stepsFromJson, stepsToJson } from "./script-json.ts";
import { runAllVariants, runSteps, type ScriptRunOptions } from "./script-run.ts";
import {
  checkSteps,
  type Fields,
  type MessageOfType,
  type ScriptMessage,
  type Stash,
  type Step,
  type Template,
} from "./script-step.ts";
import { plainSteps } from "./script-text.ts";
import { variantsOf } from "./script-variants.ts";
import type { ScriptedConnection } from "./scripted-connection.ts";

/** Opens a connection for a script. */
export type OpenConnection<M> = () => ScriptedConnection<M> | Promise<ScriptedConnection<M>>;

/** A script, or the start of one for `oneOf` and the like. */
export type Branch<M extends ScriptMessage> = Script<M> | readonly Step<M>[];

/** More of what `expect` can be told. */
export interface ExpectOptions {
  /** The name in the stash. @default the type of the message */
  readonly as?: string | undefined;
}

/**
 * A script: steps that one side of a connection goes through. Each call returns a longer one, this one stays as it
 * is.
 *
 * It is strict: while it expects something, each message that comes is what it expects, or is ignored, or ends it.
 */
export interface Script<M extends ScriptMessage = ScriptMessage> {
  readonly steps: readonly Step<M>[];
  /** Opens the connection. A script that does not begin with it has it all the same; another one opens another. */
  connect(): Script<M>;
  /** The next message is of this type, and like that. */
  expect<T extends M["type"]>(
    type: T,
    like?:
      | Partial<Omit<Template<MessageOfType<M, T>>, "type">>
      | ((message: MessageOfType<M, T>, stash: Stash<M>) => boolean),
    options?: ExpectOptions,
  ): Script<M>;
  /** The next message is one that is accepted. */
  expect(accept: (message: M, stash: Stash<M>) => boolean, options?: ExpectOptions): Script<M>;
  send(message: Template<M> | ((stash: Stash<M>) => M)): Script<M>;
  /** A message of these types, from here on to the end of the script or to `lift`, ends it. */
  never(...types: readonly M["type"][]): Script<M>;
  /** Messages of these types that nothing expects are passed over from here on. */
  ignore(...types: readonly M["type"][]): Script<M>;
  /** Types are no longer ignored or refused. */
  lift(...types: readonly M["type"][]): Script<M>;
  /** Pings that nothing expects are answered, as a node does, from here on. */
  ignorePings(): Script<M>;
  /** The queries of BOLT 7 that nothing expects are passed over from here on. */
  ignoreGossipQueries(): Script<M>;
  /** The branch whose first step takes the next message. */
  oneOf(...branches: readonly Branch<M>[]): Script<M>;
  /** All branches, side by side: a message goes to the first one that takes it. */
  anyOrder(...branches: readonly Branch<M>[]): Script<M>;
  /** Each branch in a run of its own: see `runAll`. */
  tryAll(...branches: readonly Branch<M>[]): Script<M>;
  /** Lets time pass by the clock; what comes meanwhile is for the next steps. */
  wait(ms: number): Script<M>;
  /** The other side ends the connection, in a way like that. */
  expectClose(like?: Fields | ((ending: unknown) => boolean)): Script<M>;
  /** Ends this side of the connection. */
  end(): Script<M>;
  /** The steps of another script behind these. */
  concat(next: Branch<M>): Script<M>;
  /**
   * Plays the script. What the script itself has opened it resets in the end; a connection that is given stays open.
   *
   * @throws AssertionError with the script, a mark at the step that failed, what came instead and the last messages;
   * RangeError if the script has `tryAll` in it, or for a `timeoutMs` that is negative or no number; the signal's reason
   */
  run(
    connection: ScriptedConnection<M> | OpenConnection<M>,
    options?: ScriptRunOptions,
  ): Promise<Stash<M>>;
  /** Plays as many variants as it takes to have tried every branch of every `tryAll`. @throws AssertionError */
  runAll(open: OpenConnection<M>, options?: ScriptRunOptions): Promise<readonly Stash<M>[]>;
  /** The scripts that `runAll` plays. */
  variants(): readonly Script<M>[];
  /** The steps as JSON, with bytes as `0x…` and bigints as `12n`. @throws FormatError if there are functions in it */
  toJson(): string;
  /** One line for each step. */
  toString(): string;
}

/**
 * Starts a script, or makes one of steps.
 *
 * @throws RangeError that names a step with something that it cannot have
 * @example
 * ```ts
 * await script<LightningMessage>()
 *   .expect("init")
 *   .send({ type: "init", globalfeatures: none, features: none })
 *   .ignore("query_channel_range", "gossip_timestamp_filter")
 *   .send({ type: "ping", numPongBytes: 2, ignored: none })
 *   .expect("pong", { ignored: new Uint8Array(2) })
 *   .run(raw);
 * ```
 */
export function script<M extends ScriptMessage>(steps: readonly Step<M>[] = []): Script<M> {
  checkSteps(steps as readonly Step<never>[]);
  const all = Object.freeze([...steps]);
  const add = (step: Step<M>): Script<M> => script<M>([...all, step]);
  const branching =
    (step: "oneOf" | "anyOrder" | "tryAll") =>
    (...branches: readonly Branch<M>[]): Script<M> =>
      add({ step, branches: branches.map(stepsOf) });
  const typed =
    (step: "never" | "ignore" | "lift") =>
    (...types: readonly M["type"][]): Script<M> =>
      add({ step, types });
  return {
    steps: all,
    connect: () => add({ step: "connect" }),
    expect: (what: unknown, like?: unknown, options?: ExpectOptions) =>
      add(expectStep<M>(what, like, options)),
    send: (message) => add({ step: "send", message }),
    never: typed("never"),
    ignore: typed("ignore"),
    lift: typed("lift"),
    ignorePings: () => add({ step: "answerPings" }),
    ignoreGossipQueries: () => add({ step: "ignore", types: gossipQueries }),
    oneOf: branching("oneOf"),
    anyOrder: branching("anyOrder"),
    tryAll: branching("tryAll"),
    wait: (ms) => add({ step: "wait", ms }),
    expectClose: (like) =>
      add({
        step: "expectClose",
        ...(typeof like === "function" ? { accept: like } : whereOf(like)),
      }),
    end: () => add({ step: "end" }),
    concat: (next) => script<M>([...all, ...stepsOf(next)]),
    run: (connection, options) => runSteps(all, connection, options),
    runAll: (open, options) => runAllVariants(variantsOf(all), open, options),
    variants: () => variantsOf(all).map((variant) => script<M>(variant)),
    toJson: () => stepsToJson(all as readonly Step<never>[]),
    toString: () => plainSteps(all as readonly Step<never>[]),
  };
}

/** A script from what `toJson` wrote. @throws FormatError; RangeError as `script` does */
export function scriptFromJson<M extends ScriptMessage>(text: string): Script<M> {
  return script<M>(stepsFromJson(text) as unknown as Step<M>[]);
}

const gossipQueries: readonly string[] = [
  "query_short_channel_ids",
  "query_channel_range",
  "gossip_timestamp_filter",
];

function expectStep<M extends ScriptMessage>(
  what: unknown,
  like: unknown,
  options: ExpectOptions | undefined,
): Step<M> {
  type Accept = (message: M, stash: Stash<M>) => boolean;
  if (typeof what === "function") {
    return { step: "expect", accept: what as Accept, ...named(like as ExpectOptions | undefined) };
  }
  const condition =
    typeof like === "function" ? { accept: like as Accept } : whereOf(like as Fields | undefined);
  return { step: "expect", type: what as M["type"], ...condition, ...named(options) };
}

function whereOf(where: Fields | undefined): { readonly where?: Fields } {
  return where === undefined ? {} : { where };
}

function named({ as }: ExpectOptions = {}): { readonly as?: string } {
  return as === undefined ? {} : { as };
}

function stepsOf<M extends ScriptMessage>(branch: Branch<M>): readonly Step<M>[] {
  return "steps" in branch ? branch.steps : branch;
}
