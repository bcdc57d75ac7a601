// Ports lnd's actor/system_test.go.
import { type ActorRef, type ActorSystem, serviceKey } from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { type Echo, echo, echoing, newSystem } from "./echo-actors.ts";
import { turns } from "./turns.ts";

const terminated = { name: "ActorError", code: "actor_terminated" };
const idsOf = (refs: readonly ActorRef<Echo>[]): string[] => refs.map(({ id }) => id);
const idsIn = (system: ActorSystem): string[] => system.actors.map(({ actorId }) => actorId);

describe("TestActorSystemNewActorSystem", () => {
  test("the dead letters have an id, and an ask to them fails with the message's type", async () => {
    const system = newSystem();
    expect(system.deadLetters.id).toBe("dead-letters");
    await expect(system.deadLetters.ask(echo("to-dlo"))).rejects.toMatchObject({
      code: "message_undeliverable",
      message: "message undeliverable: echo",
    });
    expect(system.actors).toEqual([]); // differs: they are no actor
  });
});

test("TestActorSystemRegisterWithSystem: found under its key, told, stopped, then unreachable", async () => {
  const system = newSystem();
  const key = serviceKey<Echo>("test-service");
  const seen: string[] = [];
  const behavior = ({ data }: Echo): string => `${seen.push(data)}`;
  const ref = system.spawn("test-actor-sys-reg", key, behavior);
  expect(ref.id).toBe("test-actor-sys-reg");
  expect(system.receptionist.find(key)).toEqual([ref]);
  await ref.ask(echo("hello-system-actor"));
  expect(seen).toEqual(["hello-system-actor"]);
  expect(await system.stop("test-actor-sys-reg")).toBe(true);
  await expect(ref.tell(echo("after-stop-to-dlo"))).rejects.toMatchObject(terminated);
  expect(system.deadLetters.recent.map(({ message }) => message)).toEqual([
    echo("after-stop-to-dlo"),
  ]);
});

describe("TestActorSystemShutdown", () => {
  test("asks fail after it, and no actor is left", async () => {
    const system = newSystem();
    const refs = [0, 1, 2].map((i) => {
      const key = serviceKey<Echo>(`service-${i}`);
      return key.spawn(system, `shutdown-test-actor-${i}`, echoing);
    });
    for (const ref of refs) expect(await ref.ask(echo("ping"))).toBe("echo: ping");
    await system.shutdown();
    for (const ref of refs) await expect(ref.ask(echo("late"))).rejects.toMatchObject(terminated);
    expect(system.actors).toEqual([]);
  });

  test("the dead letters (differs: they take letters after it, so that none is lost)", async () => {
    const system = newSystem();
    await system.shutdown();
    await expect(system.deadLetters.ask(echo("late"))).rejects.toMatchObject({
      code: "message_undeliverable",
    });
    expect(system.deadLetters.total).toBe(1);
  });
});

test("TestActorSystemStopAndRemoveActor: one actor's end is no other's, and an unknown one has none", async () => {
  const system = newSystem();
  const stopping = serviceKey<Echo>("service1").spawn(system, "actor-to-stop", echoing);
  const staying = serviceKey<Echo>("service2").spawn(system, "actor-to-keep", echoing);
  expect(await system.stop("actor-to-stop")).toBe(true);
  await expect(stopping.ask(echo("ping-actor1"))).rejects.toMatchObject(terminated);
  expect(idsIn(system)).toEqual(["actor-to-keep"]);
  expect(await staying.ask(echo("ping-actor2"))).toBe("echo: ping-actor2");
  expect(await system.stop("non-existent-actor")).toBe(false);
});

test("TestReceptionist: find and unregister, by keys that are the same when their names are", () => {
  const system = newSystem();
  const { receptionist } = system;
  const key1 = serviceKey<Echo>("key1");
  const key2 = serviceKey<Echo>("key2");
  const none = serviceKey<Echo>("non-existent");
  const one = key1.spawn(system, "actor1-rec", echoing);
  const two = key1.spawn(system, "actor2-rec", echoing);
  const three = key2.spawn(system, "actor3-rec", echoing);
  expect(idsOf(receptionist.find(key1))).toEqual(["actor1-rec", "actor2-rec"]);
  expect(receptionist.find(serviceKey<Echo>("key1"))).toEqual([one, two]);
  expect(receptionist.find(key2)).toEqual([three]);
  expect(receptionist.find(none)).toEqual([]);
  expect(receptionist.unregister(key1, one)).toBe(true);
  expect(receptionist.find(key1)).toEqual([two]);
  expect(receptionist.unregister(key1, one)).toBe(false);
  expect(receptionist.unregister(key1, two)).toBe(true);
  expect(receptionist.find(key1)).toEqual([]);
  expect(receptionist.unregister(key1, three)).toBe(false);
  expect(receptionist.unregister(none, one)).toBe(false);
  expect(receptionist.find(key2)).toEqual([three]);
});

describe("TestServiceKeyMethods", () => {
  test("spawn, and unregister (differs: the actor lives on, as in lnd's descendants)", async () => {
    const system = newSystem();
    const key = serviceKey<Echo>("sk-service");
    const ref = key.spawn(system, "actor-sk-spawn", echoing);
    expect([ref.id, key.find(system)]).toEqual(["actor-sk-spawn", [ref]]);
    expect(key.unregister(system, ref)).toBe(true);
    expect([key.find(system), idsIn(system)]).toEqual([[], ["actor-sk-spawn"]]);
    expect(await ref.ask(echo("ping"))).toBe("echo: ping");
    expect(key.unregister(system, ref)).toBe(false);
  });

  test("a ref of another system is not there to be unregistered", () => {
    const key = serviceKey<Echo>("sk-service");
    const other = newSystem();
    const foreign = key.spawn(other, "dummy-other-actor", echoing);
    expect(key.unregister(newSystem(), foreign)).toBe(false);
    expect(key.find(other)).toEqual([foreign]);
  });
});

