// A transport in the shape that streams of messages are driven by: `Framing` of `@satwire/net`, which this package does
// not import, so that its few functions are written down here once more.
// Bytes: as with the transport.
import { concatBytes } from "@satwire/codec";
import type { TransportError } from "../errors.ts";
import type { MessageBase, UnknownMessage } from "../message.ts";
import type { MessageSet } from "../message-set.ts";
import type { BitcoinTransport, TransportEvent } from "./transport.ts";

/** What received bytes led to. */
export interface TransportFramingResult<M extends MessageBase> {
  /** To be sent now, before anything else. */
  readonly reply?: Uint8Array | undefined;
  /** Not messages alone: everything that the transport tells, oldest first. */
  readonly messages: readonly TransportEvent<M>[];
  /** Why nothing more can be received or sent. */
  readonly failure?: TransportError | undefined;
}

/** A {@link BitcoinTransport} as `@satwire/net` wants it: structurally its `Framing<M | UnknownMessage, TransportEvent<M>>`. */
export interface TransportFraming<M extends MessageBase> {
  /** Whether messages can be sent. */
  readonly established: boolean;
  /** Bytes to send before anything was received; called once. */
  open(): Uint8Array | undefined;
  /** Takes received bytes. Throws nothing. */
  push(chunk: Uint8Array): TransportFramingResult<M>;
  /** The peer will send nothing more: what is wrong with that, if anything is. */
  end(): TransportError | undefined;
  /** @throws EncodeError if the message can never be sent */
  check(message: M | UnknownMessage): void;
  /**
   * Messages as bytes to send, in order.
   *
   * @throws EncodeError before anything is encrypted, TransportError `not_established`, `crypto`, `failed`, `destroyed`
   */
  encode(messages: readonly (M | UnknownMessage)[]): Uint8Array;
  /** Overwrites every key. Idempotent. */
  destroy(): void;
}

/**
 * A transport as a framing for `FramedStream` of `@satwire/net`.
 *
 * @param messages - the set that the transport was made with: it tells what can be sent before the peer's key is there
 * @example
 * ```ts
 * const options = { network: networks.regtest, messages: bitcoinMessages };
 * const framing = framingOf(V2Transport.responder(options), bitcoinMessages);
 * const framed = new FramedStream(stream, framing, handler); // send(message), onMessage(event)
 * ```
 */
export function framingOf<M extends MessageBase>(
  transport: BitcoinTransport<M>,
  messages: MessageSet<M>,
): TransportFraming<M> {
  const check = (message: M | UnknownMessage): void => void messages.encode(message);
  return {
    get established() {
      return transport.established;
    },
    open: () => transport.open(),
    push(chunk) {
      const { events, reply, failure } = transport.push(chunk);
      return { reply, messages: events, failure };
    },
    end: () => transport.end(),
    check,
    encode(list) {
      const [first, second] = list;
      if (first !== undefined && second === undefined) return transport.encode(first);
      // A message in the middle that cannot be sent would leave a gap in the keystream.
      for (const message of list) check(message);
      return concatBytes(...list.map((message) => transport.encode(message)));
    },
    destroy: () => transport.destroy(),
  };
}
