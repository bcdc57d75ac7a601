import { sleep } from "@satwire/actor";
import {
  checkInvariants,
  leakCheck,
  MockConnection,
  observe,
  VirtualClock,
} from "@satwire/testkit";

const clock = new VirtualClock();
const check = leakCheck({ clock, processResources: false });
const peer = new MockConnection({ clock, latencyMs: 40 });
const observer = observe(peer, { clock });

await clock.runUntil(peer.connect()); // moves time as far as it has to
await clock.runUntil(sleep(clock, 60_000));
await clock.runUntil(peer.close());
await observer.ended;

checkInvariants(observer.log); // states in order, init first, nothing after the end, ...
await check.assertClean(); // no timer is left
export const states: string[] = observer.log.flatMap((seen) =>
  seen.kind === "state" ? [seen.state] : [],
);
// states: ["connecting", "handshaking", "initializing", "connected", "closing", "disconnected"]
