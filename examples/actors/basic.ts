// A counter: what it can be told, what it does, how it ends.
import { ActorSystem, handlers, type Message, setup } from "@satwire/actor";

interface Add extends Message {
  readonly type: "add";
  readonly amount: number;
}
interface GetTotal extends Message<number> {
  readonly type: "getTotal";
}
type CounterMessage = Add | GetTotal;

// The state lives in the closure: made at the start, and anew at each restart.
const counter = setup<CounterMessage>(() => {
  let total = 0;
  return handlers<CounterMessage>({
    add: ({ amount }) => {
      total += amount;
    },
    getTotal: () => total,
  });
});

await using system = new ActorSystem();
const ref = system.spawn("counter", counter);

await ref.tell({ type: "add", amount: 2 }); // resolves when there is room for it
ref.tryTell({ type: "add", amount: 3 }); // true: there was room at once
console.log("total:", await ref.ask({ type: "getTotal" }));

await system.stop(ref);
console.log("accepted after the end:", ref.tryTell({ type: "add", amount: 1 }));
console.log(
  "dead letters:",
  system.deadLetters.recent.map(({ message }) => message.type),
);

// Prints:
// total: 5
// accepted after the end: false
// dead letters: [ 'add' ]
