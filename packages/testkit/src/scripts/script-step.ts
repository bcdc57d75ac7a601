// What scripts consist of: plain data, with functions only where a test wants them.

/** The least that a script has to know of a message. */
export interface ScriptMessage {
  readonly type: string;
}

/** Stands for a value that was received: made by {@link fromStash}. */
export interface StashReference {
  /** The name of a message in the stash, and behind a point the name of its field. */
  readonly fromStash: string;
}

/**
 * A field of a message that was expected before, for fields of those that are sent or expected.
 *
 * @param path the type of the message, or what it was called with `as`, a point, and the name of the field
 * @example
 * ```ts
 * script().expect("ping").send({ type: "pong", nonce: fromStash("ping.nonce") });
 * ```
 */
export function fromStash(path: string): StashReference {
  if (!/^[^.]+\.[^.]+$/.test(path)) throw new RangeError(`"${path}" is not a message.field`);
  return { fromStash: path };
}

/** A message, or one with fields that come from the stash. */
export type Template<M> = M extends unknown
  ? { readonly [K in keyof M]: K extends "type" ? M[K] : M[K] | StashReference }
  : never;

/** The message of a type. */
export type MessageOfType<M extends ScriptMessage, T extends M["type"]> = Extract<
  M,
  { readonly type: T }
>;

/** What was received, by name. */
export interface Stash<M extends ScriptMessage> {
  /**
   * The last expected message of a type, or the one of that name.
   *
   * @throws AssertionError if there is none
   */
  get<N extends string>(name: N): N extends M["type"] ? MessageOfType<M, N> : M;
  /** All messages that steps have expected, in order. */
  readonly received: readonly M[];
}

/** Fields that a message has to have, as they are said; others may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** One step of a script. */
export type Step<M extends ScriptMessage = ScriptMessage> =
  | ConnectStep
  | ExpectStep<M>
  | SendStep<M>
  | TypesStep<M>
  | AnswerPingsStep
  | BranchStep<M>
  | WaitStep
  | ExpectCloseStep
  | EndStep;

/** Opens a connection. */
export interface ConnectStep {
  readonly step: "connect";
}

/** The next message, those that are ignored not counted, has to be like this. */
export interface ExpectStep<M extends ScriptMessage> {
  readonly step: "expect";
  /** @default any type */
  readonly type?: M["type"] | undefined;
  readonly where?: Fields | undefined;
  readonly accept?: ((message: M, stash: Stash<M>) => boolean) | undefined;
  /** The name in the stash. @default the type of the message */
  readonly as?: string | undefined;
}

/** Sends a message. */
export interface SendStep<M extends ScriptMessage> {
  readonly step: "send";
  readonly message: M | Template<M> | ((stash: Stash<M>) => M);
}

/**
 * From here on messages of these types end the script (`never`), or are passed over unless a step expects them
 * (`ignore`), or are like any other again (`lift`).
 */
export interface TypesStep<M extends ScriptMessage> {
  readonly step: "never" | "ignore" | "lift";
  readonly types: readonly M["type"][];
}

/** From here on pings that no step expects are answered: those of BOLT 1 and those of Bitcoin. */
export interface AnswerPingsStep {
  readonly step: "answerPings";
}

/**
 * - `oneOf`: the branch whose first step takes the next message; the first of them, if there are several.
 * - `anyOrder`: all branches; a message goes to the first one that takes it.
 * - `tryAll`: each branch in a run of its own.
 */
export interface BranchStep<M extends ScriptMessage> {
  readonly step: "oneOf" | "anyOrder" | "tryAll";
  readonly branches: readonly (readonly Step<M>[])[];
}

/** Lets time pass. What comes meanwhile waits for the next steps. */
export interface WaitStep {
  readonly step: "wait";
  readonly ms: number;
}

/** The other side has to end the connection, with no message before. */
export interface ExpectCloseStep {
  readonly step: "expectClose";
  /** Fields of how the connection ended. */
  readonly where?: Fields | undefined;
  readonly accept?: ((ending: unknown) => boolean) | undefined;
}

/** Ends this side of the connection. */
export interface EndStep {
  readonly step: "end";
}

/**
 * Looks at steps that may be somebody else's data.
 *
 * @throws RangeError that names the step
 */
export function checkSteps(steps: readonly Step<never>[], where = ""): void {
  for (const [index, step] of steps.entries()) {
    const at = `${where}${index + 1}`;
    const refuse = (text: string): never => {
      throw new RangeError(`step ${at}: ${text}`);
    };
    if (step.step === "wait" && !(Number.isFinite(step.ms) && step.ms >= 0)) {
      refuse(`${step.ms} ms is no time to wait`);
    }
    if ("types" in step && step.types.length === 0) refuse(`${step.step} of no types`);
    if (!("branches" in step)) continue;
    if (step.branches.length === 0) refuse(`${step.step} of no branches`);
    for (const [i, branch] of step.branches.entries()) {
      checkSteps(branch, `${at}.${i + 1}.`);
      if (step.step === "oneOf" && !beginsWithExpect(branch)) {
        refuse("a branch of oneOf has to begin with what it is chosen by: expect or expectClose");
      }
    }
  }
}

function beginsWithExpect([first]: readonly Step<never>[]): boolean {
  if (first === undefined) return false;
  if ("branches" in first) return first.branches.every(beginsWithExpect);
  return first.step === "expect" || first.step === "expectClose";
}
