// BIP 324: encrypted packets after a handshake that looks random. Hidden from those who only listen; who the peer is,
// it does not prove.
// Bytes: chunks are only read during the call; what is returned belongs to the caller. Packets to send share blocks of
// 16 KiB, as payloads do.
import { defaultV2Crypto } from "#default-v2-crypto";
import { concatBytes, EncodeError } from "@satwire/codec";
import { commandLength, readCommand, writeCommand } from "./command.ts";
import type { EllswiftKeyPair } from "./ellswift.ts";
import { TransportError } from "../errors.ts";
import { FrameBuffer } from "./frame-buffer.ts";
import type { MessageBase, UnknownMessage } from "../message.ts";
import { commandOf, encodeWithRoom, maxPayloadLength } from "../message-set.ts";
import {
  type Packet,
  type PacketCipher,
  packetExpansion,
  packetPrefixLength,
} from "./packet-cipher.ts";
import { TransportState } from "./transport-state.ts";
import {
  type BitcoinTransport,
  checkedMagic,
  eventOf,
  type TransportEvent,
  type TransportOptions,
  type TransportResult,
} from "./transport.ts";
import { V1Transport } from "./v1-transport.ts";
import type { V2Crypto } from "./v2-crypto.ts";
import { V2Handshake } from "./v2-handshake.ts";

const lengthLength = 3;
const longTypeLength: number = /* @__PURE__ */ 1 + commandLength;
/** The longest contents that nodes take: a long message type and a payload. */
const maxContentsLength: number = /* @__PURE__ */ longTypeLength + maxPayloadLength;
const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What a {@link V2Transport} is made with. */
export interface V2TransportOptions<M extends MessageBase> extends TransportOptions<M> {
  /** @default `defaultV2Crypto`: noble, and Node's own where there is one */
  readonly crypto?: V2Crypto | undefined;
  /**
   * What follows the key, 0 to 4,095 bytes, to look like something else or for tests.
   *
   * @default random bytes of a random length
   */
  readonly garbage?: Uint8Array | undefined;
  /** For tests only: a connection needs a key of its own. It is copied. @default a fresh one */
  readonly keyPair?: EllswiftKeyPair | undefined;
}

/**
 * One side of a BIP 324 connection. The side that is called also takes peers of v1, and is a {@link V1Transport} from
 * then on.
 *
 * @example
 * ```ts
 * const transport = V2Transport.initiator({ network: networks.mainnet, messages: bitcoinMessages });
 * const opening = transport.open();
 * if (opening) socket.write(opening);
 * socket.on("data", (chunk) => {
 *   const { events, reply, failure } = transport.push(chunk);
 *   if (reply) socket.write(reply);
 *   for (const event of events) if (event.type === "message") handle(event.message);
 *   if (failure) socket.destroy();
 * });
 * socket.on("close", () => {
 *   if (transport.shouldRetryV1) dialAgain(new V1Transport(options));
 * });
 * ```
 */
