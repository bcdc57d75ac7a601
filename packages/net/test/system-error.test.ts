import { expect, test } from "vitest";
import { NetError } from "../src/index.ts";
import { systemError } from "../src/system-error.ts";

const named = (code: unknown): Error => Object.assign(new Error("text of the system"), { code });

for (const [name, code] of [
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "reset"],
  ["EPIPE", "reset"],
  ["ECONNABORTED", "reset"],
  ["ETIMEDOUT", "timed_out"],
  ["ENOTFOUND", "host_not_found"],
  ["EAI_AGAIN", "host_not_found"],
  ["EAI_FAIL", "host_not_found"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["EHOSTDOWN", "unreachable"],
  ["ENETDOWN", "unreachable"],
  ["EADDRINUSE", "address_in_use"],
  ["EACCES", "failed"],
  ["toString", "failed"],
] as const) {
  test(`${name} is ${code}`, () => {
    const cause = named(name);
    const error = systemError(cause, "connecting to a:1", "a:1");
    expect(error).toBeInstanceOf(NetError);
    expect(error).toMatchObject({
      code,
      cause,
      address: "a:1",
      message: `connecting to a:1 failed: ${name}`,
    });
  });
}

test("an error of another realm is known by its name, too", () => {
  const foreign = Object.create(null, { code: { value: "ECONNREFUSED" } }) as unknown;
  expect(systemError(foreign, "it").code).toBe("refused");
});

test("anything without a name is failed", () => {
  for (const cause of [undefined, null, "text", 5, new Error("x"), named(5)]) {
    const error = systemError(cause, "it");
    expect(error).toMatchObject({ code: "failed", message: "it failed: unknown error" });
    expect(error.cause).toBe(cause);
  }
});
