import {
  type ActorRef,
  broadcast,
  consistentHash,
  Deferred,
  leastLoaded,
  type Message,
  randomRouting,
  Router,
  type RoutingStrategy,
  serviceKey,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { recordedSystem } from "./recorded-system.ts";
import { seededRandom } from "./seeded-random.ts";
import { turns } from "./turns.ts";

interface Go extends Message<string> {
  readonly type: "go";
  readonly key?: string;
}

const go: Go = { type: "go" };
const key = serviceKey<Go>("service");
const strategies: [string, () => RoutingStrategy<Go> | undefined][] = [
  ["round robin by default", () => undefined],
  ["random", () => randomRouting({ random: seededRandom(1) })],
  ["least loaded", () => leastLoaded()],
  ["consistent hash", () => consistentHash({ keyOf: (message) => message.key ?? "" })],
  ["broadcast", () => broadcast()],
];

/** A service of actors that answer with their ids. */
function service(...names: string[]) {
  const recorded = recordedSystem();
  const log: string[] = [];
  const refs = names.map((id) =>
    key.spawn(recorded.system, id, () => {
      log.push(id);
      return id;
    }),
  );
  return { ...recorded, log, refs };
}

describe.each(strategies)("a router, %s", (_, strategy) => {
  test("hands messages to the living, whoever comes and goes", async () => {
    const { system, log, refs } = service("a", "b", "c");
    const router = key.ref(system, { strategy: strategy() });
    expect(router.id).toBe("router(service)");
    await system.stop(refs[0] as ActorRef<Go>);
    await system.stop(refs[2] as ActorRef<Go>);
    for (let i = 0; i < 6; i++) expect(await router.ask(go)).toBe("b");
    key.spawn(system, "d", () => {
      log.push("d");
      return "d";
    });
    await system.stop(refs[1] as ActorRef<Go>);
    expect(await router.ask(go)).toBe("d");
    expect(router.tryTell(go)).toBe(true);
    await router.tell(go);
    await turns();
    expect(log).toEqual(["b", "b", "b", "b", "b", "b", "d", "d", "d"]);
    expect(system.deadLetters.total).toBe(0);
  });

  test("skips one that is about to end, even if its list still names it", async () => {
    const { system, refs } = service("a", "b");
    const gate = new Deferred<string>();
    const ending = system.spawn<Go>("ending", () => gate.promise);
    ending.tryTell(go);
    await turns();
    void system.stop(ending);
    const candidates = [ending, ...refs];
    const { deadLetters } = system;
    const router = new Router<Go>({
      id: "r",
      candidates: () => candidates,
      deadLetters,
      strategy: strategy(),
    });
    for (let i = 0; i < 10; i++) expect(["a", "b"]).toContain(await router.ask(go));
    expect(deadLetters.total).toBe(0);
    gate.resolve("");
  });

  test("with nobody: no_actors_available, false and a dead letter each", async () => {
    const { system } = service();
    const router = key.ref(system, { strategy: strategy() });
    const nobody = { code: "no_actors_available", actorId: "router(service)", messageType: "go" };
    await expect(router.tell(go)).rejects.toMatchObject(nobody);
    await expect(router.ask(go)).rejects.toMatchObject(nobody);
    expect(router.tryTell(go)).toBe(false);
    expect(system.deadLetters.recent).toMatchObject(
      Array.from({ length: 3 }, () => ({ reason: "no_actors", actorId: "router(service)" })),
    );
  });

  test("with nobody and a signal that is aborted, it is the sender's own choice", async () => {
    const { system } = service();
    const router = key.ref(system, { strategy: strategy() });
    const signal = AbortSignal.abort("why");
    const aborted = { code: "aborted", cause: "why" };
    await expect(router.tell(go, { signal })).rejects.toMatchObject(aborted);
    await expect(router.ask(go, { signal })).rejects.toMatchObject(aborted);
    expect(system.deadLetters.total).toBe(0);
  });

  test("with an aborted signal, nobody is told", async () => {
    const { system, log } = service("a", "b");
    const router = key.ref(system, { strategy: strategy() });
    const signal = AbortSignal.abort();
    await expect(router.tell(go, { signal })).rejects.toMatchObject({ code: "aborted" });
    await expect(router.ask(go, { signal })).rejects.toMatchObject({ code: "aborted" });
    await turns();
    expect(log).toEqual([]);
  });
});

describe("the strategies at work", () => {
  test("round robin: each in turn, each router for itself", async () => {
    const { system, log } = service("a", "b");
    const [one, two] = [key.ref(system), key.ref(system)];
    for (let i = 0; i < 3; i++) one.tryTell(go);
    two.tryTell(go);
    await turns();
    expect(log.toSorted()).toEqual(["a", "a", "a", "b"]);
  });

  test("least loaded: past those that have messages waiting", async () => {
    const { system } = recordedSystem();
    const never = (): Promise<string> => new Promise(() => {});
    const refs = ["a", "b", "c"].map((id) => key.spawn(system, id, never));
    for (const ref of refs) ref.tryTell(go);
    await turns();
    const router = key.ref(system, { strategy: leastLoaded() });
    refs[0]?.tryTell(go);
    for (let i = 0; i < 5; i++) router.tryTell(go);
    expect(system.actors.map(({ waiting }) => waiting)).toEqual([2, 2, 2]);
  });

  test("consistent hash: one key, one actor; the others' keys stay when one goes", async () => {
    const { system, refs } = service("a", "b", "c", "d");
    const strategy = consistentHash<Go>({ keyOf: (message) => message.key ?? "" });
    const router = key.ref(system, { strategy });
    const owners = async (): Promise<string[]> => {
      const asks = Array.from({ length: 60 }, (_, i) => router.ask({ type: "go", key: `${i}` }));
      return Promise.all(asks);
    };
    const before = await owners();
    expect(await owners()).toEqual(before);
    expect(new Set(before).size).toBe(4);
    await system.stop(refs[1] as ActorRef<Go>);
    const after = await owners();
    for (const [i, owner] of before.entries()) {
      if (owner !== "b") expect(after[i]).toBe(owner);
    }
    expect(after).not.toContain("b");
  });
});

describe("broadcast", () => {
  test("all are told; the first reply answers", async () => {
    const { system } = recordedSystem();
    const gates = [new Deferred<string>(), new Deferred<string>()];
    const received: number[] = [];
    for (const [i, gate] of gates.entries()) {
      key.spawn(system, `a${i}`, () => {
        received.push(i);
        return gate.promise;
      });
    }
    const asked = key.ref(system, { strategy: broadcast() }).ask(go);
    await turns();
    expect(received).toEqual([0, 1]);
    gates[1]?.resolve("second");
    expect(await asked).toBe("second");
    gates[0]?.resolve("first");
  });

  test("one that fails does not hinder; when all fail, it is the first one's error", async () => {
    const { system } = recordedSystem();
    const boom = new Error("boom");
    const bad = (error: Error) => () => {
      throw error;
    };
    const supervision = { directive: "resume" } as const;
    key.spawn(system, "bad", bad(boom), { supervision });
    const good = key.spawn(system, "good", () => "fine");
    const router = key.ref(system, { strategy: broadcast() });
    expect(await router.ask(go)).toBe("fine");
    await system.stop(good);
    key.spawn(system, "worse", bad(new Error("worse")), { supervision });
    await expect(router.ask(go)).rejects.toBe(boom);
  });

  test("told: accepted when one has accepted it", async () => {
    const { system } = recordedSystem();
    const mailbox = { capacity: 1, overflow: "reject" } as const;
    const never = (): Promise<string> => new Promise(() => {});
    const refs = ["a", "b"].map((id) => key.spawn(system, id, never, { mailbox }));
    for (const ref of refs) ref.tryTell(go);
    await turns();
    refs[0]?.tryTell(go);
    const router = key.ref(system, { strategy: broadcast() });
    await router.tell(go);
    expect(router.tryTell(go)).toBe(false);
    await expect(router.tell(go)).rejects.toMatchObject({ code: "mailbox_full", actorId: "a" });
  });
});

describe("strategies of one's own", () => {
  const own = (select: RoutingStrategy<Go>["select"]) => ({ strategy: { select } });

  test("are given the living and the message", async () => {
    const { system, refs } = service("a", "b", "c");
    await system.stop(refs[1] as ActorRef<Go>);
    const seen: unknown[] = [];
    const router = key.ref(
      system,
      own((candidates, message) => {
        seen.push([candidates.map(({ id }) => id), message]);
        return candidates.at(-1) as ActorRef<Go>;
      }),
    );
    expect(await router.ask(go)).toBe("c");
    expect(seen).toEqual([[["a", "c"], go]]);
  });

  test("that choose nobody: no_actors_available and a dead letter", async () => {
    const { system } = service("a");
    const router = key.ref(
      system,
      own(() => []),
    );
    const nobody = { code: "no_actors_available", actorId: "router(service)" };
    await expect(router.tell(go)).rejects.toMatchObject(nobody);
    await expect(router.ask(go)).rejects.toMatchObject(nobody);
    expect(router.tryTell(go)).toBe(false);
    expect(system.deadLetters.recent.map(({ reason }) => reason)).toEqual([
      "no_actors",
      "no_actors",
      "no_actors",
    ]);
  });

  test("are not asked about one that has stopped", async () => {
    const { system, refs } = service("a", "b");
    const [a] = refs as [ActorRef<Go>];
    const asked: string[][] = [];
    const select = (candidates: readonly ActorRef<Go>[]): ActorRef<Go> => {
      asked.push(candidates.map(({ id }) => id));
      return candidates[0] as ActorRef<Go>;
    };
    const { deadLetters } = system;
    const router = new Router({
      id: "r",
      candidates: () => refs,
      deadLetters,
      strategy: { select },
    });
    await system.stop(a);
    expect(await router.ask(go)).toBe("b");
    expect(asked).toEqual([["b"]]);
  });

  test("that throw fail the sender", async () => {
    const { system } = service("a");
    const boom = new Error("boom");
    const router = key.ref(
      system,
      own(() => {
        throw boom;
      }),
    );
    await expect(router.tell(go)).rejects.toBe(boom);
    await expect(router.ask(go)).rejects.toBe(boom);
  });
});

test("round robin over a list with one that has stopped still gives each of the others its turn", async () => {
  const { system, log, refs } = service("a", "b", "c");
  const { deadLetters } = system;
  const router = new Router<Go>({ id: "r", candidates: () => refs, deadLetters });
  await system.stop(refs[0] as ActorRef<Go>);
  for (let n = 0; n < 6; n++) await router.ask(go);
  expect(new Set(log)).toEqual(new Set(["b", "c"]));
});

test("a router is no actor: it cannot be stopped or waited for", async () => {
  const { system } = service("a");
  const router = key.ref(system);
  const foreign = { code: "foreign_ref", actorId: "router(service)" };
  await expect(system.stop(router)).rejects.toMatchObject(foreign);
  await expect(system.whenTerminated(router)).rejects.toMatchObject(foreign);
});

test("a long list of actors that all live is not gone through for each message", async () => {
  const { system, refs } = service("a");
  let reads = 0;
  const list = Array.from({ length: 10_000 }, () => refs[0] as ActorRef<Go>);
  const candidates = new Proxy(list, {
    get(target, property) {
      reads++;
      return Reflect.get(target, property);
    },
  });
  const { deadLetters } = system;
  const router = new Router<Go>({
    id: "r",
    candidates: () => candidates,
    areLive: true,
    deadLetters,
  });
  for (let n = 0; n < 10; n++) expect(await router.ask(go)).toBe("a");
  expect(reads).toBeLessThan(100);
});