export class V2Transport<M extends MessageBase> implements BitcoinTransport<M> {
  get protocol(): "detecting" | "v1" | "v2" {
    if (this.#fallback !== undefined) return "v1";
    return this.#sessionId === undefined ? "detecting" : "v2";
  }

  /** As soon as the peer's key is there. */
  get established(): boolean {
    if (this.#fallback !== undefined) return this.#fallback.established;
    return this.#state.isUsable && this.#handshake.cipher !== undefined;
  }

  get sessionId(): Uint8Array | undefined {
    return this.#sessionId?.slice();
  }

  get failure(): TransportError | undefined {
    return this.#fallback === undefined ? this.#state.failure : this.#fallback.failure;
  }

  get bytesBuffered(): number {
    if (this.#fallback !== undefined) return this.#fallback.bytesBuffered;
    if (!this.#state.isUsable) return 0;
    const lengthBytes = this.#contentsLength < 0 ? 0 : lengthLength;
    return this.#handshake.bytesBuffered + lengthBytes + this.#input.length;
  }

  /**
   * Whether the peer is perhaps one of v1, which an initiator cannot talk to on this connection: nothing has come, or
   * only what such a peer would send. If the peer hangs up like this, or nothing comes for some seconds, dial again
   * with a {@link V1Transport}. Stays as it was when the transport ended.
   */
  get shouldRetryV1(): boolean {
    return this.#initiator && this.#handshake.peerMayBeV1;
  }

  readonly #options: TransportOptions<M>;
  readonly #initiator: boolean;
  readonly #state: TransportState = new TransportState();
  readonly #handshake: V2Handshake;
  readonly #input: FrameBuffer = new FrameBuffer();
  #fallback: V1Transport<M> | undefined;
  #sessionId: Uint8Array | undefined;
  /** Length of the contents that come next, -1 while a length does. */
  #contentsLength = -1;

  private constructor(initiator: boolean, options: V2TransportOptions<M>) {
    const { network, messages, malformed, garbage, keyPair, crypto = defaultV2Crypto } = options;
    const magic = checkedMagic(network);
    this.#initiator = initiator;
    this.#options = { network: { magic }, messages, malformed };
    this.#handshake = new V2Handshake({ initiator, magic, crypto, garbage, keyPair });
  }

  /**
   * The side that dials. It makes its key now.
   *
   * @throws RangeError if the magic is not 4 bytes, the garbage is more than 4,095 bytes or a key has not its length;
   * what the crypto backend throws
   */
  static initiator<M extends MessageBase>(options: V2TransportOptions<M>): V2Transport<M> {
    return new V2Transport(true, options);
  }

  /**
   * The side that is called. It makes its key when the peer is not one of v1.
   *
   * @throws RangeError if the magic is not 4 bytes, the garbage is more than 4,095 bytes or a key has not its length
   */
  static responder<M extends MessageBase>(options: V2TransportOptions<M>): V2Transport<M> {
    return new V2Transport(false, options);
  }

  /** The initiator's key and garbage, until the peer's key has come; nothing for the responder. */
  open(): Uint8Array | undefined {
    return this.#state.isUsable ? this.#handshake.opening : undefined;
  }

  push(chunk: Uint8Array): TransportResult<M> {
    if (this.#fallback !== undefined) return this.#fallback.push(chunk);
    const events: TransportEvent<M>[] = [];
    const refusal = this.#state.refusal();
    if (refusal !== undefined) return { events, failure: refusal };
    try {
      const handshake = this.#handshake;
      if (handshake.outcome === "v2") {
        this.#readPackets(chunk, 0, events);
        return { events };
      }
      const position = handshake.read(chunk);
      if (handshake.outcome === "v1") return this.#fallBack(chunk.subarray(position));
      const reply = handshake.takeReply();
      if (handshake.outcome === "v2") this.#readPackets(chunk, position, events);
      return reply.length === 0 ? { events } : { events, reply };
    } catch (cause) {
      return { events, failure: this.#fail(cause) };
    }
  }

  encode(message: M | UnknownMessage): Uint8Array {
    if (this.#fallback !== undefined) return this.#fallback.encode(message);
    const cipher = this.#sendingCipher();
    const { messages } = this.#options;
    const command = commandOf(message);
    const shortId = messages.shortIdOf(command);
    const typeLength = shortId === undefined ? longTypeLength : 1;
    const before = packetPrefixLength + typeLength;
    const after = packetExpansion - packetPrefixLength;
    const packet = encodeWithRoom(messages, message, { before, after });
    if (shortId === undefined) writeCommand(packet, packetPrefixLength + 1, command);
    else packet[packetPrefixLength] = shortId;
    return this.#encrypt(cipher, packet, false);
  }

  /**
   * A packet that the peer ignores, with `length` bytes of contents: 20 more on the wire. To whoever listens it could
   * be a message.
   *
   * @throws EncodeError `out_of_range` unless `length` is a whole number from 0 to 4,000,013; TransportError
   * `not_established`, also over v1, `crypto`, `failed`, `destroyed`
   */
  encodeDecoy(length: number): Uint8Array {
    this.#state.assertUsable();
    if (this.#fallback !== undefined)
      throw new TransportError("not_established", "v1 has no decoys");
    const cipher = this.#sendingCipher();
    if (!Number.isInteger(length) || length < 0 || length > maxContentsLength) {
      const text = `a decoy has 0 to ${maxContentsLength} bytes, not ${length}`;
      throw new EncodeError("out_of_range", text);
    }
    return this.#encrypt(cipher, new Uint8Array(packetExpansion + length), true);
  }

  end(): TransportError | undefined {
    if (this.#fallback !== undefined) return this.#fallback.end();
    if (!this.#state.isUsable) return this.#state.failure;
    const isDone = this.#sessionId !== undefined;
    const isInside = isDone ? this.bytesBuffered > 0 : this.#initiator || this.#handshake.hasBegun;
    if (!isInside) return undefined;
    const waiting = isDone ? "a packet" : "the handshake";
    return new TransportError("truncated", `the peer stopped sending in the middle of ${waiting}`);
  }

  destroy(): void {
    this.#fallback?.destroy();
    this.#state.destroyed = true;
    this.#release();
  }

  /** Reads on as v1 what began like that. */
  #fallBack(rest: Uint8Array): TransportResult<M> {
    this.#fallback = new V1Transport(this.#options);
    return this.#fallback.push(concatBytes(this.#handshake.prefix, rest));
  }

  #readPackets(chunk: Uint8Array, position: number, events: TransportEvent<M>[]): void {
    const [input, handshake] = [this.#input, this.#handshake];
    const cipher = handshake.cipher as PacketCipher;
    input.feed(chunk, position);
    for (;;) {
      if (this.#contentsLength < 0) {
        const at = input.next(lengthLength);
        if (at < 0) return;
        const length = cipher.decryptLength(input.source.subarray(at, at + lengthLength));
        if (length > maxContentsLength) {
          const text = `a packet of ${length} bytes is announced, at most ${maxContentsLength} are allowed`;
          throw new TransportError("payload_too_long", text, { length });
        }
        this.#contentsLength = length;
      }
      const length = this.#contentsLength + packetExpansion - lengthLength;
      const at = input.next(length);
      if (at < 0) return;
      const aad = handshake.receivedGarbage;
      const packet = cipher.decrypt(input.source.subarray(at, at + length), { aad });
      if (packet === undefined) {
        const text = `a packet of ${this.#contentsLength} bytes does not authenticate`;
        throw new TransportError("packet_tag", text, { length: this.#contentsLength });
      }
      this.#contentsLength = -1;
      // Garbage is authenticated by one packet: the first, be it a decoy or the version packet.
      if (aad.length > 0) handshake.destroy();
      events.push(this.#eventOf(packet, cipher));
    }
  }

  #eventOf({ contents, ignore }: Packet, cipher: PacketCipher): TransportEvent<M> {
    const wireLength = contents.length + packetExpansion;
    if (ignore) {
      return { type: "ignored", reason: "decoy", header: noBytes, payload: contents, wireLength };
    }
    if (this.#sessionId === undefined) {
      // What the version packet holds is for later versions of the transport.
      this.#sessionId = cipher.sessionId;
      return { type: "ready", protocol: "v2", sessionId: cipher.sessionId.slice() };
    }
    const typeLength = contents[0] === 0 ? longTypeLength : 1;
    if (contents.length < typeLength) {
      return { type: "ignored", reason: "no_type", header: noBytes, payload: contents, wireLength };
    }
    const isLong = typeLength > 1;
    const command = isLong
      ? readCommand(contents, 1)
      : this.#options.messages.commandOfShortId(contents[0] as number);
    const payload = contents.subarray(typeLength);
    if (command !== undefined) return eventOf(this.#options, command, payload, wireLength);
    const reason = isLong ? "command" : "short_id";
    const header = contents.subarray(isLong ? 1 : 0, typeLength);
    return { type: "ignored", reason, header, payload, wireLength };
  }

  /** @throws TransportError `not_established`, `failed`, `destroyed` */
  #sendingCipher(): PacketCipher {
    this.#state.assertUsable();
    const { cipher } = this.#handshake;
    if (cipher !== undefined) return cipher;
    throw new TransportError("not_established", "the peer's key has not come yet");
  }

  /** Encrypts a packet where it is. */
  #encrypt(cipher: PacketCipher, packet: Uint8Array, ignore: boolean): Uint8Array {
    try {
      cipher.encryptInPlace(packet, { ignore });
    } catch (cause) {
      throw this.#fail(cause); // the keystream has moved on for a packet that will never be sent
    }
    return packet;
  }

  #fail(cause: unknown): TransportError {
    const failure = this.#state.fail(cause);
    this.#release();
    return failure;
  }

  #release(): void {
    this.#handshake.destroy();
    this.#handshake.cipher?.destroy();
    this.#input.clear();
    this.#contentsLength = -1;
  }
}
