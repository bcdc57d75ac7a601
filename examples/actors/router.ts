// One name, several workers: found by a key, chosen by a strategy, gone from it when they stop.
import { ActorSystem, consistentHash, type Message, serviceKey } from "@satwire/actor";

interface Check extends Message<string> {
  readonly type: "check";
  readonly channel: string;
}

await using system = new ActorSystem();
const checkers = serviceKey<Check>("checkers");

for (const name of ["anna", "ben", "cleo"]) {
  checkers.spawn(system, name, ({ channel }) => `${name} checked ${channel}`);
}

const anyone = checkers.ref(system); // one after the other
for (const channel of ["1x1x0", "2x1x0", "3x1x0", "4x1x0"]) {
  console.log(await anyone.ask({ type: "check", channel }));
}

// The same worker for the same channel, whoever else comes or goes.
const sameOne = checkers.ref(system, { strategy: consistentHash({ keyOf: (m) => m.channel }) });
const first = await sameOne.ask({ type: "check", channel: "5x1x0" });
console.log("stays:", first === (await sameOne.ask({ type: "check", channel: "5x1x0" })));

console.log("told:", await checkers.broadcast(system, { type: "check", channel: "6x1x0" }));
await system.stop("ben");
console.log(
  "left:",
  checkers.find(system).map(({ id }) => id),
);

// Prints:
// anna checked 1x1x0
// ben checked 2x1x0
// cleo checked 3x1x0
// anna checked 4x1x0
// stays: true
// told: 3
// left: [ 'anna', 'cleo' ]
