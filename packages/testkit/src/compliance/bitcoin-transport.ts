// What every transport of Bitcoin must do: the suite's entry, its parts are in the files beside it.
import { endingTests } from "./bitcoin-transport-ending.ts";
import { meetingTests } from "./bitcoin-transport-meeting.ts";
import { messageTests } from "./bitcoin-transport-messages.ts";
import {
  type BitcoinTransportPair,
  type BitcoinTransportPairOptions,
  type BitcoinTransportTests,
  meet,
  type Way,
} from "./bitcoin-transport-tests.ts";
import type { SuiteRunner } from "./suite-runner.ts";

/** What {@link describeBitcoinTransport} runs against. */
export interface BitcoinTransportSuiteOptions {
  /** Of the implementation. */
  readonly name: string;
  /** Makes two transports that talk to each other, understanding the messages of `bitcoinMessages`. */
  readonly createPair: (options: BitcoinTransportPairOptions) => BitcoinTransportPair;
}

/**
 * Declares what every transport of Bitcoin must do, v1 or v2: both sides find out how they talk, messages arrive in
 * order and whole, and failures, ends and `destroy` are as `BitcoinTransport` says.
 *
 * @example
 * ```ts
 * const options = { network: networks.regtest, messages: bitcoinMessages };
 * describeBitcoinTransport(
 *   {
 *     name: "v1",
 *     createPair: (more) => ({
 *       protocol: "v1",
 *       transports: [new V1Transport({ ...options, ...more }), new V1Transport({ ...options, ...more })],
 *     }),
 *   },
 *   { describe, it },
 * );
 * ```
 */
export function describeBitcoinTransport(
  { name, createPair }: BitcoinTransportSuiteOptions,
  { describe, it }: SuiteRunner,
): void {
  const fresh = (
    options: BitcoinTransportPairOptions = { malformed: "fail" },
  ): BitcoinTransportPair => createPair(options);
  const met = (options?: BitcoinTransportPairOptions): readonly [Way, Way] => {
    const pair = fresh(options);
    meet(pair);
    const [dialed, called] = pair.transports;
    return [
      { name: "from the side that dialed", sender: dialed, receiver: called },
      { name: "to the side that dialed", sender: called, receiver: dialed },
    ];
  };
  const tests: BitcoinTransportTests = {
    test: (title, body) => void it(title, body),
    fresh,
    met,
    metApart: (options) => [met(options)[0], met(options)[1]],
  };
  describe(name, () => {
    describe("meeting", () => meetingTests(tests));
    describe("messages", () => messageTests(tests));
    describe("the end", () => endingTests(tests));
  });
}