describe("TestServiceKeyUnregisterAll (differs: that is stopAll; unregisterAll stops nobody)", () => {
  const verbs = ["unregisterAll", "stopAll"] as const;

  test.each(verbs)("many, and not those of another key: %s", async (verb) => {
    const system = newSystem();
    const a = serviceKey<Echo>("sk-ua-keyA");
    const b = serviceKey<Echo>("sk-ua-keyB");
    const [a1, a2] = [a.spawn(system, "a1", echoing), a.spawn(system, "a2", echoing)];
    const b1 = b.spawn(system, "b1", echoing);
    expect(await a[verb](system)).toBe(2);
    expect([a.find(system), b.find(system)]).toEqual([[], [b1]]);
    expect(idsIn(system)).toEqual(verb === "stopAll" ? ["b1"] : ["a1", "a2", "b1"]);
    for (const ref of [a1, a2]) {
      const reply = ref.ask(echo("ping"));
      if (verb === "stopAll") await expect(reply).rejects.toMatchObject(terminated);
      else expect(await reply).toBe("echo: ping");
    }
    expect(await b1.ask(echo("ping-b1"))).toBe("echo: ping-b1");
  });

  test.each(verbs)("none, and none any more: %s", async (verb) => {
    const system = newSystem();
    expect(await serviceKey<Echo>("sk-ua-key-empty")[verb](system)).toBe(0);
    const key = serviceKey<Echo>("sk-ua-key-idem");
    key.spawn(system, "actor-idem-ua", echoing);
    expect([await key[verb](system), await key[verb](system)]).toEqual([1, 0]);
    expect(key.find(system)).toEqual([]);
  });
});

describe("a router", () => {
  /** Spawns an actor that writes down what it gets. */
  function counting(system: ActorSystem, id: string, key = rr): [ActorRef<Echo>, string[]] {
    const seen: string[] = [];
    const behavior = ({ data }: Echo): string => {
      seen.push(data);
      return `${id}:echo: ${data}`;
    };
    return [key.spawn(system, id, behavior), seen];
  }
  const rr = serviceKey<Echo>("router-service");

  test("TestRouterNewRouter: its id names the service", () => {
    expect(rr.ref(newSystem()).id).toBe("router(router-service)");
  });

  test("TestRouterTellAndAskRoundRobin: of six messages each actor gets three", async () => {
    const system = newSystem();
    const [[, one], [, two]] = [counting(system, "actor1"), counting(system, "actor2")];
    const router = rr.ref(system);
    for (let i = 0; i < 6; i += 2) {
      await router.tell(echo(`message-${i}`));
      expect(await router.ask(echo(`message-${i + 1}`))).toBe(`actor2:echo: message-${i + 1}`);
    }
    await turns();
    expect([one, two]).toEqual([
      ["message-0", "message-2", "message-4"],
      ["message-1", "message-3", "message-5"],
    ]);
    expect(system.deadLetters.total).toBe(0);
  });

  test("TestRouterNoActorsAvailable: a tell is a dead letter, and both verbs fail", async () => {
    const system = newSystem();
    const router = rr.ref(system);
    const nobody = { code: "no_actors_available", actorId: "router(router-service)" };
    await expect(router.tell(echo("tell-no-actor"))).rejects.toMatchObject(nobody);
    await expect(router.ask(echo("ask-no-actor"))).rejects.toMatchObject(nobody);
    expect(router.tryTell(echo("try-no-actor"))).toBe(false);
    expect(system.deadLetters.recent).toMatchObject(
      ["tell", "ask", "try"].map((verb) => ({
        reason: "no_actors",
        actorId: "router(router-service)",
        message: echo(`${verb}-no-actor`),
      })),
    );
  });

  test("TestRouterTellAskContextCancellation: aborted, not sent and no dead letter", async () => {
    const system = newSystem();
    const [, seen] = counting(system, "target-ctx");
    const router = rr.ref(system);
    const signal = AbortSignal.abort("gone");
    const aborted = { code: "aborted", cause: "gone" };
    await expect(router.tell(echo("cancelled"), { signal })).rejects.toMatchObject(aborted);
    await expect(router.ask(echo("cancelled"), { signal })).rejects.toMatchObject(aborted);
    await router.ask(echo("barrier"));
    expect([seen, system.deadLetters.total]).toEqual([["barrier"], 0]);
  });

  test("TestRouterDynamicActorRegistration: goes by who is registered at each message", async () => {
    const system = newSystem();
    const router = rr.ref(system);
    const replies: string[] = [];
    const ask = async (data: string): Promise<unknown> =>
      replies.push(await router.ask(echo(data)));
    await expect(router.ask(echo("none"))).rejects.toMatchObject({ code: "no_actors_available" });
    const [actor1] = counting(system, "actor1");
    await ask("a");
    const [actor2] = counting(system, "actor2");
    await ask("b");
    await ask("c");
    rr.unregister(system, actor1);
    await ask("d");
    await ask("e");
    expect(replies.map((reply) => reply.replace("echo: ", ""))).toEqual([
      "actor1:a",
      "actor2:b",
      "actor1:c",
      "actor2:d",
      "actor2:e",
    ]);
    rr.unregister(system, actor2);
    const late = echo("dynamic-tell-no-actors");
    await expect(router.tell(late)).rejects.toMatchObject({ code: "no_actors_available" });
    expect(system.deadLetters.recent.at(-1)?.message).toBe(late);
  });
});
