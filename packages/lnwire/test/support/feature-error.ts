import { FeatureError } from "../../src/index.ts";

/** The feature error that `run` throws. Anything else, or nothing, fails the test. */
export function featureError(run: () => unknown): FeatureError {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    if (error instanceof FeatureError) return error;
    throw error;
  }
  throw new Error("nothing was thrown", { cause: result });
}
