// The same stories over a simulated network and over real sockets.
import {
  type ByteStream,
  defaultDialer,
  type Dialer,
  type HostPort,
  type Listen,
  listenTcp,
  NetError,
  parseHostPort,
} from "@satwire/net";
import { eventually, SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { pattern, rejection, StreamLog } from "../support/sim-streams.ts";

interface World {
  readonly dialer: Dialer;
  readonly listen: Listen;
  readonly address: HostPort;
  /** Lets things happen until the condition holds. */
  until(isMet: () => boolean): Promise<void>;
}

function simulated(): World {
  const network = new SimNetwork({ defaults: { latencyMs: [1, 5] } });
  const [alice, bob] = [network.host("alice"), network.host("bob")];
  const until = async (isMet: () => boolean): Promise<void> => {
    await network.clock.runUntilIdle();
    expect(isMet()).toBe(true);
  };
  return { dialer: alice.dialer, listen: bob.listen, address: bob.address(), until };
}

function real(): World {
  const address = parseHostPort("127.0.0.1:0", { allowPortZero: true });
  const until = async (isMet: () => boolean): Promise<void> => void (await eventually(isMet));
  return { dialer: defaultDialer, listen: listenTcp, address, until };
}

/** What code can tell an error by, without addresses. */
function shapeOf(error: NetError): unknown {
  const cause = error.cause as { code?: unknown; syscall?: unknown; errno?: unknown };
  const { code, syscall, errno } = cause;
  const text = error.message.replaceAll(/[0-9.]+:[0-9]+/g, "address");
  return { name: error.name, code: error.code, text, cause: { code, syscall, errno } };
}

async function settled<T>(world: World, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const settling = promise.finally(() => {
    isDone = true;
  });
  settling.catch(() => {}); // told by the promise itself
  await world.until(() => isDone);
  return promise;
}

async function pair(world: World): Promise<readonly [near: StreamLog, far: StreamLog]> {
  const accepted: ByteStream[] = [];
  const listener = await world.listen(world.address, (stream) => void accepted.push(stream));
  const near = new StreamLog(await settled(world, world.dialer(listener.address)));
  await world.until(() => accepted.length === 1);
  await listener.close();
  return [near, new StreamLog(accepted[0] as ByteStream)];
}

/** Milestones of both, and how many bytes came. */
const outcome = (logs: readonly StreamLog[]): unknown =>
  logs.map(({ milestones, bytes }) => ({ milestones, bytes: bytes.length }));

const isClosed = ({ events }: StreamLog): boolean => events.at(-1)?.startsWith("close") === true;

const stories: readonly (readonly [string, (world: World) => Promise<unknown>])[] = [
  [
    "a dial to a port where nobody listens",
    async (world) => {
      const listener = await world.listen(world.address, () => {});
      await listener.close();
      return shapeOf(await settled(world, rejection(world.dialer(listener.address))));
    },
  ],
  [
    "a second listener at a port",
    async (world) => {
      const listener = await world.listen(world.address, () => {});
      const error = await rejection(world.listen(listener.address, () => {}));
      await listener.close();
      return shapeOf(error);
    },
  ],
  [
    "a dial that was aborted before",
    async (world) => {
      const signal = AbortSignal.abort("enough");
      const address = { ...world.address, port: 1 };
      const { code, cause } = await rejection(world.dialer(address, { signal }));
      return { code, cause };
    },
  ],
  [
    "both addresses",
    async (world) => {
      const [near, far] = await pair(world);
      const isSame = [
        [near.stream.localAddress, far.stream.remoteAddress],
        [near.stream.remoteAddress, far.stream.localAddress],
      ].map(([one, other]) => JSON.stringify(one) === JSON.stringify(other));
      near.stream.destroy();
      await world.until(() => isClosed(far));
      return isSame;
    },
  ],
  [
    "bytes both ways, and an end from each side after the other",
    async (world) => {
      const [near, far] = await pair(world);
      near.stream.write(pattern(50_000));
      near.stream.end();
      await world.until(() => far.milestones.includes("end"));
      far.stream.write(pattern(30_000)); // the other half is still open
      far.stream.end();
      await world.until(() => isClosed(near) && isClosed(far));
      return outcome([near, far]);
    },
  ],
  [
    "a reset by one side",
    async (world) => {
      const [near, far] = await pair(world);
      near.stream.destroy();
      await world.until(() => isClosed(near) && isClosed(far));
      return outcome([near, far]);
    },
  ],
  [
    "a reset after an end",
    async (world) => {
      const [near, far] = await pair(world);
      near.stream.end();
      await world.until(() => far.milestones.includes("end"));
      far.stream.destroy();
      await world.until(() => isClosed(near) && isClosed(far));
      return outcome([near, far]);
    },
  ],
  [
    "a write after a reset has come",
    async (world) => {
      const [near, far] = await pair(world);
      near.stream.destroy();
      await world.until(() => isClosed(far));
      try {
        return far.stream.write(pattern(1));
      } catch (error) {
        return (error as NetError).code;
      }
    },
  ],
];

describe("over TCP and simulated the same comes of", () => {
  test.each(stories)("%s", async (_, story) => {
    expect(await story(simulated())).toEqual(await story(real()));
  });
});
