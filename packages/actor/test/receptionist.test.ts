import {
  type ActorRef,
  Deferred,
  mapInput,
  type Message,
  type ServiceKey,
  serviceKey,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { fakeRef } from "./fake-ref.ts";
import { recordedSystem } from "./recorded-system.ts";
import { turns } from "./turns.ts";

interface Go extends Message<string> {
  readonly type: "go";
}
interface Other extends Message {
  readonly type: "other";
}

const go = { type: "go" } as const;
const ids = (refs: readonly ActorRef<never>[]): string[] => refs.map(({ id }) => id);
const echo = (): string => "reply";
const refused = (code: string, actorId?: string) =>
  expect.objectContaining(actorId === undefined ? { code } : { code, actorId });

describe("register, find, unregister", () => {
  test("in the order of registration, once each; keys of one name are one key", () => {
    const { system } = recordedSystem();
    const { receptionist } = system;
    const key = serviceKey<Go>("key");
    const [a, b] = ["a", "b"].map((id) => system.spawn<Go>(id, echo)) as [
      ActorRef<Go>,
      ActorRef<Go>,
    ];
    receptionist.register(key, b);
    receptionist.register(key, a);
    receptionist.register(key, b);
    expect(receptionist.find(serviceKey<Go>("key"))).toEqual([b, a]);
    expect(receptionist.find(serviceKey<Go>("absent"))).toEqual([]);
    expect(receptionist.unregister(key, b)).toBe(true);
    expect(receptionist.unregister(key, b)).toBe(false);
    expect(receptionist.unregister(serviceKey<Go>("absent"), a)).toBe(false);
    expect(key.find(system)).toEqual([a]);
    expect(system.actors).toHaveLength(2); // unregister stops nobody
  });

  test("a list that was found does not change any more, and cannot be changed", () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const a = key.spawn(system, "a", echo);
    const before = key.find(system);
    key.spawn(system, "b", echo);
    key.unregister(system, a);
    expect(ids(before)).toEqual(["a"]);
    expect(Object.isFrozen(before)).toBe(true);
    expect(ids(key.find(system))).toEqual(["b"]);
  });

  test("an actor leaves every service the moment it is to end, not when it has ended", async () => {
    const { system } = recordedSystem();
    const keys = ["x", "y"].map((name) => serviceKey<Go>(name)) as [ServiceKey<Go>, ServiceKey<Go>];
    const gate = new Deferred<string>();
    const ref = system.spawn<Go>("a", () => gate.promise);
    for (const key of keys) system.receptionist.register(key, ref);
    const asked = ref.ask(go);
    await turns();
    const stopped = system.stop(ref);
    expect(keys.map((key) => key.find(system))).toEqual([[], []]);
    expect(() => system.receptionist.register(keys[0], ref)).toThrow(
      refused("actor_terminated", "a"),
    );
    gate.resolve("done");
    await stopped;
    expect(await asked).toBe("done");
    expect(() => system.receptionist.register(keys[0], ref)).toThrow(
      refused("actor_terminated", "a"),
    );
  });

  test("one that fails leaves too, one that restarts stays", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const throwing = (): never => {
      throw new Error("boom");
    };
    key.spawn(system, "dies", throwing).tryTell(go);
    key.spawn(system, "lives", throwing, { supervision: { directive: "restart" } }).tryTell(go);
    await turns();
    expect(ids(key.find(system))).toEqual(["lives"]);
  });

  test("refs that are no actors of this system are refused", () => {
    const { system } = recordedSystem();
    const { system: foreign } = recordedSystem();
    const key = serviceKey<Go>("key");
    const own = key.spawn(system, "own", echo);
    const adapter = mapInput(own, (message: Go) => message) as ActorRef<Go>;
    const wrong = [foreign.spawn<Go>("foreign", echo), key.ref(system), adapter, fakeRef<Go>("f")];
    for (const ref of wrong) {
      expect(() => system.receptionist.register(key, ref), ref.id).toThrow(
        refused("foreign_ref", ref.id),
      );
      expect(key.unregister(system, ref), ref.id).toBe(false);
    }
    expect(key.find(system)).toEqual([own]);
  });
});

