// What a user of the testkit does in a test file, without anything of one test runner.
import { bitcoinMessages, networks, V2Transport } from "@satwire/btcwire";
import { SimplePeer } from "@satwire/lnp2p";
import type { LightningMessage } from "@satwire/lnwire";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import {
  AssertionError,
  connectedMock,
  duplexPair,
  eventually,
  fault,
  leakCheck,
  LoopbackLightningNode,
  settle,
  VirtualClock,
} from "@satwire/testkit";
import {
  describeBitcoinTransport,
  describeByteStream,
  type SuiteRunner,
} from "@satwire/testkit/compliance";

/** Fails as the functions of the testkit do: no runner's `expect` is needed. */
function equal(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new AssertionError(what, { actual, expected, operator: "deepStrictEqual" });
}

/** Declares tests of each part of the testkit; the last one fails, to see what the runner makes of that. */
export function smoke({ describe, it }: SuiteRunner): void {
  describe("smoke", () => {
    it("moves time", async () => {
      const clock = new VirtualClock();
      const fired: number[] = [];
      for (const ms of [30, 10, 20]) clock.setTimer(() => fired.push(ms), ms);
      await clock.advance(25);
      equal(fired, [10, 20], "timers after 25 ms");
      equal(
        clock.pending.map(({ dueInMs }) => dueInMs),
        [5],
        "timers that are left",
      );
    });

    it("waits for what is about to happen", async () => {
      let isDone = false;
      void settle(3).then(() => {
        isDone = true;
      });
      await settle();
      equal(isDone, true, "whether it has happened");
      equal(await eventually(() => isDone && "done"), "done", "what it gives");
    });

    it("breaks a stream where it was told to", async () => {
      const [ours, theirs] = duplexPair({ faults: { second: [fault.finAfter(3)] } });
      const got: string[] = [];
      ours.start({
        onData: (chunk) => got.push(new TextDecoder().decode(chunk)),
        onEnd: () => got.push("end"),
        onDrain: () => {},
        onClose: () => {},
      });
      theirs.write(new TextEncoder().encode("hello"));
      await settle();
      equal(got.join("|"), "hel|end", "what arrived");
      ours.destroy();
    });

    it("plays a Lightning node", async () => {
      const check = leakCheck();
      const network = new MemoryNetwork();
      const received: LightningMessage["type"][] = [];
      const node = new LoopbackLightningNode({ onMessage: ({ type }) => received.push(type) });
      const address = parseHostPort("node.example:9735");
      const target = await node.listen({ listen: check.trackListen(network.listen), address });
      const peer = new SimplePeer({ target, dialer: check.trackDialer(network.dialer) });
      await peer.connect();
      await peer.ping();
      equal(peer.remotePublicKey, node.publicKey, "the node id");
      equal(received, ["init", "ping"], "what the node got");
      await peer.close();
      await node.close();
      await check.assertClean();
    });

    it("plays a Lightning node over TCP", async () => {
      const check = leakCheck();
      const node = new LoopbackLightningNode();
      const target = await node.listen();
      const peer = new SimplePeer({ target });
      await peer.connect();
      await peer.ping({ numPongBytes: 60_000 });
      await peer.close();
      await node.close();
      const late = new SimplePeer({ target });
      const error = await late.connect().catch((reason: unknown) => reason);
      const { code, cause } = error as { code?: string; cause?: { code?: string } };
      equal([code, cause?.code], ["dial_failed", "refused"], "a dial that nobody takes");
      await check.assertClean();
    });

    it("mocks a connection", async () => {
      const mock = connectedMock();
      mock.push({ type: "unknown", id: 32_769, payload: Uint8Array.of(7) });
      for await (const message of mock.receiveMessages()) {
        equal(message.type, "unknown", "the message");
        break;
      }
      await mock.sendMessage({ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) });
      equal((await mock.nextSent()).type, "ping", "what was sent");
      await mock.close();
    });

    const createPair = async () => {
      const streams = duplexPair();
      const close = async () => streams.forEach((stream) => stream.destroy());
      return { streams, mostUnderWay: 260_000, close };
    };
    describeByteStream({ name: "a stream", createPair }, { describe, it });

    const options = { network: networks.regtest, messages: bitcoinMessages };
    describeBitcoinTransport(
      {
        name: "BIP 324",
        createPair: (more) => ({
          protocol: "v2",
          transports: [
            V2Transport.initiator({ ...options, ...more }),
            V2Transport.responder({ ...options, ...more }),
          ],
        }),
      },
      { describe, it },
    );

    it("fails on purpose", async () => {
      const mock = connectedMock();
      await mock.sendMessage({ type: "pong", ignored: new Uint8Array(0) });
      equal(mock.sent[0]?.type, "the expected one", "the message that was sent");
    });
  });
}
