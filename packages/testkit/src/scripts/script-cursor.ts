// Where a script stands, and which message it takes there.
import type { ScriptStash } from "./script-stash.ts";
import type { ExpectCloseStep, ExpectStep, ScriptMessage, Step } from "./script-step.ts";

/** A message, or the end of the connection. */
export type ScriptEvent<M> = { readonly message: M } | { readonly ending: unknown };

/** A place in a list of steps. */
export class Cursor<M extends ScriptMessage> {
  readonly steps: readonly Step<M>[];
  at = 0;
  /** Where the branches of the step stand that it is at: all of `anyOrder`, the chosen one of `oneOf`. */
  children: Cursor<M>[] | undefined;

  constructor(steps: readonly Step<M>[]) {
    this.steps = steps;
  }

  get step(): Step<M> | undefined {
    return this.steps[this.at];
  }

  get isDone(): boolean {
    return this.at >= this.steps.length;
  }
}

/** Whether the step that waits takes this. Changes nothing. */
export function canTake<M extends ScriptMessage>(
  cursor: Cursor<M>,
  event: ScriptEvent<M>,
  stash: ScriptStash<M>,
): boolean {
  const { step } = cursor;
  switch (step?.step) {
    case "expect":
      return "message" in event && fits(step as ExpectStep<M>, event.message, stash);
    case "expectClose": {
      const { where = {}, accept = () => true } = step as ExpectCloseStep;
      if ("message" in event) return false;
      return stash.hasFields(event.ending, where) && accept(event.ending);
    }
    case "oneOf":
    case "anyOrder":
      return candidates(cursor).some((child) => canTake(child, event, stash));
    default:
      return false;
  }
}

/** Takes what `canTake` said yes to. */
export function take<M extends ScriptMessage>(
  cursor: Cursor<M>,
  event: ScriptEvent<M>,
  stash: ScriptStash<M>,
): void {
  const { step } = cursor;
  if (step?.step === "oneOf" || step?.step === "anyOrder") {
    const all = candidates(cursor);
    const child = all.find((one) => canTake(one, event, stash)) as Cursor<M>;
    cursor.children = step.step === "oneOf" ? [child] : all;
    take(child, event, stash);
    return;
  }
  if ("message" in event) stash.keep(event.message, (step as ExpectStep<M>).as);
  cursor.at++;
}

function candidates<M extends ScriptMessage>(cursor: Cursor<M>): Cursor<M>[] {
  const { branches } = cursor.step as { readonly branches: readonly (readonly Step<M>[])[] };
  return cursor.children ?? branches.map((branch) => new Cursor<M>(branch));
}

function fits<M extends ScriptMessage>(
  { type, where = {}, accept = () => true }: ExpectStep<M>,
  message: M,
  stash: ScriptStash<M>,
): boolean {
  if (type !== undefined && message.type !== type) return false;
  return stash.hasFields(message, where) && accept(message, stash);
}
