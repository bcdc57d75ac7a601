// What of the testkit works while a runner's fake timers are on, as its README says.
import { SimplePeer } from "@satwire/lnp2p";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import { AssertionError, LoopbackLightningNode, settle, VirtualClock } from "@satwire/testkit";
import type { SuiteRunner } from "@satwire/testkit/compliance";

/** A runner with timers that it fakes. */
export interface FakeTimersRunner extends SuiteRunner {
  /** From here on timers are faked, as the README says. */
  readonly fake: () => void;
  /** Moves faked time. */
  readonly advance: (ms: number) => void;
  readonly restore: () => void;
}

/** Declares the tests. */
export function fakeTimers({ describe, it, fake, advance, restore }: FakeTimersRunner): void {
  const faked = (name: string, body: () => Promise<void>): void => {
    it(name, async () => {
      fake();
      try {
        await body();
      } finally {
        restore();
      }
    });
  };

  describe("fake timers", () => {
    faked("are on: a timer fires when the runner says so", async () => {
      let hasFired = false;
      setTimeout(() => (hasFired = true), 60_000);
      await settle();
      if (hasFired) throw new AssertionError("the timer fired by itself");
      advance(60_000);
      if (!hasFired) throw new AssertionError("the timer did not fire");
    });

    faked("do not stop settle and the virtual clock", async () => {
      const clock = new VirtualClock();
      const fired: number[] = [];
      clock.setTimer(() => fired.push(1), 1000);
      await clock.advance(1000);
      if (fired.length === 1) return;
      throw new AssertionError("virtual time stands still", { actual: fired, expected: [1] });
    });

    faked("do not stop a loopback node, whose timers they are", async () => {
      const network = new MemoryNetwork();
      await using node = new LoopbackLightningNode();
      const address = parseHostPort("node.example:9735");
      const target = await node.listen({ listen: network.listen, address });
      const peer = new SimplePeer({ target, dialer: network.dialer });
      await peer.connect();
      await peer.ping();
      const unanswered = peer.close();
      await unanswered;
    });

    faked("time a peer out that is connected over memory", async () => {
      const network = new MemoryNetwork();
      await using node = new LoopbackLightningNode({ answersPings: false });
      const address = parseHostPort("node.example:9735");
      const target = await node.listen({ listen: network.listen, address });
      await using peer = new SimplePeer({ target, dialer: network.dialer });
      await peer.connect();
      const pinging = peer.ping({ timeoutMs: 30_000 }).catch((error: { code?: string }) => error);
      await settle();
      advance(30_000);
      const actual = (await pinging) as { code?: string };
      if (actual.code === "ping_timeout") return;
      throw new AssertionError("no timeout", { actual: actual.code, expected: "ping_timeout" });
    });
  });
}
