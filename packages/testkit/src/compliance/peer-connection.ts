// What every connection to a Lightning node must do: the suite's entry, its parts are in the files beside it.
import { Patience, type PatienceOptions } from "./patience.ts";
import { closingTests } from "./peer-connection-closing.ts";
import { connectingTests } from "./peer-connection-connecting.ts";
import { eventTests } from "./peer-connection-events.ts";
import { receivingTests } from "./peer-connection-receiving.ts";
import { sendingTests } from "./peer-connection-sending.ts";
import type { PeerConnectionCase, PeerConnectionTests } from "./peer-connection-tests.ts";
import type { SuiteRunner } from "./suite-runner.ts";

/** What {@link describePeerConnection} runs against. */
export interface PeerConnectionSuiteOptions extends PatienceOptions {
  /** Of the implementation. */
  readonly name: string;
  /** Makes a connection and its other side for one test. */
  readonly create: () => Promise<PeerConnectionCase>;
}

/**
 * Declares what every connection to a Lightning node must do, real or mock: connecting, messages both ways, pings,
 * events and the end.
 *
 * @throws RangeError for a `timeoutMs` that is not above 0
 * @example
 * ```ts
 * const create = async () => {
 *   const mock = new MockConnection();
 *   const remote = {
 *     send: (message) => void mock.push(message),
 *     next: (type) => mock.nextSent((sent) => sent.type === type),
 *     end: () => mock.end(),
 *     reset: () => mock.end("connection_lost"),
 *   };
 *   return { connection: new MyWrapper(mock), remote, dispose: () => mock.close() };
 * };
 * describePeerConnection({ name: "MyWrapper", create }, { describe, it });
 * ```
 */
export function describePeerConnection(
  options: PeerConnectionSuiteOptions,
  runner: SuiteRunner,
): void {
  const patience = new Patience(options);
  const test = (name: string, body: (it: PeerConnectionCase) => Promise<void>): void => {
    runner.it(name, async () => {
      const it = await options.create();
      try {
        await body(it);
      } finally {
        await it.dispose();
      }
    });
  };
  const tests: PeerConnectionTests = {
    patience,
    test,
    connectedTest(name, body) {
      test(name, async (it) => {
        await patience.for(it.connection.connect(), "connect");
        await body(it);
      });
    },
  };
  runner.describe(options.name, () => {
    runner.describe("connecting", () => connectingTests(tests));
    runner.describe("receiving", () => receivingTests(tests));
    runner.describe("sending", () => sendingTests(tests));
    runner.describe("events", () => eventTests(tests));
    runner.describe("closing", () => closingTests(tests));
  });
}
