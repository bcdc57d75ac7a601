// Ports what the descendants of lnd's actor package add to its tests: substrate (shutdown, stoppable, caller context,
// service key ergonomics, type safety, system context, drain). Those of wavelength are in lnd-try-tell.test.ts.
import {
  type ActorContext,
  ActorSystem,
  type Behavior,
  Deferred,
  leastLoaded,
  type Message,
  type Receptionist,
  serviceKey,
  type TellRef,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import {
  deadValues,
  type Echo,
  echo,
  echoing,
  gatedActor,
  type Item,
  item,
  newSystem,
  outcomes,
} from "./echo-actors.ts";
import { ManualClock } from "./manual-clock.ts";
import { turns } from "./turns.ts";

describe("shutdown_test", () => {
  test("TestDeterministicShutdownWaits: until each actor has ended its turn", async () => {
    const system = newSystem();
    const actors = [];
    for (const id of ["actor-1", "actor-2", "actor-3"]) {
      actors.push(await gatedActor(system, undefined, id));
    }
    let isDown = false;
    const down = system.shutdown().then(() => (isDown = true));
    for (const { open } of actors) {
      await turns();
      expect(isDown).toBe(false);
      open();
    }
    await down;
    expect(system.actors).toEqual([]);
  });

  test("TestShutdownWithTimeout: aborted at the deadline, with the names of those that hang", async () => {
    const system = newSystem();
    const { ref, open } = await gatedActor(system, undefined, "hanging-1");
    system.spawn<Echo>("idle", echoing);
    const controller = new AbortController();
    const down = system.shutdown({ signal: controller.signal });
    await turns();
    controller.abort("deadline");
    await expect(down).rejects.toMatchObject({
      name: "ActorError",
      code: "aborted",
      cause: "deadline",
      hung: ["hanging-1"],
    });
    const late = system.shutdown({ signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject({ code: "aborted", hung: ["hanging-1"] });
    open();
    await system.whenTerminated(ref);
    await system.shutdown({ signal: new AbortController().signal });
  });

  test("TestShutdownIdempotency: three times in turn, and three times at once", async () => {
    const system = newSystem();
    system.spawn<Echo>("test-actor-1", echoing);
    await Promise.all([system.shutdown(), system.shutdown(), system.shutdown()]);
    for (let i = 0; i < 3; i++) await system.shutdown();
    expect(system.stats).toMatchObject({ spawned: 1, terminated: 1 });
  });

  test("TestShutdownEmptySystem, by await using", async () => {
    const system = new ActorSystem();
    {
      await using closed = system;
      expect(closed.actors).toEqual([]);
    }
    expect(() => system.spawn<Echo>("late", echoing)).toThrow(
      expect.objectContaining({ code: "system_terminated" }),
    );
  });
});

describe("stoppable_test", () => {
  test("TestStoppableInterfaceInvoked (differs: for a life that has begun, so onStart comes first)", async () => {
    const calls: string[] = [];
    const hooks = (id: string): Behavior<Echo> => ({
      receive: echoing,
      onStart: () => calls.push(`start ${id}`),
      onStop: () => calls.push(`stop ${id}`),
    });
    const system = newSystem();
    system.spawn("stoppable-1", hooks("1"));
    await turns();
    system.spawn("stoppable-2", hooks("2"));
    await system.shutdown();
    expect(calls).toEqual(["start 1", "stop 1"]);
  });

  test("TestStoppableOnStopCompletes: a slow cleanup is over when shutdown resolves", async () => {
    const cleanup = new Deferred<void>();
    const log: string[] = [];
    const system = newSystem();
    const ref = system.spawn<Echo>("cleanup-actor", {
      receive: echoing,
      async onStop() {
        log.push("started");
        await cleanup.promise;
        log.push("finished");
      },
    });
    await ref.ask(echo("test"));
    const down = system.shutdown().then(() => log.push("down"));
    await turns();
    expect(log).toEqual(["started"]);
    cleanup.resolve();
    await down;
    expect(log).toEqual(["started", "finished", "down"]);
  });

  test("WithCleanupTimeout: a cleanup that does not end is given 5 seconds", async () => {
    const clock = new ManualClock();
    const system = newSystem({ clock });
    const errors: unknown[] = [];
    void (async () => {
      for await (const event of system.events()) if (event.type === "error") errors.push(event);
    })();
    const hung = { receive: echoing, onStop: () => new Promise(() => {}) };
    const ref = system.spawn<Echo>("hung", hung);
    await ref.ask(echo("test"));
    const stopped = system.stop(ref);
    await clock.advance(4999);
    expect([system.actors.length, clock.pendingMs]).toEqual([1, [1]]);
    await clock.advance(1);
    expect(await stopped).toBe(true);
    expect(errors).toMatchObject([
      { actorId: "hung", phase: "stop", directive: undefined, error: { code: "cleanup_timeout" } },
    ]);
  });

  test("TestNonStoppableBehaviorWorksNormally", async () => {
    const system = newSystem();
    const ref = system.spawn<Echo>("normal-1", () => "normal");
    expect(await ref.ask(echo("test"))).toBe("normal");
    await system.shutdown();
    expect(system.stats).toMatchObject({ terminated: 1, error: 0 });
  });
});

describe("caller_context_test", () => {
  /** An actor that works until its signal aborts, and then replies with why. */
  function patient(system: ActorSystem) {
    const reasons: unknown[] = [];
    const ref = system.spawn<Echo>("patient", (_message, { signal }) => {
      const work = new Deferred<string>();
      const giveUp = (): void => {
        reasons.push((signal.reason as { code: string }).code);
        work.resolve("gave up");
      };
      signal.addEventListener("abort", giveUp);
      if (signal.aborted) giveUp();
      return work.promise;
    });
    return { ref, reasons };
  }

  test("TestCallerDeadlineRespected: the behavior learns of the asker's deadline", async () => {
    const clock = new ManualClock();
    const { ref, reasons } = patient(newSystem({ clock }));
    const reply = ref.ask(echo("work"), { timeoutMs: 50 });
    await clock.advance(49);
    expect(reasons).toEqual([]);
    await clock.advance(1);
    expect(reasons).toEqual(["ask_timeout"]);
    await expect(reply).rejects.toMatchObject({ code: "ask_timeout" });
  });

  test("TestCallerContextCancellation: and of an asker that gives up, before the turn or in it", async () => {
    const { ref, reasons } = patient(newSystem());
    const controller = new AbortController();
    const { signal } = controller;
    const replies = [ref.ask(echo("work"), { signal }), ref.ask(echo("more work"), { signal })];
    await turns();
    controller.abort("never mind");
    for (const reply of replies) {
      await expect(reply).rejects.toMatchObject({ code: "aborted", cause: "never mind" });
    }
    await turns();
    expect(reasons).toEqual(["aborted", "aborted"]);
  });

  test("TestActorShutdownOverridesCallerDeadline: a stop reaches the behavior long before", async () => {
    const clock = new ManualClock();
    const system = newSystem({ clock });
    const { ref, reasons } = patient(system);
    const reply = ref.ask(echo("work"), { timeoutMs: 5000 });
    await turns();
    await system.shutdown();
    expect(reasons).toEqual(["actor_terminated"]);
    expect(await reply).toBe("gave up"); // the turn that was under way still answers
    expect(clock.pendingMs).toEqual([]);
  });

  test("TestTellIgnoresCallerContextAfterEnqueue: it is handled, with a signal that is not aborted", async () => {
    const system = newSystem();
    const { ref, seen, open } = await gatedActor(system);
    const controller = new AbortController();
    await ref.tell(item(1), { signal: controller.signal });
    controller.abort();
    open();
    await turns();
    expect(seen).toEqual([1]);
    let aborted: boolean | undefined;
    const looking = system.spawn<Echo>("looking", ({ data }, { signal }) => {
      aborted = signal.aborted;
      return data;
    });
    const other = new AbortController();
    const told = looking.tell(echo("x"), { signal: other.signal });
    other.abort();
    await told;
    await turns();
    expect(aborted).toBe(false);
  });
});

describe("service_key_ergonomics_test", () => {
  const workers = serviceKey<Item>("worker-pool");
  function pool(system: ActorSystem, count: number): number[][] {
    return Array.from({ length: count }, (_, i) => {
      const seen: number[] = [];
      workers.spawn(system, `worker-${i + 1}`, ({ value }) => seen.push(value));
      return seen;
    });
  }

  test("TestServiceKeyRefCreatesRouter: twelve messages, four for each of three", async () => {
    const system = newSystem();
    const service = workers.ref(system);
    const seen = pool(system, 3); // later than the ref
    for (let i = 0; i < 12; i++) await service.ask(item(i));
    expect(seen).toEqual([0, 1, 2].map((i) => [i, i + 3, i + 6, i + 9]));
  });

  test("TestServiceKeyRefWithNoActors: no_actors_available", async () => {
    const service = serviceKey<Echo>("empty-service").ref(newSystem());
    const nobody = { code: "no_actors_available" };
    await expect(service.ask(echo("test"))).rejects.toMatchObject(nobody);
  });

  test("WithStrategy: the ref goes by another strategy", async () => {
    const system = newSystem();
    const seen = pool(system, 3);
    const service = workers.ref(system, { strategy: leastLoaded() });
    for (let i = 0; i < 3; i++) await service.ask(item(i));
    expect(seen).toEqual([[0, 1, 2], [], []]);
  });

  test("TestServiceKeyBroadcast, TestServiceKeyBroadcastWithNoActors: to all, and how many", async () => {
    const system = newSystem();
    expect(await workers.broadcast(system, item(0))).toBe(0);
    const seen = pool(system, 3);
    expect(await workers.broadcast(system, item(1))).toBe(3);
    await turns();
    expect(seen).toEqual([[1], [1], [1]]);
    expect(await workers.broadcast(system, item(2), { signal: AbortSignal.abort() })).toBe(0);
  });

  test("TestServiceKeyRefAndBroadcastTogether: a broadcast does not move the router on", async () => {
    const system = newSystem();
    const seen = pool(system, 3);
    const router = workers.ref(system);
    await router.ask(item(1));
    expect(await workers.broadcast(system, item(100))).toBe(3);
    await router.ask(item(2));
    await router.ask(item(3));
    expect(await workers.broadcast(system, item(200))).toBe(3);
    await router.ask(item(4));
    await turns();
    expect(seen).toEqual([
      [1, 100, 200, 4],
      [100, 2, 200],
      [100, 3, 200],
    ]);
  });

  test("Unregister stops nobody, and an actor that stops unregisters itself", async () => {
    const system = newSystem();
    pool(system, 3);
    const [one, two, three] = workers.find(system);
    if (one === undefined || two === undefined) throw new Error("there are three");
    expect(workers.unregister(system, one)).toBe(true);
    expect(await one.ask(item(1))).toBe(1);
    await system.stop(two);
    expect(workers.find(system)).toEqual([three]);
  });
});

describe("type_safety_test", () => {
  interface Count extends Message<number> {
    readonly type: "count";
    readonly count: number;
  }

  test("TestReceptionistTypeSafetyPreventsConflicts (differs: spawn throws, and there is no actor)", async () => {
    const system = newSystem();
    const keyA = serviceKey<Echo>("conflict-test", { types: ["echo"] });
    const keyB = serviceKey<Count>("conflict-test", { types: ["count"] });
    const a = keyA.spawn(system, "actor-a", echoing);
    const mismatch = {
      code: "service_key_mismatch",
      message: expect.stringContaining("conflict-test"),
    };
    const conflicts = [
      () => keyB.spawn(system, "actor-b", ({ count }) => count),
      () => keyB.find(system),
      () => system.receptionist.subscribe(keyB),
    ];
    for (const conflict of conflicts) expect(conflict).toThrow(expect.objectContaining(mismatch));
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["actor-a"]);
    expect(keyA.find(system)).toEqual([a]);
    await expect(keyB.ref(system).ask({ type: "count", count: 1 })).rejects.toMatchObject(mismatch);
  });

  test("TestReceptionistAllowsSameTypeRegistrations: in any order, and by a key without types", async () => {
    type Both = Echo | Count;
    const system = newSystem();
    const receive = (message: Both): never => {
      throw new Error(message.type);
    };
    const refs = [
      serviceKey<Both>("same", { types: ["echo", "count"] }).spawn(system, "1", receive),
      serviceKey<Both>("same", { types: ["count", "echo"] }).spawn(system, "2", receive),
      serviceKey<Both>("same", { types: ["echo", "count"] }).spawn(system, "3", receive),
      serviceKey<Both>("same").spawn(system, "4", receive),
    ];
    expect(serviceKey<Both>("same").find(system)).toEqual(refs);
  });

  test("TestReceptionistDirectRegistrationValidation: register throws service_key_mismatch", () => {
    const system = newSystem();
    const { receptionist } = system;
    const [a, b] = [
      system.spawn<Echo>("actor-a", echoing),
      system.spawn<Count>("actor-b", ({ count }) => count),
    ];
    receptionist.register(serviceKey<Echo>("direct-test", { types: ["echo"] }), a);
    expect(() =>
      receptionist.register(serviceKey<Count>("direct-test", { types: ["count"] }), b),
    ).toThrow(
      expect.objectContaining({
        code: "service_key_mismatch",
        message: expect.stringContaining("direct-test"),
      }),
    );
  });
});

test("system_context_test: an actor has its system's receptionist and dead letters", async () => {
  const system = newSystem();
  const key = serviceKey<Echo>("self");
  const ref = key.spawn(system, "actor", ({ data }, context: ActorContext<Echo>) => {
    const {
      receptionist,
      deadLetters,
    }: { receptionist: Receptionist; deadLetters: TellRef<Echo> } = context.system;
    deadLetters.tryTell(echo(data));
    return receptionist
      .find(key)
      .map(({ id }) => id)
      .join();
  });
  expect(await ref.ask(echo("lost"))).toBe("actor");
  expect(system.deadLetters.recent).toMatchObject([
    { reason: "sent", actorId: "dead-letters", message: echo("lost") },
  ]);
});

test("TestActorDrainToDLO: tells and asks that wait become dead letters, and askers learn of it", async () => {
  const system = newSystem();
  const { ref, open } = await gatedActor(system);
  await ref.tell(item(0));
  const asked = [1, 2].map((value) => ref.ask(item(value)));
  await ref.tell(item(3));
  const stopped = system.stop(ref);
  open();
  await stopped;
  expect(await outcomes(asked)).toEqual(["actor_terminated", "actor_terminated"]);
  expect(deadValues(system)).toEqual([0, 1, 2, 3]);
  expect(system.deadLetters.recent.map(({ reason }) => reason)).toEqual(
    Array.from({ length: 4 }, () => "stopped"),
  );
});
