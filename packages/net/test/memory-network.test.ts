import { describe, expect, test } from "vitest";
import { type ByteStream, MemoryNetwork, parseHostPort } from "../src/index.ts";
import { rejectionOf, thrownBy } from "./failure.ts";
import { collectUncaught, record } from "./recorder.ts";

const alice = parseHostPort("alice:9735");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("MemoryNetwork", () => {
  test("connects a dialing side with the listener at the address", async () => {
    const network = new MemoryNetwork();
    await using listener = await network.listen(alice, (stream) => {
      record(stream, { data: (chunk) => stream.write(chunk), end: () => stream.end() });
    });
    const stream = await network.dialer(listener.address);
    const at = record(stream);
    stream.write(bytes("echo"));
    stream.end();
    await at.closed();
    expect(at.text).toBe("echo");
    expect(at.error).toBe(undefined);
    expect(stream.remoteAddress).toEqual(alice);
  });

  test("gives the dialing sides addresses of their own, which the listener sees", async () => {
    const network = new MemoryNetwork();
    const accepted: ByteStream[] = [];
    await network.listen(alice, (stream) => accepted.push(stream));
    const dialed = [await network.dialer(alice), await network.dialer(alice)];
    expect(accepted.map((stream) => stream.remoteAddress)).toEqual(
      dialed.map((each) => each.localAddress),
    );
    expect(dialed[0]?.localAddress).not.toEqual(dialed[1]?.localAddress);
    expect(accepted[0]?.localAddress).toEqual(alice);
  });

  test("reaches any kind of address, in its canonical form", async () => {
    const network = new MemoryNetwork();
    await network.listen({ kind: "ipv6", host: "0:0::1", port: 1 }, () => {});
    const stream = await network.dialer(parseHostPort("[::1]:1"));
    expect(stream.remoteAddress).toEqual(parseHostPort("[::1]:1"));
  });

  test("refuses other addresses, and those of a closed listener", async () => {
    const network = new MemoryNetwork();
    const other = parseHostPort("alice:9736");
    const refused = { name: "NetError", code: "refused", address: "alice:9736" };
    expect(await rejectionOf(network.dialer(other))).toMatchObject(refused);
    const listener = await network.listen(other, () => {});
    await network.dialer(other);
    const closing = listener.close();
    expect(listener.close()).toBe(closing);
    await closing;
    expect(await rejectionOf(network.dialer(other))).toMatchObject(refused);
    expect(await rejectionOf(new MemoryNetwork().dialer(alice))).toMatchObject({ code: "refused" });
  });

  test("keeps open streams when the listener closes, and frees the address", async () => {
    const network = new MemoryNetwork();
    const accepted: ByteStream[] = [];
    const listener = await network.listen(alice, (stream) => accepted.push(stream));
    expect(await rejectionOf(network.listen(alice, () => {}))).toMatchObject({
      code: "address_in_use",
    });
    const at = record(await network.dialer(alice));
    await listener.close();
    accepted[0]?.write(bytes("alive"));
    await at.until(() => at.text === "alive");
    const again = await network.listen(alice, () => {});
    await listener.close(); // the first one again: must not close the second
    await network.dialer(again.address);
  });

  test("picks a free port for port 0", async () => {
    const network = new MemoryNetwork();
    const any = parseHostPort("bob:0", { allowPortZero: true });
    const [one, two] = [await network.listen(any, () => {}), await network.listen(any, () => {})];
    expect(one.address.port).toBeGreaterThan(0);
    expect(two.address.port).not.toBe(one.address.port);
    await network.dialer(two.address);
    expect(await rejectionOf(network.dialer(any))).toMatchObject({ code: "invalid_address" });
  });

  test("rejects with the signal's reason when aborted before or during the dial", async () => {
    const network = new MemoryNetwork();
    let accepted = 0;
    await network.listen(alice, () => (accepted += 1));
    const reason = new Error("enough");
    const aborted = { name: "NetError", code: "aborted", cause: reason };
    const before = AbortSignal.abort(reason);
    expect(await rejectionOf(network.dialer(alice, { signal: before }))).toMatchObject(aborted);
    expect(await rejectionOf(network.listen(alice, () => {}, { signal: before }))).toMatchObject(
      aborted,
    );
    const controller = new AbortController();
    const dial = network.dialer(alice, { signal: controller.signal });
    controller.abort(reason);
    expect(await rejectionOf(dial)).toMatchObject(aborted);
    expect(accepted).toBe(0);
  });

  test("drops connections above maxConnections until an open one is over", async () => {
    const network = new MemoryNetwork();
    const accepted: ByteStream[] = [];
    await network.listen(alice, (stream) => accepted.push(stream), { maxConnections: 1 });
    const first = record(await network.dialer(alice));
    const second = record(await network.dialer(alice));
    await second.closed();
    expect([second.error?.code, accepted.length, first.closes]).toEqual(["reset", 1, 0]);
    accepted[0]?.destroy();
    await first.closed();
    const third = record(await network.dialer(alice));
    accepted[1]?.write(bytes("in"));
    await third.until(() => third.text === "in");
    expect(
      await rejectionOf(network.listen(alice, () => {}, { maxConnections: 0 })),
    ).toBeInstanceOf(RangeError);
  });

  test("destroys the stream and throws again, uncaught, what onStream threw", async () => {
    const bug = new Error("bug");
    const network = new MemoryNetwork();
    await network.listen(alice, () => {
      throw bug;
    });
    const thrown = await collectUncaught(async () => {
      const at = record(await network.dialer(alice));
      await at.closed();
      expect(at.error?.code).toBe("reset");
    });
    expect(thrown).toEqual([bug]);
  });

  test("uses its sizes for every connection", async () => {
    expect(thrownBy(() => new MemoryNetwork({ capacityBytes: 0 }))).toBeInstanceOf(RangeError);
    const network = new MemoryNetwork({ capacityBytes: 2 });
    await network.listen(alice, () => {});
    expect((await network.dialer(alice)).write(bytes("ab"))).toBe(false);
  });
});
