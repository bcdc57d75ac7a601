import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { filterMapInput, mapInput, mapRef } from "../src/adapters.ts";
import type { Message } from "../src/message.ts";
import type { ActorRef } from "../src/ref.ts";
import { fakeRef } from "./fake-ref.ts";

interface Ping extends Message<string> {
  readonly type: "ping";
}

const fail = (): never => {
  throw new Error("nobody looks");
};

test("failures that nobody looks at are no unhandled rejections", async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): unknown => unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  try {
    const ref = fakeRef<Ping>("ref", { reply: () => Promise.resolve("pong") });
    const refusing = fakeRef<Ping>("refusing", {
      told: async () => fail(),
      reply: async () => fail(),
    });
    const message = (ping: Ping): Ping => ping;
    const ping: Ping = { type: "ping" };
    void mapInput<Ping, Ping>(ref, fail).tell(ping);
    void mapInput(refusing, message).tell(ping);
    void filterMapInput<Ping, Ping>(ref, fail).tell(ping);
    const mapped: ActorRef<Ping>[] = [
      mapRef(ref, { message: fail, reply: String }),
      mapRef(ref, { message, reply: fail }),
      mapRef(refusing, { message, reply: String }),
    ];
    for (const one of mapped) void one.ask(ping);
    await setImmediate(); // Node tells of them after the microtasks
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", onUnhandled);
  }
});
