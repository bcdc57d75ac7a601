import type { ByteStream, ByteStreamHandler } from "@satwire/net";
import { createRng, SimNetwork } from "@satwire/testkit";
import { expect, test } from "vitest";

test("a thousand hosts of one process hear from all of their neighbours", async () => {
  const network = new SimNetwork({ defaults: { latencyMs: [10, 100] } });
  const { clock } = network;
  const rng = createRng("neighbours");
  const heard = new Map<string, number>();
  const counter = (name: string): ByteStreamHandler => ({
    onData: ({ length }) => void heard.set(name, (heard.get(name) ?? 0) + length),
    onEnd() {},
    onDrain() {},
    onClose() {},
  });
  const hosts = Array.from({ length: 1000 }, (_, i) => network.host(`host${i}`));
  for (const host of hosts) {
    await host.listen(host.address(9735), (stream) => stream.start(counter(host.name)));
  }
  const expected = new Map<string, number>();
  const dials: Promise<ByteStream>[] = [];
  for (const [i, host] of hosts.entries()) {
    for (const other of [(i + 1) % 1000, rng.int(0, 999)]) {
      dials.push(host.dialer({ kind: "dns", host: `host${other}`, port: 9735 }));
      expected.set(`host${other}`, (expected.get(`host${other}`) ?? 0) + 400);
    }
  }
  await clock.runUntilIdle();
  for (const stream of await Promise.all(dials)) stream.write(rng.bytes(400));
  await clock.runUntilIdle();
  expect(network.connections.length).toBe(2000);
  expect(heard).toEqual(expected);
}, 300_000);
