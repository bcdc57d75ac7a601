import type { LightningMessage } from "@satwire/lnwire";
import { createRng, FormatError, fromStash, script, scriptFromJson } from "@satwire/testkit";
import { expect, test } from "vitest";
import { damaged } from "../support/damaged-text.ts";

const none = new Uint8Array(0);
const whole = script<LightningMessage>()
  .connect()
  .expect("ping", { numPongBytes: 5, ignored: Uint8Array.of(0, 255) }, { as: "it" })
  .send({ type: "pong", ignored: fromStash("it.ignored") })
  .send({ type: "unknown", id: 40_001, payload: none })
  .never("error")
  .ignore("warning", "pong")
  .lift("pong")
  .ignorePings()
  .oneOf(script<LightningMessage>().expect("pong"), script<LightningMessage>().expectClose())
  .anyOrder(script<LightningMessage>().wait(5))
  .tryAll(script<LightningMessage>().end())
  .expectClose({ by: "peer", text: "0x is text, 'so is 12n" });

test("a script comes back from JSON as it was", () => {
  const again = scriptFromJson<LightningMessage>(whole.toJson());
  expect(again.steps).toEqual(whole.steps);
  expect(again.toJson()).toBe(whole.toJson());
  const { satwireScript, steps } = JSON.parse(whole.toJson()) as Record<string, object[]>;
  expect(satwireScript).toBe(1);
  expect(steps?.[1]).toMatchObject({ where: { ignored: "0x00ff" } });
  expect(steps?.[2]).toMatchObject({ message: { ignored: { fromStash: "it.ignored" } } });
});

test("bigints and texts that look like data come back", () => {
  const where = { nonce: 12n, text: "12n", other: "'0x", list: [-1n, true], bytes: none };
  const [step] = scriptFromJson(script([{ step: "expect", where }]).toJson()).steps;
  expect(step).toEqual({ step: "expect", where });
});

test("a text that was damaged is refused, or means what it says", () => {
  const rng = createRng("damage");
  const pieces = ['"', "{", "}", "[", "]", ":", ",", "null", "0x", "9n", "'", "step", "__proto__"];
  for (let run = 0; run < 3000; run++) {
    const text = damaged(whole.toJson(), pieces, rng);
    try {
      const read = scriptFromJson(text);
      expect(scriptFromJson(read.toJson()).steps, text).toEqual(read.steps);
    } catch (error) {
      const isRefusal = error instanceof FormatError || error instanceof RangeError;
      expect(isRefusal, `${text}: ${String(error)}`).toBe(true);
    }
  }
});

test("as text it is one line for each step", () => {
  expect(String(whole)).toBe(`1. connect
2. expect ping where { numPongBytes: 5, ignored: Uint8Array(2 bytes) 00ff } as it
3. send { type: "pong", ignored: { fromStash: "it.ignored" } }
4. send { type: "unknown", id: 40001, payload: Uint8Array(0) }
5. never error
6. ignore warning, pong
7. lift pong
8. answer pings
9. oneOf
   branch 1:
     1. expect pong
   branch 2:
     1. expect the end
10. anyOrder
   branch 1:
     1. wait 5 ms
11. tryAll
   branch 1:
     1. end
12. expect the end where { by: "peer", text: "0x is text, 'so is 12n" }`);
  const withFunctions = script<LightningMessage>()
    .expect("ping", ({ numPongBytes }) => numPongBytes > 5)
    .expectClose(() => true);
  expect(String(withFunctions)).toMatch(
    /^1\. expect ping that fits .*numPongBytes > 5\n2\. expect the end that fits .*true/,
  );
});

test.each([
  ["condition", script<LightningMessage>().expect("ping", () => true)],
  ["message", script<LightningMessage>().send(() => ({ type: "pong", ignored: none }))],
])("a function as %s has no form in JSON", (_, functional) => {
  expect(() => functional.toJson()).toThrow(
    expect.objectContaining({ code: "invalid_field", message: "a function has no form in JSON" }),
  );
});

const steps = (...all: readonly unknown[]): string =>
  JSON.stringify({ satwireScript: 1, steps: all });

test.each([
  ["{", "invalid_json", "the text is no JSON"],
  ["[]", "invalid_json", "the text is no object"],
  ["{}", "invalid_format", "no script of version 1"],
  ['{"satwireScript":1,"steps":{}}', "invalid_field", "steps is no list"],
  [steps(5), "invalid_field", "steps[0] is no step"],
  [steps({ step: "toString" }), "invalid_field", "steps[0] is no step"],
  [steps({ step: "wait", ms: 1 }, { step: "wait" }), "invalid_field", "steps[1].ms is not"],
  [steps({ step: "end", ms: 1 }), "invalid_field", 'steps[0] has a field "ms"'],
  [steps({ step: "send", message: { id: 5 } }), "invalid_field", "steps[0].message is not"],
  [steps({ step: "never", types: [5] }), "invalid_field", "steps[0].types is not"],
  [steps({ step: "expect", type: 5 }), "invalid_field", "steps[0].type is not"],
  [steps({ step: "expect", where: "0x00" }), "invalid_field", "steps[0].where is not"],
  [steps({ step: "oneOf", branches: [[{}]] }), "invalid_field", "steps[0].branches[0][0] is no"],
  [steps({ step: "oneOf", branches: 5 }), "invalid_field", "steps[0].branches is no list"],
  [steps({ step: "expect", where: { a: "0x0" } }), "invalid_field", "bytes are not in hex"],
  [steps({ step: "expect", where: { a: null } }), "invalid_field", "null: leave the field out"],
])("%s is refused", (text, code, message) => {
  expect(() => scriptFromJson(text)).toThrow(FormatError);
  expect(() => scriptFromJson(text)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  );
});

test("what is deeper than any message is refused, as are steps that cannot be", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 40; i++) deep = [deep];
  expect(() => scriptFromJson(steps({ step: "expect", where: { deep } }))).toThrow("too deeply");
  expect(() => scriptFromJson(steps({ step: "wait", ms: -5 }))).toThrow(RangeError);
  expect(() => scriptFromJson(" ".repeat(16_777_217))).toThrow(
    expect.objectContaining({ code: "too_long" }),
  );
});
