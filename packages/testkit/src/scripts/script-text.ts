// Scripts as text for people.
import { printable } from "../printable.ts";
import type { Step } from "./script-step.ts";

/** How far a list of steps has come; its children are those of the step that it stands at. */
export interface Progress {
  readonly steps: readonly Step<never>[];
  readonly at: number;
  readonly children: readonly Progress[] | undefined;
}

/** One line for each step, with a mark at those that are done (✓) and those that are waited for (>). */
export function markedSteps(progress: Progress): string {
  return linesOf(progress.steps, progress, "").join("\n");
}

/** One line for each step. */
export function plainSteps(steps: readonly Step<never>[]): string {
  return linesOf(steps, undefined, "").join("\n");
}

function linesOf(
  steps: readonly Step<never>[],
  progress: Progress | undefined,
  indent: string,
): string[] {
  return steps.flatMap((step, index) => {
    const at = progress?.at ?? 0;
    const mark = progress === undefined ? "" : index < at ? "✓ " : index === at ? "> " : "  ";
    const line = `${mark}${indent}${index + 1}. ${textOf(step)}`;
    if (!("branches" in step)) return [line];
    const branches = step.branches.flatMap((branch, i) => {
      const child =
        index === at ? progress?.children?.find(({ steps }) => steps === branch) : undefined;
      const label = `${mark === "" ? "" : "  "}${indent}   branch ${i + 1}:`;
      const known = progress === undefined ? undefined : (child ?? ended(branch, index < at));
      return [label, ...linesOf(branch, known, `${indent}     `)];
    });
    return [line, ...branches];
  });
}

/** A branch that nobody stands in. */
function ended(steps: readonly Step<never>[], isDone: boolean): Progress {
  return { steps, at: isDone ? steps.length : -1, children: undefined };
}

/** One step in a few words. */
function textOf(step: Step<never>): string {
  switch (step.step) {
    case "expect": {
      const { type = "any message", where, accept, as } = step as Step & { step: "expect" };
      const fields = where === undefined ? "" : ` where ${printable(where)}`;
      const condition = accept === undefined ? "" : ` that fits ${functionText(accept)}`;
      return `expect ${type}${fields}${condition}${as === undefined ? "" : ` as ${as}`}`;
    }
    case "send": {
      const { message } = step as { readonly message: unknown };
      return `send ${typeof message === "function" ? functionText(message) : printable(message)}`;
    }
    case "never":
    case "ignore":
    case "lift":
      return `${step.step} ${step.types.join(", ")}`;
    case "wait":
      return `wait ${step.ms} ms`;
    case "expectClose": {
      const fields = step.where === undefined ? "" : ` where ${printable(step.where)}`;
      return `expect the end${fields}${step.accept === undefined ? "" : ` that fits ${functionText(step.accept)}`}`;
    }
    case "answerPings":
      return "answer pings";
    default:
      return step.step;
  }
}

function functionText(run: unknown): string {
  const text = String(run).replaceAll(/\s+/g, " ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
