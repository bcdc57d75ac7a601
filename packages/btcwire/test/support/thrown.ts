// What a call throws, as a value that a test can look at.
import { DecodeError, EncodeError } from "../../src/index.ts";

/** The codec error that `run` throws. Anything else, or nothing, fails the test. */
export function thrown(run: () => unknown): DecodeError | EncodeError {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("nothing was thrown", { cause: result });
}
