import { VirtualClock } from "@satwire/testkit";
import { expect, test } from "vitest";
import { PeerError } from "../src/errors.ts";
import { Pings } from "../src/pings.ts";
import { failure } from "./collect.ts";

test("time is counted from when the ping was handed over, not from when it began to wait", async () => {
  const clock = new VirtualClock();
  const pings = new Pings(clock);
  let sent = (): void => {};
  const roundTrip = pings.send(
    { numPongBytes: 4 },
    () => new Promise((resolve) => (sent = resolve)),
  );
  await clock.advance(500);
  sent();
  await clock.advance(20);
  pings.receive(4);
  expect(await roundTrip).toBe(20);
  expect(clock.pending).toEqual([]);
});

test("a pong that is there before the sending is reported done counts", async () => {
  const pings = new Pings(new VirtualClock());
  const roundTrip = pings.send({ numPongBytes: 4 }, async () => pings.receive(4));
  expect(await roundTrip).toBe(0);
});

test("the late pong of a ping that was given up does not answer the next one", async () => {
  const clock = new VirtualClock();
  const pings = new Pings(clock);
  const late = failure(pings.send({ timeoutMs: 50 }, async () => {}));
  await clock.advance(50);
  expect((await late).code).toBe("ping_timeout");
  const next = pings.send({}, async () => {});
  await clock.advance(5);
  pings.receive(1); // for the first
  await clock.advance(5);
  pings.receive(1);
  expect(await next).toBe(10);
});

test("a ping that cannot be sent leaves nothing behind", async () => {
  const clock = new VirtualClock();
  const pings = new Pings(clock);
  const refused = new PeerError("send_queue_full", "full");
  const failed = await failure(pings.send({}, () => Promise.reject(refused)));
  expect(failed).toBe(refused);
  expect(clock.pending).toEqual([]);
});

test("a ping that never gets to the socket times out", async () => {
  const clock = new VirtualClock();
  const failed = failure(new Pings(clock).send({ timeoutMs: 50 }, () => new Promise(() => {})));
  await clock.advance(50);
  expect((await failed).code).toBe("ping_timeout");
});
