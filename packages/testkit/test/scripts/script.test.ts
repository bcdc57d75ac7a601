import type { BitcoinMessage } from "@satwire/btcwire";
import { type LightningMessage } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import {
  fromStash,
  LoopbackLightningNode,
  RawLightningConnection,
  script as scriptOf,
  ScriptedSide,
  settle,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { plainInit } from "../support/raw-client.ts";
import { rawBitcoinPair } from "../support/raw-pairs.ts";
import { byHand, failureOf, ping, pong, script, warning } from "../support/script-parts.ts";

describe("steps", () => {
  test("a conversation with a node, over a real connection", async () => {
    await using node = new LoopbackLightningNode();
    const [near, far] = memoryPair();
    node.attach(far);
    await using raw = RawLightningConnection.initiate(near, { remoteKey: node.publicKey });
    const stash = await script()
      .expect("init")
      .send(plainInit)
      .send(ping(3))
      .expect("pong", { ignored: new Uint8Array(3) })
      .send({ type: "unknown", id: 100, payload: new Uint8Array(0) })
      .expectClose({ by: "network" })
      .run(raw);
    expect(stash.get("init").features.length).toBeGreaterThan(0);
    expect(stash.received.map(({ type }) => type)).toEqual(["init", "pong"]);
  });

  test("Bitcoin messages, with a value that comes back", async () => {
    await using pair = rawBitcoinPair("v1");
    pair.called.send({ type: "ping", nonce: 77n }, { type: "verack" });
    const bitcoin = scriptOf<BitcoinMessage>()
      .expect("ping")
      .send({ type: "pong", nonce: fromStash("ping.nonce") })
      .expect("verack");
    await bitcoin.run(pair.dialed);
    expect(await pair.called.take("pong")).toEqual({ type: "pong", nonce: 77n });
  });

  test("each script is a value: a longer one does not change it", async () => {
    const start = script().expect("init");
    const longer = start.send(ping(1));
    expect([start.steps.length, longer.steps.length]).toEqual([1, 2]);
    expect(start.concat(longer).steps).toEqual([...start.steps, ...longer.steps]);
    const { side } = byHand(plainInit);
    await start.run(side);
  });

  test("send and conditions with functions, names in the stash", async () => {
    const { side, sent } = byHand(ping(5), ping(6));
    const stash = await script()
      .expect("ping", { numPongBytes: 5 }, { as: "first" })
      .expect("ping", ({ numPongBytes }, before) => {
        const first = before.get("first");
        return first.type === "ping" && numPongBytes === first.numPongBytes + 1;
      })
      .send((received) => pong(received.get("ping").numPongBytes))
      .run(side);
    expect(sent).toEqual([pong(6)]);
    expect(stash.get("first")).toEqual(ping(5));
    expect(() => stash.get("ping.numPongBytes")).toThrow(
      "nothing called ping.numPongBytes was expected before",
    );
  });

  test("expect takes any message that a function accepts", async () => {
    const { side } = byHand(ping(5));
    const isShort = (message: LightningMessage): boolean => message.type.length < 5;
    const stash = await script().expect(isShort, { as: "it" }).run(side);
    expect(stash.get("it")).toEqual(ping(5));
  });

  test("a message that is not expected ends the script", async () => {
    const { side } = byHand(warning("no"), ping(1));
    const error = await failureOf(script().expect("ping", { numPongBytes: 1 }).run(side));
    expect(error).toMatchObject({
      actual: warning("no"),
      expected: { type: "ping", numPongBytes: 1 },
      operator: "script",
    });
  });

  test("fields that differ end it, too; bytes are compared", async () => {
    const expected = script().expect("pong", { ignored: new Uint8Array(2) });
    await expected.run(byHand(pong(2)).side);
    await failureOf(expected.run(byHand(pong(3)).side));
  });

  test("ignored types are passed over, unless a step expects them, until they are lifted", async () => {
    const ignoring = script().ignore("warning", "pong").expect("pong").expect("ping");
    await ignoring.run(byHand(warning(""), pong(1), warning(""), pong(2), ping(1)).side);
    const lifted = ignoring.lift("warning").expect("ping");
    const { side } = byHand(pong(1), ping(1), pong(1), warning("x"), ping(2));
    expect((await failureOf(lifted.run(side))).actual).toEqual(warning("x"));
  });

  test("never holds from its place to the end or to lift, in waits as well", async () => {
    const refusing = script().expect("warning").never("warning").expect("ping").wait(100);
    const error = await failureOf(refusing.run(byHand(warning("a"), warning("b"), ping(1)).side));
    expect(error.message).toMatch(/^warning must not come here\n/);
    expect(error).toMatchObject({ actual: warning("b"), expected: "no warning" });

    const { side, clock } = byHand(warning("a"), ping(1));
    const late = failureOf(refusing.run(side, { clock }));
    await clock.advance(99);
    side.receive(warning("c"));
    expect((await late).actual).toEqual(warning("c"));
    expect(clock.pending).toEqual([]);

    const lifting = script().never("warning").expect("ping").lift("warning").expect("warning");
    await lifting.run(byHand(ping(1), warning("a")).side);
  });

  test("pings are answered where nothing expects them", async () => {
    const { side, sent } = byHand(ping(3), ping(70), pong(1));
    await script().ignorePings().expect("ping", { numPongBytes: 70 }).expect("pong").run(side);
    expect(sent).toEqual([pong(3)]);
    const long = byHand(ping(65_531), ping(65_532), pong(1));
    await script().ignorePings().expect("pong").run(long.side);
    expect(long.sent).toEqual([pong(65_531)]);
  });

  test("pings of Bitcoin are answered with their nonce", async () => {
    const sent: BitcoinMessage[] = [];
    const side = new ScriptedSide<BitcoinMessage>({ send: (message) => sent.push(message) });
    side.receive({ type: "ping", nonce: 5n });
    side.receive({ type: "ping" });
    side.receive({ type: "verack" });
    await scriptOf<BitcoinMessage>().ignorePings().expect("verack").run(side);
    expect(sent).toEqual([{ type: "pong", nonce: 5n }]);
  });

  test("gossip queries are passed over", async () => {
    const chainHash = new Uint8Array(32);
    const { side } = byHand(
      { type: "gossip_timestamp_filter", chainHash, firstTimestamp: 0, timestampRange: 0 },
      { type: "query_channel_range", chainHash, firstBlocknum: 0, numberOfBlocks: 1 },
      { type: "query_short_channel_ids", chainHash, shortChannelIds: [] },
      ping(1),
    );
    await script().ignoreGossipQueries().expect("ping").run(side);
  });

  test("wait: by the clock, and what comes meanwhile is there afterwards", async () => {
    const { side, clock, sent } = byHand();
    const run = script().wait(1000).expect("ping").send(pong(1)).run(side, { clock });
    await clock.advance(999);
    side.receive(ping(1));
    await settle();
    expect(sent).toEqual([]);
    await clock.advance(1);
    await run;
    expect(sent).toEqual([pong(1)]);
  });

  test("pings are answered while time passes", async () => {
    const { side, clock, sent } = byHand();
    const run = script().ignorePings().wait(1000).run(side, { clock });
    await clock.advance(10);
    side.receive(ping(3));
    await settle();
    expect(sent).toEqual([pong(3)]);
    await clock.advance(990);
    await run;
  });

  test("the end of the connection in a wait is for the next step", async () => {
    const { side, clock } = byHand(ping(1));
    const run = script().wait(10).expect("ping").expectClose().run(side, { clock });
    side.close();
    await clock.advance(10);
    await run;
  });

  test("expectClose: no message before, and in the way that is expected", async () => {
    const closed = (...incoming: readonly LightningMessage[]): ScriptedSide<LightningMessage> => {
      const { side } = byHand(...incoming);
      side.close({ by: "network", error: { code: "reset" } });
      return side;
    };
    await script().expectClose().run(closed());
    await script()
      .expectClose({ by: "network", error: { code: "reset" } })
      .run(closed());
    await script()
      .expectClose((ending) => (ending as { by: string }).by === "network")
      .run(closed());
    expect(await failureOf(script().expectClose({ by: "peer" }).run(closed()))).toMatchObject({
      actual: { by: "network" },
    });
    await failureOf(
      script()
        .expectClose(() => false)
        .run(closed()),
    );
    await failureOf(
      script()
        .expectClose()
        .run(closed(ping(1))),
    );
    const error = await failureOf(script().expect("ping").run(closed()));
    expect(error.message).toMatch(/^the connection ended instead: /);
    const late = await failureOf(script().send(ping(1)).run(closed()));
    expect(late.message).toMatch(/^the connection has ended\n/);
  });

  test("an end is told to who waits for it", async () => {
    const { side, clock } = byHand();
    const run = script().expectClose({ by: "peer" }).run(side, { clock });
    await settle();
    side.close();
    side.close({ by: "network" });
    await run;
  });

  test("end ends this side", async () => {
    const { side, ends } = byHand();
    await script().end().run(side);
    expect(ends()).toBe(1);
  });
});

describe("failures", () => {
  test("the text has the script with a mark, what came and the last messages", async () => {
    const { side } = byHand(plainInit, ping(1), pong(4));
    const failing = script()
      .expect("init")
      .send(ping(3))
      .oneOf(
        script().expect("warning"),
        script()
          .expect("ping")
          .expect("pong", { ignored: new Uint8Array(3) }),
      )
      .wait(5);
    const { message } = await failureOf(failing.run(side));
    expect(message).toBe(`pong came instead: { type: "pong", ignored: Uint8Array(4 bytes) 00000000 }

script:
✓ 1. expect init
✓ 2. send { type: "ping", numPongBytes: 3, ignored: Uint8Array(0) }
> 3. oneOf
     branch 1:
       1. expect warning
     branch 2:
✓      1. expect ping
>      2. expect pong where { ignored: Uint8Array(3 bytes) 000000 }
  4. wait 5 ms

last messages:
  received { type: "init", globalfeatures: Uint8Array(0), features: Uint8Array(6 bytes) 20000000a202 }
  sent     { type: "ping", numPongBytes: 3, ignored: Uint8Array(0) }
  received { type: "ping", numPongBytes: 1, ignored: Uint8Array(0) }
  received { type: "pong", ignored: Uint8Array(4 bytes) 00000000 }`);
  });

  test("time: for each step, and ignored messages give no more of it", async () => {
    const { side, clock } = byHand();
    const run = failureOf(
      script().ignore("warning").expect("ping").expect("pong").run(side, { clock, timeoutMs: 100 }),
    );
    await clock.advance(90);
    side.receive(ping(1));
    await clock.advance(60);
    side.receive(warning(""));
    await clock.advance(39);
    side.receive(warning(""));
    expect(await Promise.race([run, settle().then(() => "waits")])).toBe("waits");
    await clock.advance(1);
    const error = await run;
    expect(error.message).toMatch(/^nothing came in 100 ms\n/);
    expect(error.expected).toEqual({ type: "pong" });
    const idle = new ScriptedSide<LightningMessage>({ send: () => {} });
    await failureOf(script().expect("pong").run(idle, { timeoutMs: 0 }));
  });

  test.each([-1, Number.NaN])(
    "a time of %d ms is refused, whatever has come",
    async (timeoutMs) => {
      const run = script()
        .expect("ping")
        .run(byHand(ping(1)).side, { timeoutMs });
      await expect(run).rejects.toThrow(RangeError);
    },
  );

  test("only the last eight messages are shown", async () => {
    const { side } = byHand(...Array.from({ length: 20 }, (_, i) => ping(i)), pong(0));
    const { message } = await failureOf(script().ignore("ping").expect("warning").run(side));
    expect(message.match(/received/g)?.length).toBe(8);
  });

  test("a signal ends a run, in a wait as well", async () => {
    const reason = new Error("enough");
    await expect(script().run(byHand().side, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    for (const waiting of [script().expect("ping"), script().wait(1000)]) {
      const { side, clock } = byHand();
      const abort = new AbortController();
      const run = waiting.run(side, { signal: abort.signal, clock });
      await settle();
      abort.abort(reason);
      await expect(run).rejects.toBe(reason);
      expect(clock.pending).toEqual([]);
    }
  });

  test("what a connection throws comes out as it is", async () => {
    const boom = new Error("boom");
    const side = new ScriptedSide<LightningMessage>({ send: () => Promise.reject(boom) });
    await expect(script().send(ping(1)).run(side)).rejects.toBe(boom);
  });

  test("a reference to what was not received, or has no such field", async () => {
    const filling = (path: string) =>
      script()
        .expect("ping")
        .send({ type: "pong", ignored: fromStash(path) })
        .run(byHand(ping(1)).side);
    await expect(filling("init.features")).rejects.toThrow("nothing called init was expected");
    await expect(filling("ping.nonce")).rejects.toThrow("ping.nonce: the message has no such");
    expect(() => fromStash("ping")).toThrow(new RangeError('"ping" is not a message.field'));
  });

  test("a side that nobody reads is bounded", async () => {
    const side = new ScriptedSide<LightningMessage>({ send: () => {}, maxMessages: 2 });
    for (let i = 0; i < 3; i++) side.receive(ping(i));
    await expect(script().expect("ping").expect("ping").expect("ping").run(side)).rejects.toThrow(
      "more than 2 messages came",
    );
  });

  test("steps that cannot be are refused, with their place", () => {
    expect(() => script().wait(-1)).toThrow(new RangeError("step 1: -1 ms is no time to wait"));
    expect(() => script().never()).toThrow(new RangeError("step 1: never of no types"));
    expect(() => script().anyOrder()).toThrow(new RangeError("step 1: anyOrder of no branches"));
    expect(() =>
      script()
        .end()
        .oneOf(script().send(ping(1))),
    ).toThrow(
      "step 2: a branch of oneOf has to begin with what it is chosen by: expect or expectClose",
    );
    expect(() => script().anyOrder([{ step: "wait", ms: Number.NaN }])).toThrow(
      "step 1.1.1: NaN ms",
    );
    expect(() => script().oneOf([])).toThrow(RangeError);
  });
});