describe("keys", () => {
  test("spawn, find, unregisterAll: they live on", () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    key.spawn(system, "a", echo);
    system.spawn("b", key, echo);
    expect(ids(key.find(system))).toEqual(["a", "b"]);
    expect(key.unregisterAll(system)).toBe(2);
    expect(key.unregisterAll(system)).toBe(0);
    expect(system.actors).toHaveLength(2);
  });

  test("a child can be registered as it is spawned", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    system.spawn<Go>("p", {
      receive: echo,
      onStart: (context) => void context.spawn("child", key, echo),
    });
    await turns();
    expect(ids(key.find(system))).toEqual(["p/child"]);
  });

  test("stopAll stops and waits, and counts", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    let ended = 0;
    const behavior = {
      receive: echo,
      onStop: async () => {
        await turns(2);
        ended++;
      },
    };
    key.spawn(system, "a", behavior);
    key.spawn(system, "b", behavior);
    serviceKey<Go>("other").spawn(system, "c", echo);
    await turns();
    expect(await key.stopAll(system)).toBe(2);
    expect(ended).toBe(2);
    expect(await key.stopAll(system)).toBe(0);
    expect(system.actors.map(({ actorId }) => actorId)).toEqual(["c"]);
  });

  test("an actor that stops all of its own service in its turn does not wait for itself", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const counts: number[] = [];
    const ref = key.spawn(system, "a", async (_, context) => {
      counts.push(await key.stopAll(context.system));
      return "";
    });
    key.spawn(system, "b", echo);
    ref.tryTell(go);
    await turns(8);
    expect(counts).toEqual([2]);
    expect(system.actors).toEqual([]);
  });

  test("broadcast tells all and counts those that accepted", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const received: string[] = [];
    for (const id of ["a", "b"]) key.spawn(system, id, () => `${received.push(id)}`);
    const full = key.spawn(system, "full", () => new Promise<string>(() => {}), {
      mailbox: { capacity: 1, overflow: "reject" },
    });
    full.tryTell(go);
    await turns();
    full.tryTell(go);
    expect(await key.broadcast(system, go)).toBe(2);
    await turns();
    expect(received).toEqual(["a", "b"]);
    expect(await serviceKey<Go>("nobody").broadcast(system, go)).toBe(0);
    expect(await key.broadcast(system, go, { signal: AbortSignal.abort() })).toBe(0);
  });

  test("types that two keys of one name give must be the same, in whatever order", () => {
    const { system } = recordedSystem();
    type Both = Go | Other;
    const key = serviceKey<Both>("key", { types: ["go", "other"] });
    const same = serviceKey<Both>("key", { types: ["other", "go"] });
    const untyped = serviceKey<Both>("key");
    const different = serviceKey<Go>("key", { types: ["go"] });
    const ref = key.spawn(system, "a", echo);
    expect(same.find(system)).toEqual([ref]);
    expect(untyped.find(system)).toEqual([ref]);
    const mismatch = refused("service_key_mismatch", "key");
    expect(() => different.find(system)).toThrow(mismatch);
    expect(() => different.unregister(system, ref)).toThrow(mismatch);
    expect(() => different.unregisterAll(system)).toThrow(mismatch);
    expect(() => system.receptionist.register(different, ref)).toThrow(mismatch);
    expect(() => system.receptionist.subscribe(different)).toThrow(mismatch);
    expect(() => different.spawn(system, "b", echo)).toThrow(mismatch);
    expect(system.actors).toHaveLength(1); // told before anything began
  });

  test("a mismatch comes out of the promises of a key and of its router", async () => {
    const { system } = recordedSystem();
    serviceKey<Go>("key", { types: ["go"] }).spawn(system, "a", echo);
    const different = serviceKey<Other>("key", { types: ["other"] });
    const mismatch = { code: "service_key_mismatch" };
    await expect(different.broadcast(system, { type: "other" })).rejects.toMatchObject(mismatch);
    await expect(different.stopAll(system)).rejects.toMatchObject(mismatch);
    const router = different.ref(system);
    await expect(router.tell({ type: "other" })).rejects.toMatchObject(mismatch);
    await expect(router.ask({ type: "other" })).rejects.toMatchObject(mismatch);
  });

  test("types with commas are not mistaken for others", () => {
    const { system } = recordedSystem();
    serviceKey<Message & { readonly type: "a,b" }>("key", { types: ["a,b"] }).spawn(
      system,
      "a",
      () => {},
    );
    const other = serviceKey<Message & { readonly type: "a" | "b" }>("key", { types: ["a", "b"] });
    expect(() => other.find(system)).toThrow(refused("service_key_mismatch"));
  });

  test("a name that nobody serves any more is free for other types", async () => {
    const { system } = recordedSystem();
    const ref = serviceKey<Go>("key", { types: ["go"] }).spawn(system, "a", echo);
    await system.stop(ref);
    const other = serviceKey<Other>("key", { types: ["other"] });
    expect(other.find(system)).toEqual([]);
    other.spawn(system, "b", () => {});
  });

  test("one that only looks does not fix the types of a service", () => {
    const { system } = recordedSystem();
    serviceKey<Go>("key").spawn(system, "a", echo);
    serviceKey<Other>("key", { types: ["other"] }).find(system);
    expect(ids(serviceKey<Go>("key", { types: ["go"] }).find(system))).toEqual(["a"]);
  });
});

