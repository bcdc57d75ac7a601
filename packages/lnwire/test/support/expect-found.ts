// What a lenient reading finds, in a form that a table can state.
import { expect } from "vitest";
import {
  DecodeError,
  fromHex,
  type Inspection,
  lightningMessages,
  type MessageBase,
  type MessageSet,
  toHex,
} from "../../src/index.ts";
import { thrown } from "./thrown.ts";

type Invalid<M extends MessageBase> = Extract<Inspection<M>, { valid: false }>;

/** A problem without its text. */
export type Problem = readonly [
  code: DecodeError["code"],
  path: DecodeError["path"],
  offset: number,
];

/** What was found in a frame that is not valid. */
export function invalid<M extends MessageBase>(found: Inspection<M>): Invalid<M> {
  if (found.valid) throw new Error("the frame is valid", { cause: found.message });
  for (const problem of found.problems) expect(problem).toBeInstanceOf(DecodeError);
  return found;
}

/** The problems, without their texts. */
export function problemsOf({ problems }: { readonly problems: readonly DecodeError[] }): Problem[] {
  return problems.map(({ code, path, offset }) => [code, path, offset]);
}

/** Expects exactly this to be found in the frame, and that `decode` stops at the first problem. */
export function expectFound<M extends MessageBase>(
  hex: string,
  expected: { message: object | undefined; problems: readonly Problem[]; undecoded: string },
  set: MessageSet<M> = lightningMessages as unknown as MessageSet<M>,
): Invalid<M> {
  const frame = fromHex(hex);
  const found = invalid(set.inspect(frame));
  expect(found.frame).toBe(frame);
  expect(found.message).toStrictEqual(expected.message);
  expect(problemsOf(found)).toEqual(expected.problems);
  expect(toHex(found.undecoded)).toBe(expected.undecoded);

  const error = thrown(() => set.decode(frame));
  const { name, code, path, offset, message } = found.problems[0] as DecodeError;
  expect(error).toMatchObject({ name, code, path, offset, message });
  return found;
}
