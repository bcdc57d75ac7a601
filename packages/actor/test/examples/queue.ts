import { BoundedQueue, sleep, systemClock } from "@satwire/actor";

const queue = new BoundedQueue<string>({ capacity: 2 });

// A producer that may not run ahead by more than two values.
const producing = (async () => {
  for (const value of ["one", "two", "three", "four"]) await queue.pushAsync(value);
  queue.close();
})();

// A consumer that takes its time.
export const seen: string[] = [];
for await (const value of queue) {
  await sleep(systemClock, 1);
  seen.push(value);
}
await producing;
// seen: ["one", "two", "three", "four"]
