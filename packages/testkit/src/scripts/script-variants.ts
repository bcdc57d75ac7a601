// The runs that it takes to have tried every branch of every `tryAll`.
import type { ScriptMessage, Step } from "./script-step.ts";

/** Scripts without `tryAll`; as many as the step with most branches needs, not one for each combination. */
export function variantsOf<M extends ScriptMessage>(
  steps: readonly Step<M>[],
): readonly (readonly Step<M>[])[] {
  const parts = steps.map((step) => variantsOfStep(step));
  return zipped(parts).map((variant) => variant.flat());
}

/** What may stand in the place of a step: one list of steps for each variant. */
function variantsOfStep<M extends ScriptMessage>(step: Step<M>): readonly (readonly Step<M>[])[] {
  if (!("branches" in step)) return [[step]];
  const { step: kind, branches } = step;
  if (kind === "tryAll") return branches.flatMap((branch) => variantsOf(branch));
  return zipped(branches.map((branch) => variantsOf(branch))).map((variant) => [
    { step: kind, branches: variant },
  ]);
}

/** The n-th of each list; a list that is shorter begins again. */
function zipped<T>(lists: readonly (readonly T[])[]): T[][] {
  const count = Math.max(1, ...lists.map(({ length }) => length));
  return Array.from({ length: count }, (_, i) => lists.map((list) => list[i % list.length] as T));
}
