import { defaultDialer, listenTcp, type NetError, parseHostPort } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { fault, faultyDialer } from "../../src/index.ts";

/** Everything an error says but where it was made, and the number, which each system has its own of. */
async function sayings(dial: Promise<unknown>): Promise<unknown> {
  const error = await dial.then(
    () => expect.unreachable("it was connected"),
    (reason: NetError) => reason,
  );
  const { code, syscall } = error.cause as NodeJS.ErrnoException;
  const { name, message, address } = error;
  return { name, code: error.code, message, address, cause: { code, syscall } };
}

describe("a dial that fails on purpose says what a real one says", () => {
  test("when nobody listens", async () => {
    const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });
    const listener = await listenTcp(anyPort, () => {});
    await listener.close();
    const real = await sayings(defaultDialer(listener.address));
    expect(await sayings(faultyDialer(defaultDialer, [fault.refuse()])(listener.address))).toEqual(
      real,
    );
  });

  test("when a name has no address", { timeout: 30_000 }, async () => {
    const target = parseHostPort("nobody.invalid:9735");
    const ours = await sayings(faultyDialer(defaultDialer, [fault.notFound()])(target));
    const real = await sayings(defaultDialer(target));
    // Without a name server at hand the system says that it could not ask.
    const { code } = (real as { cause: { code: string } }).cause;
    if (code === "ENOTFOUND") expect(ours).toEqual(real);
    else expect(real).toMatchObject({ code: "host_not_found", cause: { syscall: "getaddrinfo" } });
  });
});
