// Streams
export type { ByteStream, ByteStreamHandler } from "./byte-stream.ts";

// For those who implement a ByteStream
export { callOwner, destroyError, startError, writeError } from "./stream-rules.ts";
export { afterEventLoop, StreamTurns } from "./turns.ts";

// Messages over streams
export {
  FramedStream,
  type FramedStreamEnd,
  type FramedStreamHandler,
} from "./framed-stream.ts";
export type { Framing, FramingResult } from "./framing.ts";

// Opening and accepting
export type {
  Dialer,
  DialOptions,
  Listen,
  Listener,
  ListenOptions,
  TcpDialerOptions,
} from "./dialer.ts";
export { defaultDialer, listenTcp, tcpDialer } from "#platform";

// In memory
export { memoryPair } from "./memory-pair.ts";
export type { MemoryPairOptions, MemoryPairSizes, MemoryStream } from "./memory-stream.ts";
export type { Path, Segment } from "./path.ts";
export { MemoryNetwork } from "./memory-network.ts";

// Addresses
export {
  formatHostPort,
  type HostKind,
  type HostPort,
  parseHostPort,
  type ParseHostPortOptions,
} from "./address.ts";
export { formatIp, parseIp } from "./ip.ts";

// Errors
export { NetError, type NetErrorCode, type NetErrorOptions } from "./errors.ts";
