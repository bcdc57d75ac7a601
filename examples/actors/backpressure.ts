// A slow actor and three senders: one that waits, one that looks, one whose messages may be lost.
import { ActorSystem, Deferred, type Message, QueueRef, sleep } from "@satwire/actor";

interface Update extends Message {
  readonly type: "update";
  readonly number: number;
}

await using system = new ActorSystem();
const handled: number[] = [];
const store = async ({ number }: Update): Promise<void> => {
  await sleep(system.clock, 1);
  handled.push(number);
};

// `tell` waits for room, so the sender is as slow as the actor and memory stays small.
const patient = system.spawn<Update>("patient", store, { mailbox: { capacity: 2 } });
let mostWaiting = 0;
for (let number = 0; number < 10; number++) {
  await patient.tell({ type: "update", number });
  mostWaiting = Math.max(mostWaiting, system.actors[0]?.waiting ?? 0);
}
console.log("waiting at most:", mostWaiting);

// `tryTell` never waits: the sender decides what a full mailbox means.
const gate = new Deferred<void>();
const busy = system.spawn<Update>("busy", () => gate.promise, { mailbox: { capacity: 2 } });
const accepted = [0, 1, 2, 3].map((number) => busy.tryTell({ type: "update", number }));
console.log("accepted:", accepted);
gate.resolve();

// News that are out of date may make room for newer ones.
const latest = new QueueRef<Update>({ id: "latest", capacity: 10 });
const busyWithOne = new Deferred<void>();
const goOn = new Deferred<void>();
const ticker = system.spawn<Update>(
  "ticker",
  async (update) => {
    busyWithOne.resolve();
    await goOn.promise;
    latest.tryTell(update);
  },
  { mailbox: { capacity: 2, overflow: "dropOldest" } },
);
await ticker.tell({ type: "update", number: 0 });
await busyWithOne.promise;
for (let number = 1; number < 5; number++) await ticker.tell({ type: "update", number });
goOn.resolve();
const seen: number[] = [];
while (seen.at(-1) !== 4) seen.push((await latest.take()).number);
console.log("seen:", seen, "dropped:", system.stats.dropped);

// Prints:
// waiting at most: 2
// accepted: [ true, true, false, false ]
// seen: [ 0, 3, 4 ] dropped: 2