describe("subscribe", () => {
  test("is registered when it is called, and gives the list of now and each change", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const a = key.spawn(system, "a", echo);
    const lists = system.receptionist.subscribe(key)[Symbol.asyncIterator]();
    expect(await lists.next()).toEqual({ done: false, value: [a] });
    const next = lists.next();
    const b = key.spawn(system, "b", echo);
    expect(await next).toEqual({ done: false, value: [a, b] });
    await system.stop(a);
    expect(await lists.next()).toEqual({ done: false, value: [b] });
  });

  test("a slow reader gets the latest list alone", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const lists = system.receptionist.subscribe(key)[Symbol.asyncIterator]();
    for (let i = 0; i < 100; i++) key.spawn(system, `a${i}`, echo);
    await key.stopAll(system);
    const last = key.spawn(system, "last", echo);
    expect(await lists.next()).toEqual({ done: false, value: [last] });
    const next = lists.next();
    await system.shutdown();
    expect(await next).toEqual({ done: false, value: [] });
    expect(await lists.next()).toEqual({ done: true, value: undefined });
  });

  test("two subscriptions both get each list", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key");
    const both = [1, 2].map(() => system.receptionist.subscribe(key)[Symbol.asyncIterator]());
    const a = key.spawn(system, "a", echo);
    for (const lists of both) expect(await lists.next()).toEqual({ done: false, value: [a] });
  });

  test("leaving the loop ends it: nothing is kept for it any more", async () => {
    const { system } = recordedSystem();
    const key = serviceKey<Go>("key", { types: ["go"] });
    const subscription = system.receptionist.subscribe(key);
    for await (const refs of subscription) {
      expect(refs).toEqual([]);
      break;
    }
    const lists = subscription[Symbol.asyncIterator]();
    expect(await lists.next()).toEqual({ done: true, value: undefined });
    expect(await lists.return?.()).toEqual({ done: true, value: undefined });
    expect(await lists.return?.()).toEqual({ done: true, value: undefined });
    // With its last listener, the name's types are forgotten.
    expect(serviceKey<Other>("key", { types: ["other"] }).find(system)).toEqual([]);
  });

  test("after the end of the system: an empty list, then the end", async () => {
    const { system } = recordedSystem();
    await system.shutdown();
    const sizes: number[] = [];
    for await (const refs of system.receptionist.subscribe(serviceKey<Go>("key"))) {
      sizes.push(refs.length);
    }
    expect(sizes).toEqual([0]);
  });
});
