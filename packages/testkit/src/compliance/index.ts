/**
 * What every implementation of an interface must do, as suites for any test runner.
 *
 * @packageDocumentation
 */

// Runners
export {
  runSuite,
  type RunSuiteOptions,
  type SuiteOutcome,
  type TestOutcome,
} from "./run-suite.ts";
export type { PatienceOptions } from "./patience.ts";
export type { SuiteRunner } from "./suite-runner.ts";

// Byte streams
export { type ByteStreamSuiteOptions, describeByteStream } from "./byte-stream.ts";
export type { StreamPair } from "./byte-stream-tests.ts";

// Connections to Lightning nodes
export { describePeerConnection, type PeerConnectionSuiteOptions } from "./peer-connection.ts";
export type { PeerConnectionCase, PeerConnectionRemote } from "./peer-connection-tests.ts";

// Readers of streams
export { describeStreamReader, type StreamReaderSuiteOptions } from "./stream-reader.ts";
export type {
  ReaderResult,
  StreamFrame,
  StreamReader,
  StreamReaderCase,
} from "./stream-reader-tests.ts";

// Transports of Bitcoin
export {
  type BitcoinTransportSuiteOptions,
  describeBitcoinTransport,
} from "./bitcoin-transport.ts";
export type {
  BitcoinTransportPair,
  BitcoinTransportPairOptions,
} from "./bitcoin-transport-tests.ts";
