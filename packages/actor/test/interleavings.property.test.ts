import { type ActorRef, ActorSystem, type Message } from "@satwire/actor";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActorPlan, Deed, Sending } from "./actor-plan.ts";
import { type ChosenOrder, orderOf, pickedOrder } from "./chosen-order.ts";
import { seededRandom } from "./seeded-random.ts";
import { WatchedActors } from "./watched-actors.ts";

// Several senders and actors, whose every step is chosen by a scheduler. What is checked is in WatchedActors: one
// turn at a time, in order, none after a stop, no mailbox over its capacity, one end for each message, a word to
// each sender, and an end of the system.

type Step =
  | { readonly do: "send"; readonly sending: Sending; readonly isAwaited: boolean }
  | { readonly do: "stop"; readonly actor: number }
  | { readonly do: "abort" }
  | { readonly do: "advance"; readonly ms: number };

interface Program {
  readonly plans: readonly ActorPlan[];
  readonly senders: readonly (readonly Step[])[];
  readonly limit: number;
}

const plan = fc.record<ActorPlan>({
  mailbox: fc.record({
    capacity: fc.integer({ min: 1, max: 3 }),
    overflow: fc.constantFrom("wait", "wait", "reject", "dropNewest", "dropOldest"),
    waitingLimit: fc.nat(3),
    dropWhen: fc.constantFrom(undefined, undefined, (waiting: number) => waiting >= 2),
  }),
  directive: fc.constantFrom("resume", "restart", "restart", "stop"),
  backoffMs: fc.constantFrom(0, 0, 5),
  stashCapacity: fc.nat(2),
  pendingLimit: fc.nat(2),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Deed[]>("reply", "replyLater", "stash", "unstash") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Deed[]>("deferReply", "keepReply", "pipeToSelf", "fail"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Deed[]>("throw", "rejectLater", "tellOther", "askOther"),
  },
  { weight: 1, arbitrary: fc.constant<Deed>("stop") },
);

const sending = fc.record<Sending>({
  verb: fc.constantFrom("tell", "tryTell", "ask"),
  actor: fc.nat(2),
  deed,
  isBound: fc.boolean(),
  timeoutMs: fc.constantFrom(undefined, 0, 5),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant("send" as const), sending, isAwaited: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stop" as const), actor: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.constantFrom(1, 5, 10) }),
  },
);

const program = fc.record<Program>({
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
  senders: fc.array(fc.array(step, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  limit: fc.constantFrom(1, 2, 64),
});

/** Lets all senders run to their end, then ends the system; gives what was not as it should be. */
async function faultsOf({ plans, senders }: Program, order: ChosenOrder): Promise<string> {
  const actors = new WatchedActors(order, plans);
  const run = async (sender: string, steps: readonly Step[]): Promise<void> => {
    for (const next of steps) {
      await order.pause(sender);
      if (next.do === "stop") actors.stop(next.actor);
      if (next.do === "abort") actors.abort();
      if (next.do === "advance") actors.clock.advanceAtOnce(next.ms);
      if (next.do === "send") {
        const sent = actors.send(sender, next.sending);
        if (next.isAwaited) await sent;
      }
      actors.check();
    }
  };
  for (const [i, steps] of senders.entries()) void run(`s${i}`, steps);
  await order.untilIdle();
  actors.checkIdle();
  return (await actors.end()).join("\n");
}

function assertFaultless(faults: string): void {
  if (faults !== "") throw new Error(faults);
}

test("in any order that fast-check chooses", async () => {
  await fc.assert(
    fc.asyncProperty(program, fc.scheduler(), async (chosen, scheduler) => {
      assertFaultless(await faultsOf(chosen, orderOf(scheduler, chosen.limit)));
    }),
    { numRuns: 400 },
  );
}, 60_000);

test("in any order that a seed chooses", async () => {
  await fc.assert(
    fc.asyncProperty(program, fc.integer(), async (chosen, seed) => {
      const random = seededRandom(seed);
      const order = pickedOrder((waiting) => Math.floor(random() * waiting), chosen.limit);
      assertFaultless(await faultsOf(chosen, order));
    }),
    { numRuns: 400 },
  );
}, 60_000);

test("when the last to come is always the first", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (chosen) => {
      const order = pickedOrder((waiting) => waiting - 1, chosen.limit);
      assertFaultless(await faultsOf(chosen, order));
    }),
    { numRuns: 200 },
  );
}, 60_000);

interface Note extends Message {
  readonly type: "note";
}

test("a mailbox keeps to its capacity when a hook tells the same actor of what it dropped", async () => {
  let metrics: ActorRef<Note> | undefined;
  let isInside = false;
  const waiting: number[] = [];
  const system = new ActorSystem({
    instrumentation: {
      onEvent: ({ type }) => {
        if (type !== "dropped" || isInside) return;
        isInside = true;
        metrics?.tryTell({ type: "note" });
        isInside = false;
      },
      onEnqueue: (_id, _message, count) => waiting.push(count),
    },
  });
  const mailbox = { capacity: 2, overflow: "dropOldest" } as const;
  metrics = system.spawn<Note>("metrics", () => {}, { mailbox });
  for (let i = 0; i < 10; i++) metrics.tryTell({ type: "note" });
  expect(Math.max(...waiting)).toBe(2);
  await system.shutdown();
});
