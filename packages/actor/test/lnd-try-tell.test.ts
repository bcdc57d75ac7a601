// Ports try_tell_test and bounded_delivery_test of wavelength, a descendant of lnd's actor package.
import {
  type ActorSystem,
  filterMapInput,
  mapInput,
  mapRef,
  serviceKey,
  type TellRef,
} from "@satwire/actor";
import { describe, expect, test } from "vitest";
import { deadValues, gatedActor, type Item, item, newSystem, outcomes } from "./echo-actors.ts";
import { ManualClock } from "./manual-clock.ts";
import { turns } from "./turns.ts";

describe("try_tell_test, bounded_delivery_test", () => {
  const key = serviceKey<Item>("bounded");
  /** The ways to an actor. */
  const ways = {
    direct: (ref) => ref,
    mapInput: (ref) => mapInput(ref, (message: Item) => message),
    filterMapInput: (ref) => filterMapInput(ref, (message: Item) => message),
    mapRef: (_ref, system) =>
      mapRef(onlyOne(system), { message: (message: Item) => message, reply: (reply) => reply }),
    router: (_ref, system) => key.ref(system),
    "mapInput of a router": (_ref, system) => mapInput(key.ref(system), (message: Item) => message),
  } satisfies Record<string, (ref: TellRef<Item>, system: ActorSystem) => TellRef<Item>>;
  const onlyOne = (system: ActorSystem) => {
    const [ref] = key.find(system);
    if (ref === undefined) throw new Error("nobody is there");
    return ref;
  };

  async function wedged() {
    const clock = new ManualClock();
    const system = newSystem({ clock });
    const actor = await gatedActor(system, { mailbox: { capacity: 1, waitingLimit: 1 } });
    system.receptionist.register(key, actor.ref);
    return { ...actor, system, clock };
  }

  test.each(Object.entries(ways))("through %s", async (name, way) => {
    const { ref, system, clock, seen, open } = await wedged();
    const through = way(ref, system);
    // TestTryTellDelivers
    expect(through.tryTell(item(1))).toBe(true);
    // TestTryTellFullMailboxFailsFast (differs: false, and not an error)
    expect(through.tryTell(item(2))).toBe(false);
    // TestTryTellDoesNotBurnCallerDeadline: a tell waits for room, as long as its caller does
    const controller = new AbortController();
    const parked = through.tell(item(3), { signal: controller.signal });
    expect(through.tryTell(item(4))).toBe(false);
    // TestTellWithoutParkingFailsFastOnFullMailbox: where too many wait, a tell does not
    await expect(through.tell(item(5))).rejects.toMatchObject({ code: "mailbox_full" });
    await turns();
    controller.abort("deadline");
    await expect(parked).rejects.toMatchObject({ code: "aborted", cause: "deadline" });
    // TestTryTellCancelledCaller (differs: tell is the verb with a signal)
    const cancelled = through.tell(item(6), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "aborted" });
    expect(clock.pendingMs).toEqual([]);
    open();
    await turns();
    expect(seen).toEqual([1]);
    // TestTryTellTerminatedActor, TestTryTellClosedMailbox: a dead letter each
    await system.stop(ref);
    expect(through.tryTell(item(7))).toBe(false);
    const late = name.includes("router") ? "no_actors_available" : "actor_terminated";
    expect(await outcomes([through.tell(item(8))])).toEqual([late]);
    expect(deadValues(system)).toEqual([7, 8]);
  });

  test("TestTellWithoutParkingResolvesRouterTarget: a router does not wait for one and ask another", async () => {
    const system = newSystem();
    const full = await gatedActor(system, { mailbox: { capacity: 1 } }, "full");
    const idle: number[] = [];
    system.receptionist.register(key, full.ref);
    key.spawn(system, "idle", ({ value }) => idle.push(value));
    full.ref.tryTell(item(0));
    const router = key.ref(system);
    expect([1, 2, 3, 4].map((value) => router.tryTell(item(value)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    await turns();
    expect(idle).toEqual([2, 4]);
  });

  test("a tell to oneself in one's own turn never waits: mailbox_full", async () => {
    const codes: unknown[] = [];
    const system = newSystem();
    const ref = system.spawn<Item>(
      "self",
      async ({ value }, { self }) => {
        // In the turn's first, synchronous part there is no way to wait for oneself.
        const told = [self.tell(item(value + 1)), self.tell(item(value + 2))];
        if (value === 0) codes.push(...(await outcomes(told)));
        return value;
      },
      { mailbox: { capacity: 1 } },
    );
    await ref.ask(item(0));
    expect(codes).toEqual(["ok", "mailbox_full"]);
  });
});
