import { V2Transport } from "@satwire/btcwire";
import {
  type ByteStream,
  type Listen,
  memoryPair,
  MemoryNetwork,
  parseHostPort,
} from "@satwire/net";
import { publicKeyOf } from "@satwire/noise";
import {
  RawBitcoinConnection,
  RawLightningConnection,
  RawListener,
  settle,
} from "@satwire/testkit";
import { expect, test } from "vitest";
import { bitcoinOptions } from "../support/raw-pairs.ts";

const address = parseHostPort("[fd00::1]:9735");
const localKey = new Uint8Array(32).fill(1);
const publicKey = publicKeyOf(localKey);

async function open() {
  const network = new MemoryNetwork();
  const listener = await RawListener.open({ listen: network.listen, address });
  const target = { publicKey, address };
  return { listener, dial: () => RawLightningConnection.dial({ target, dialer: network.dialer }) };
}

test("a dialed and an accepted side", async () => {
  const { listener, dial } = await open();
  await using _listener = listener;
  const dialing = dial();
  await using called = RawLightningConnection.respond(await listener.accept(), { localKey });
  await using dialed = await dialing;
  expect(dialed.isEstablished).toBe(true);
  expect(dialed.remoteAddress).toEqual(address);
  called.sendFrame(Uint8Array.of(0, 18));
  expect(await dialed.takeFrame(18)).toEqual(Uint8Array.of(0, 18));
});

test("a dial whose handshake fails rejects with why, and is over", async () => {
  const { listener, dial } = await open();
  await using _listener = listener;
  const dialing = dial();
  const another = new Uint8Array(32).fill(2);
  await using called = RawLightningConnection.respond(await listener.accept(), {
    localKey: another,
  });
  await expect(dialing).rejects.toMatchObject({
    name: "AssertionError",
    message: expect.stringContaining("before the end of the handshake") as string,
    cause: { cause: { code: "reset" } },
  });
  expect(await called.ended()).toMatchObject({ error: { code: "act_one_tag" } });
});

test("a dial that is given up leaves no connection", async () => {
  const network = new MemoryNetwork();
  await using listener = await RawListener.open({ listen: network.listen, address });
  const { dialer } = network;
  const transport = V2Transport.initiator(bitcoinOptions);
  const dials = [
    (signal: AbortSignal) =>
      RawLightningConnection.dial({ target: { publicKey, address }, dialer, signal }),
    (signal: AbortSignal) => RawBitcoinConnection.dial({ address, transport, dialer, signal }),
  ];
  for (const dial of dials) {
    const abort = new AbortController();
    const dialing = dial(abort.signal);
    const stream = await listener.accept();
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(dialing).rejects.toBe(reason);
    await using called = RawLightningConnection.respond(stream);
    expect(await called.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
  }
});

test("closing resets what nobody took and ends waits", async () => {
  const { listener, dial } = await open();
  const taken = dial();
  await using called = RawLightningConnection.respond(await listener.accept(), { localKey });
  await using dialed = await taken;
  const left = dial().catch(String);
  await settle();
  const closing = listener.close();
  expect(listener.close()).toBe(closing);
  await closing;
  expect(await left).toContain("ECONNRESET) before the end of the handshake");
  await expect(listener.accept()).rejects.toThrow("the listener was closed before a connection");
  expect([called.ending, dialed.ending]).toEqual([undefined, undefined]);
});

test("a connection that comes while it closes is reset", async () => {
  let give: (stream: ByteStream) => void = () => {};
  const listen: Listen = (target, onStream) => {
    give = onStream;
    const close = (): Promise<void> => Promise.resolve();
    return Promise.resolve({ address: target, close, [Symbol.asyncDispose]: close });
  };
  const listener = await RawListener.open({ listen, address });
  await listener.close();
  const [near, far] = memoryPair();
  give(far);
  await using raw = RawLightningConnection.respond(near);
  expect(await raw.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
});
