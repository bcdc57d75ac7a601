import { duplexPair, fault, VirtualClock } from "@satwire/testkit";

const clock = new VirtualClock();
const [client, server] = duplexPair({
  clock,
  profile: { latencyMs: 40 },
  faults: { second: [fault.byteAtATime(), fault.resetAfter(5)] }, // of what the server writes
});

export const told: string[] = [];
client.start({
  onData: (chunk) => told.push(new TextDecoder().decode(chunk)),
  onEnd: () => told.push("end"),
  onDrain: () => {},
  onClose: (error) => told.push(error?.code ?? "closed in order"),
});
server.write(new TextEncoder().encode("hello, world"));
await clock.advance(100); // takes no time at all
// told: ["h", "e", "l", "l", "o", "reset"]
