import { handlers, type Message, setup, type Spawnable, type TellRef } from "@satwire/actor";
import { createActorTestkit } from "@satwire/testkit";

interface Beat extends Message {
  readonly type: "beat";
}
interface GetBeats extends Message<number> {
  readonly type: "getBeats";
}

// Code under test: an actor that tells another one of each second.
function heart(listener: TellRef<Beat>): Spawnable<Beat | GetBeats> {
  return setup((context) => {
    let beats = 0;
    context.timers.every("beat", 1000, { type: "beat" });
    return handlers<Beat | GetBeats>({
      beat: (message) => {
        beats++;
        listener.tryTell(message);
      },
      getBeats: () => beats,
    });
  });
}

// Actors take turns in an order that the seed decides about, and time stands still until it is moved.
await using kit = createActorTestkit({ seed: 7, schedule: "random" });
const probe = kit.probe<Beat>();
const ref = kit.system.spawn("heart", heart(probe.ref));
await probe.expectNone(999); // moves time
await kit.clock.advance(3001);
await probe.receive(4);
export const beats: number = await ref.ask({ type: "getBeats" });
await kit.system.stop(ref);
await probe.expectTerminated(ref);
await probe.expectNone(60_000);
// beats: 4
