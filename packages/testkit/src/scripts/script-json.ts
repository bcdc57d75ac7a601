// Scripts as JSON.
import { FormatError } from "./format-error.ts";
import { fromPlain, toPlain } from "./plain-data.ts";
import type { Step } from "./script-step.ts";

const version = 1;
// A script is written by people; what is longer is none.
const maxLength = 16_777_216;

/** The fields of each kind of step, and of what type they are; with a question mark those that may be missing. */
const shapes: Readonly<Record<Step["step"], Readonly<Record<string, FieldKind>>>> = {
  connect: {},
  expect: { type: "text?", where: "object?", as: "text?" },
  send: { message: "message" },
  never: { types: "texts" },
  ignore: { types: "texts" },
  lift: { types: "texts" },
  answerPings: {},
  oneOf: { branches: "branches" },
  anyOrder: { branches: "branches" },
  tryAll: { branches: "branches" },
  wait: { ms: "number" },
  expectClose: { where: "object?" },
  end: {},
};

type FieldKind = "text?" | "object?" | "message" | "texts" | "branches" | "number";

/** @throws FormatError `invalid_field` if there is a function in it, which has no form in JSON */
export function stepsToJson(steps: readonly Step<never>[]): string {
  return JSON.stringify({ satwireScript: version, steps: toPlain(steps) }, undefined, 2);
}

/** @throws FormatError */
export function stepsFromJson(text: string): Step[] {
  if (text.length > maxLength) {
    throw new FormatError("too_long", `a script of ${text.length} characters`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("invalid_json", "the text is no JSON", { cause });
  }
  if (!isObject(json)) throw new FormatError("invalid_json", "the text is no object");
  if (json["satwireScript"] !== version) {
    throw new FormatError("invalid_format", `no script of version ${version}`);
  }
  const steps = fromPlain(json["steps"] ?? []);
  checkShapes(steps, "steps");
  return steps as Step[];
}

function checkShapes(steps: unknown, at: string): void {
  if (!Array.isArray(steps)) throw new FormatError("invalid_field", `${at} is no list`);
  for (const [index, step] of (steps as unknown[]).entries()) {
    const here = `${at}[${index}]`;
    const name = isObject(step) ? step["step"] : undefined;
    if (!isObject(step) || typeof name !== "string" || !Object.hasOwn(shapes, name)) {
      throw new FormatError("invalid_field", `${here} is no step`);
    }
    const shape = shapes[name as Step["step"]];
    for (const key of Object.keys(step)) {
      if (key === "step" || Object.hasOwn(shape, key)) continue;
      throw new FormatError("invalid_field", `${here} has a field "${key}"`);
    }
    for (const [key, kind] of Object.entries(shape)) checkField(step[key], kind, `${here}.${key}`);
  }
}

function checkField(value: unknown, kind: FieldKind, at: string): void {
  if (kind === "branches") {
    if (!Array.isArray(value)) throw new FormatError("invalid_field", `${at} is no list`);
    for (const [i, branch] of (value as unknown[]).entries()) checkShapes(branch, `${at}[${i}]`);
    return;
  }
  const fits = {
    "text?": value === undefined || typeof value === "string",
    "object?": value === undefined || isObject(value),
    message: isObject(value) && typeof value["type"] === "string",
    texts: Array.isArray(value) && value.every((item) => typeof item === "string"),
    number: typeof value === "number",
  };
  if (!fits[kind]) throw new FormatError("invalid_field", `${at} is not what belongs there`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}
