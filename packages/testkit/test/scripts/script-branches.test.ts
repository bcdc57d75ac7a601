import { type LightningMessage, lightningMessages } from "@satwire/lnwire";
import { RawLightningConnection } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { plainInit } from "../support/raw-client.ts";
import { rawLightningPair } from "../support/raw-pairs.ts";
import { byHand, failureOf, ping, pong, script, warning } from "../support/script-parts.ts";

describe("branches", () => {
  test("oneOf: the branch that takes the next message goes on", async () => {
    const branching = script()
      .oneOf(script().expect("ping").send(pong(1)).expect("warning"), script().expect("pong"))
      .expect("ping");
    const first = byHand(ping(1), warning(""), ping(2));
    await branching.run(first.side);
    expect(first.sent).toEqual([pong(1)]);
    const second = byHand(pong(1), ping(2));
    await branching.run(second.side);
    expect(second.sent).toEqual([]);
    expect((await failureOf(branching.run(byHand(ping(1), pong(2)).side))).expected).toEqual({
      type: "warning",
    });
    await failureOf(branching.run(byHand(warning("")).side));
  });

  test("oneOf: an end is a branch as well", async () => {
    const { side } = byHand();
    side.close();
    await script().oneOf(script().expect("warning"), script().expectClose()).run(side);
  });

  test("anyOrder: side by side, a message to the first that takes it", async () => {
    const branching = script()
      .anyOrder(
        script().send(ping(1)).expect("pong").send(warning("done")),
        script().expect("ping", { numPongBytes: 7 }).expect("ping"),
      )
      .expect("warning");
    const first = byHand(ping(7), pong(1), ping(8), warning(""));
    await branching.run(first.side);
    expect(first.sent).toEqual([ping(1), warning("done")]);
    await branching.run(byHand(pong(1), ping(7), ping(8), warning("")).side);
    await failureOf(branching.run(byHand(pong(1), ping(8)).side));
    await failureOf(branching.run(byHand(pong(1), ping(7), warning("")).side));
  });

  test("branches within branches", async () => {
    const inner = script().anyOrder(
      script().expect("ping"),
      script().oneOf(script().expect("pong"), script().expect("warning").expect("pong")),
    );
    const nested = script().oneOf(script().expect("init"), inner).expect("error");
    const error = {
      type: "error",
      channelId: new Uint8Array(32),
      data: new Uint8Array(0),
    } as const;
    await nested.run(byHand(warning(""), ping(1), pong(1), error).side);
    await nested.run(byHand(pong(1), ping(1), error).side);
    await nested.run(byHand(plainInit, error).side);
    await failureOf(nested.run(byHand(warning(""), ping(1), error).side));
  });

  test("tryAll: each branch in a run of its own, on a connection of its own", async () => {
    const trying = script()
      .tryAll(script().send(ping(1)), script().send(ping(2)), script().send(ping(3)))
      .oneOf(
        script()
          .expect("pong")
          .tryAll(script().send(pong(8)), script().send(pong(9))),
        script().expectClose(),
      );
    expect(trying.variants().map(String)).toEqual([
      expect.stringContaining("numPongBytes: 1"),
      expect.stringContaining("numPongBytes: 2"),
      expect.stringContaining("numPongBytes: 3"),
    ]);
    const sent: LightningMessage[][] = [];
    let disposed = 0;
    const stashes = await trying.runAll(() => {
      const one = byHand(pong(1));
      sent.push(one.sent);
      const dispose = (): Promise<void> => Promise.resolve(void disposed++);
      return Object.assign(one.side, { [Symbol.asyncDispose]: dispose });
    });
    expect(sent).toEqual([
      [ping(1), pong(8)],
      [ping(2), pong(9)],
      [ping(3), pong(8)],
    ]);
    expect([stashes.length, disposed]).toEqual([3, 3]);
    await expect(trying.run(byHand().side)).rejects.toThrow(
      new RangeError("a script with tryAll in it is several: use runAll"),
    );
  });

  test("connect opens another connection, and disposes of the one before", async () => {
    const opened: ReturnType<typeof rawLightningPair>[] = [];
    const open = (): RawLightningConnection => {
      const pair = rawLightningPair();
      opened.push(pair);
      pair.called.sendFrame(lightningMessages.encode(ping(opened.length)));
      return pair.dialed;
    };
    const stash = await script().connect().expect("ping").connect().expect("ping").run(open);
    expect(stash.received).toEqual([ping(1), ping(2)]);
    expect(opened.map(({ dialed }) => dialed.ending)).toEqual([{ by: "us" }, { by: "us" }]);
    for (const pair of opened) await pair[Symbol.asyncDispose]();
    await expect(script().connect().connect().run(byHand().side)).rejects.toThrow(RangeError);
  });
});
