// Ports lnd's actor/example_*_test.go, with the output that they print.
import { type Behavior, failure, type Message, serviceKey, type TellRef } from "@satwire/actor";
import { expect, test } from "vitest";
import { newSystem } from "./echo-actors.ts";
import { turns } from "./turns.ts";

test("ExampleActor: one actor, asked and stopped", async () => {
  interface Greet extends Message<string> {
    readonly type: "greet";
    readonly name: string;
  }
  const printed: string[] = [];
  const system = newSystem();
  const greeters = serviceKey<Greet>("basic-greeter");
  const greeter = greeters.spawn(
    system,
    "my-greeter",
    ({ name }, { self }) => `Hello, ${name} from ${self.id}`,
  );
  printed.push(`Actor ${greeter.id} spawned.`);
  printed.push(
    `Received: ${await greeter.ask({ type: "greet", name: "World" }, { timeoutMs: 1000 })}`,
  );
  if ((await greeters.stopAll(system)) === 1) {
    printed.push(`Actor ${greeter.id} unregistered and stopped.`);
  }
  const left = greeters.find(system).length;
  printed.push(`Actors for key '${greeters.name}' after unregister: ${left}`);
  expect(printed).toEqual([
    "Actor my-greeter spawned.",
    "Received: Hello, World from my-greeter",
    "Actor my-greeter unregistered and stopped.",
    "Actors for key 'basic-greeter' after unregister: 0",
  ]);
});

test("ExampleRouter: two actors behind one ref", async () => {
  interface Greet extends Message<{ readonly greeting: string; readonly handlerId: string }> {
    readonly type: "greet";
    readonly name: string;
  }
  const printed: string[] = [];
  const system = newSystem();
  const greeters = serviceKey<Greet>("router-greeter-service");
  for (const [id, word] of [
    ["router-greeter-1", "Greetings"],
    ["router-greeter-2", "Salutations"],
  ] as const) {
    greeters.spawn(system, id, ({ name }) => ({ greeting: `${word}, ${name}!`, handlerId: id }));
    printed.push(`Actor ${id} spawned.`);
  }
  const router = greeters.ref(system);
  printed.push(`Router ${router.id} created for service key '${greeters.name}'.`);
  for (const name of ["Alice", "Bob", "Charlie", "David"]) {
    const { greeting, handlerId } = await router.ask({ type: "greet", name });
    printed.push(`For ${name}: Received '${greeting}' from ${handlerId}`);
  }
  expect(printed).toEqual([
    "Actor router-greeter-1 spawned.",
    "Actor router-greeter-2 spawned.",
    "Router router(router-greeter-service) created for service key 'router-greeter-service'.",
    "For Alice: Received 'Greetings, Alice!' from router-greeter-1",
    "For Bob: Received 'Salutations, Bob!' from router-greeter-2",
    "For Charlie: Received 'Greetings, Charlie!' from router-greeter-1",
    "For David: Received 'Salutations, David!' from router-greeter-2",
  ]);
});

test("ExampleActor_stateful: an object with a state and a receive", async () => {
  interface Count extends Message<{ readonly value: number; readonly responder: string }> {
    readonly type: "count";
    readonly increment?: number;
    readonly getValue?: boolean;
  }
  class Counter implements Behavior<Count> {
    #counter = 0;
    readonly #id: string;
    constructor(id: string) {
      this.#id = id;
    }
    receive({ increment = 0, getValue = false }: Count) {
      if (increment <= 0 && !getValue) return failure(new Error("invalid CounterMsg"));
      this.#counter += increment;
      return { value: this.#counter, responder: this.#id };
    }
  }
  const printed: string[] = [];
  const system = newSystem();
  const id = "counter-actor-1";
  const counter = serviceKey<Count>("struct-counter-service").spawn(system, id, new Counter(id));
  printed.push(`Actor ${counter.id} spawned.`);
  for (const increment of [1, 2, 3]) {
    const { value, responder } = await counter.ask({ type: "count", increment });
    printed.push(`Incremented by ${increment}, new value: ${value} (from ${responder})`);
  }
  const { value, responder } = await counter.ask({ type: "count", getValue: true });
  printed.push(`Final counter value: ${value} (from ${responder})`);
  expect(printed).toEqual([
    "Actor counter-actor-1 spawned.",
    "Incremented by 1, new value: 1 (from counter-actor-1)",
    "Incremented by 2, new value: 3 (from counter-actor-1)",
    "Incremented by 3, new value: 6 (from counter-actor-1)",
    "Final counter value: 6 (from counter-actor-1)",
  ]);
  await expect(counter.ask({ type: "count" })).rejects.toThrow("invalid CounterMsg");
});

test("ExampleTellOnlyRef: a ref that cannot ask", async () => {
  interface Log extends Message {
    readonly type: "log";
    readonly text: string;
  }
  const printed: string[] = [];
  const logged: string[] = [];
  const system = newSystem();
  const loggers = serviceKey<Log>("tell-only-logger-service");
  const full = loggers.spawn(system, "my-logger", ({ text }) => logged.push(text));
  printed.push(`Actor ${full.id} spawned.`);
  const tellOnly: TellRef<Log> = full;
  printed.push(`Obtained TellOnlyRef for ${tellOnly.id}.`);
  // @ts-expect-error it has no ask
  void tellOnly.ask;
  await tellOnly.tell({ type: "log", text: "First log entry." });
  await tellOnly.tell({ type: "log", text: "Second log entry." });
  await turns();
  printed.push("Logged entries:", ...logged);
  expect(printed).toEqual([
    "Actor my-logger spawned.",
    "Obtained TellOnlyRef for my-logger.",
    "Logged entries:",
    "First log entry.",
    "Second log entry.",
  ]);
});
