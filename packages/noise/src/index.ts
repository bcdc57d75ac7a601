// Handshake
export { act1Length, act2Length, act3Length } from "./act.ts";
export {
  type AwaitingAct1,
  type AwaitingAct2,
  type AwaitingAct3,
  initiate,
  type InitiateOptions,
  type InitiatorResult,
  respond,
  type RespondOptions,
  type ResponderResult,
} from "./handshake.ts";
export type { HandshakeOptions } from "./session.ts";

// Both, driven by received bytes
export { NoiseChannel, type NoiseChannelResult } from "./channel.ts";

// Transport
export {
  frameHeaderLength,
  frameLength,
  maxMessageLength,
  type NoiseTransport,
} from "./transport.ts";

// Keys
export {
  createLocalKey,
  type DestroyableLocalKey,
  generatePrivateKey,
  type LocalKey,
  publicKeyOf,
} from "./local-key.ts";

// Crypto
export { nobleCrypto, type NoiseCrypto, tagLength } from "./crypto.ts";

// Errors
export {
  type HandshakeAct,
  HandshakeError,
  type HandshakeErrorCode,
  KeyError,
  type KeyErrorCode,
  TransportError,
  type TransportErrorCode,
} from "./errors.ts";
