import { ActorSystem } from "@satwire/actor";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, connect, type Socket } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { pingPong } from "./ping-pong.ts";

const run = promisify(execFile);

test("a socket is served during a ping-pong", async () => {
  await using system = new ActorSystem();
  const peers: Socket[] = [];
  const server = createServer((socket) => {
    peers.push(socket);
    socket.pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(client, "connect");

  // Bounded: if the socket were not served, nothing else would end the game.
  const most = 20_000_000;
  const wanted = 200;
  const game = pingPong(system, most);
  const playedAtEcho: number[] = [];
  client.on("data", () => {
    playedAtEcho.push(game.played());
    if (playedAtEcho.length === wanted) game.end();
    else client.write("x");
  });
  client.write("x");
  await game.done;

  client.destroy();
  for (const peer of peers) peer.destroy();
  server.close();
  await once(server, "close");
  expect(playedAtEcho).toHaveLength(wanted);
  expect(game.played()).toBeLessThan(most);
  expect(new Set(playedAtEcho).size).toBeGreaterThan(wanted / 10); // the game went on in between
});

const sources = new URL("../src/index.ts", import.meta.url).href;

/** Runs a program in a process of its own. A program that does not end by itself is killed, and that is an error. */
async function ended(program: string): Promise<string> {
  const code = `const { ActorSystem, Backoff, systemClock } = await import(${JSON.stringify(sources)});${program}`;
  const args = ["--input-type=module", "--eval", code];
  const { stdout } = await run(process.execPath, args, { timeout: 20_000 });
  return stdout.trim();
}

test.concurrent.each<[string, string, string]>([
  ["a system that nothing was spawned in", `new ActorSystem(); console.log("made");`, "made"],
  [
    "actors that wait for messages",
    `const system = new ActorSystem();
    const refs = Array.from({ length: 3 }, (_, i) => system.spawn("a" + i, () => 7));
    console.log(await refs[2].ask({ type: "job" }));`,
    "7",
  ],
  [
    "a game that was long enough for many slices",
    `const system = new ActorSystem();
    let left = 500_000;
    const volley = (to) => () => { if (--left > 0) to().tryTell({ type: "ball" }); };
    const a = system.spawn("a", volley(() => b));
    const b = system.spawn("b", volley(() => a));
    a.tryTell({ type: "ball" });
    process.on("exit", () => console.log(left));`,
    "0",
  ],
  [
    "an actor whose handler never ends",
    `const system = new ActorSystem();
    const ref = system.spawn("stuck", () => new Promise(() => {}));
    ref.tryTell({ type: "job" });
    void ref.ask({ type: "job" });
    await new Promise((turned) => setImmediate(turned));
    console.log(system.actors[0].isBusy);`,
    "true",
  ],
  [
    "an ask that was answered before its time was over",
    `const system = new ActorSystem({ askTimeoutMs: 3_600_000 });
    const ref = system.spawn("a", () => 7);
    console.log(await ref.ask({ type: "job" }));`,
    "7",
  ],
  [
    "a system that was shut down with timers and restarts under way",
    `const supervision = { directive: "restart", backoff: () => new Backoff({ initialMs: 3_600_000, maxMs: 3_600_000 }) };
    const system = new ActorSystem();
    const failing = system.spawn("failing", () => { throw new Error("no"); }, { supervision });
    const ticking = system.spawn("ticking", (_, context) => {
      context.timers.every("tick", 1_000, { type: "tick" });
    });
    failing.tryTell({ type: "job" });
    await ticking.ask({ type: "job" });
    await system.shutdown();
    console.log(system.stats.actors);`,
    "0",
  ],
])(
  "%s does not keep the process alive",
  async (_name, program, output) => {
    expect(await ended(program)).toBe(output);
  },
  30_000,
);
