import { type ActorEvent, ActorSystem, type SystemOptions } from "@satwire/actor";
import { ManualClock } from "./manual-clock.ts";

/** A system on a clock that is moved by hand, and what has happened in it. */
export interface Recorded {
  readonly system: ActorSystem;
  readonly clock: ManualClock;
  readonly events: readonly ActorEvent[];
  /** The events of one type. */
  readonly all: <T extends ActorEvent["type"]>(type: T) => Extract<ActorEvent, { type: T }>[];
}

export function recordedSystem(options: SystemOptions = {}): Recorded {
  const clock = new ManualClock();
  const events: ActorEvent[] = [];
  const onEvent = (event: ActorEvent): void => void events.push(event);
  const system = new ActorSystem({ clock, instrumentation: { onEvent }, ...options });
  const all: Recorded["all"] = (type) =>
    events.filter((event) => event.type === type) as ReturnType<typeof all<typeof type>>;
  return { system, clock, events, all };
}
