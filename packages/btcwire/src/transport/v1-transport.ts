// Frames of the first transport: magic, command, length, checksum, payload. Nothing is hidden or authenticated.
// Bytes: chunks are only read during the call; what is returned belongs to the caller. Frames to send share blocks of
// 16 KiB, as payloads do.
import { commandLength, readCommand, writeCommand } from "./command.ts";
import { TransportError } from "../errors.ts";
import { FrameBuffer } from "./frame-buffer.ts";
import { hash256 } from "../hash256.ts";
import type { MessageBase, UnknownMessage } from "../message.ts";
import { commandOf, encodeWithRoom, maxPayloadLength } from "../message-set.ts";
import { TransportState } from "./transport-state.ts";
import {
  type BitcoinTransport,
  checkedMagic,
  eventOf,
  type TransportEvent,
  type TransportOptions,
  type TransportResult,
} from "./transport.ts";

/** Bytes of a v1 frame in front of its payload. */
export const v1HeaderLength = 24;

const magicLength = 4;
const lengthAt: number = /* @__PURE__ */ magicLength + commandLength;
const checksumAt: number = /* @__PURE__ */ lengthAt + 4;

/**
 * The first transport of Bitcoin, either side. Frames that fail their checksum or have no proper command are
 * ignored, as nodes do.
 *
 * @example
 * ```ts
 * const transport = new V1Transport({ network: networks.mainnet, messages: bitcoinMessages });
 * socket.write(transport.encode(version));
 * socket.on("data", (chunk) => {
 *   const { events, failure } = transport.push(chunk);
 *   for (const event of events) if (event.type === "message") handle(event.message);
 *   if (failure) socket.destroy();
 * });
 * ```
 */
export class V1Transport<M extends MessageBase> implements BitcoinTransport<M> {
  /** Always `v1`. */
  get protocol(): "v1" {
    return "v1";
  }

  /** Until the transport fails or is destroyed. */
  get established(): boolean {
    return this.#state.isUsable;
  }

  /** V1 has none. */
  get sessionId(): undefined {
    return undefined;
  }

  /** Always false. */
  get shouldRetryV1(): false {
    return false;
  }

  get failure(): TransportError | undefined {
    return this.#state.failure;
  }

  get bytesBuffered(): number {
    return this.#input.length + (this.#payloadLength < 0 ? 0 : v1HeaderLength);
  }

  readonly #options: TransportOptions<M>;
  readonly #magic: Uint8Array;
  readonly #state: TransportState = new TransportState();
  readonly #input: FrameBuffer = new FrameBuffer();
  readonly #header: Uint8Array = new Uint8Array(v1HeaderLength);
  /** Length of the payload that comes next, -1 while a header does. */
  #payloadLength = -1;
  #hasMetPeer = false;

  /** @throws RangeError if the magic is not 4 bytes */
  constructor(options: TransportOptions<M>) {
    this.#magic = checkedMagic(options.network);
    this.#options = options;
  }

  /** Nothing has to be sent first. */
  open(): undefined {
    return undefined;
  }

  push(chunk: Uint8Array): TransportResult<M> {
    const events: TransportEvent<M>[] = [];
    const refusal = this.#state.refusal();
    if (refusal !== undefined) return { events, failure: refusal };
    try {
      this.#input.feed(chunk, 0);
      while (this.#readHeader(events) && this.#readPayload(events));
    } catch (cause) {
      const failure = this.#state.fail(cause);
      this.#release();
      return { events, failure };
    }
    return { events };
  }

  encode(message: M | UnknownMessage): Uint8Array {
    this.#state.assertUsable();
    const frame = encodeWithRoom(this.#options.messages, message, { before: v1HeaderLength });
    const payload = frame.subarray(v1HeaderLength);
    frame.set(this.#magic);
    writeCommand(frame, magicLength, commandOf(message));
    for (let i = 0; i < 4; i++) frame[lengthAt + i] = payload.length >>> (8 * i); // the low 8 bits
    const digest = hash256(payload);
    for (let i = 0; i < 4; i++) frame[checksumAt + i] = digest[i] as number;
    return frame;
  }

  end(): TransportError | undefined {
    if (this.failure !== undefined || this.bytesBuffered === 0) return this.failure;
    const waiting =
      this.#payloadLength < 0 ? "a header" : `a payload of ${this.#payloadLength} bytes`;
    return new TransportError("truncated", `the peer stopped sending in the middle of ${waiting}`);
  }

  /** Refuses every later use; there are no keys. Idempotent. */
  destroy(): void {
    this.#state.destroyed = true;
    this.#release();
  }

  #readHeader(events: TransportEvent<M>[]): boolean {
    if (this.#payloadLength >= 0) return true;
    const input = this.#input;
    const at = input.next(v1HeaderLength);
    const { source } = input;
    // Another network is known by its first byte; nothing has to be waited for.
    this.#checkMagic(source, Math.max(at, 0), at < 0 ? input.length : v1HeaderLength, events);
    if (at < 0) return false;
    const header = this.#header;
    for (let i = 0; i < v1HeaderLength; i++) header[i] = source[at + i] as number;
    const length = lengthOf(header);
    if (length > maxPayloadLength) {
      const text = `a payload of ${length} bytes is announced, at most ${maxPayloadLength} are allowed`;
      const command = readCommand(header, magicLength);
      throw new TransportError("payload_too_long", text, { command, length });
    }
    this.#payloadLength = length;
    return true;
  }

  #readPayload(events: TransportEvent<M>[]): boolean {
    const payload = this.#input.take(this.#payloadLength);
    if (payload === undefined) return false;
    this.#payloadLength = -1;
    events.push(this.#eventOf(payload));
    return true;
  }

  #eventOf(payload: Uint8Array): TransportEvent<M> {
    const header = this.#header;
    const wireLength = v1HeaderLength + payload.length;
    const digest = hash256(payload);
    let difference = 0;
    for (let i = 0; i < 4; i++) {
      difference |= (digest[i] as number) ^ (header[checksumAt + i] as number);
    }
    const command = readCommand(header, magicLength);
    if (difference === 0 && command !== undefined) {
      return eventOf(this.#options, command, payload, wireLength);
    }
    const reason = difference === 0 ? "command" : "checksum";
    const field = header.slice(magicLength, lengthAt);
    return { type: "ignored", reason, header: field, payload, wireLength };
  }

  #checkMagic(source: Uint8Array, at: number, count: number, events: TransportEvent<M>[]): void {
    for (let i = 0; i < magicLength && i < count; i++) {
      if (source[at + i] === this.#magic[i]) continue;
      throw new TransportError("wrong_network", "the bytes are no frame of this network");
    }
    if (this.#hasMetPeer || count < magicLength) return;
    this.#hasMetPeer = true;
    events.push({ type: "ready", protocol: "v1" });
  }

  #release(): void {
    this.#input.clear();
    this.#payloadLength = -1;
  }
}

function lengthOf(header: Uint8Array): number {
  let length = 0;
  for (let i = 3; i >= 0; i--) length = length * 256 + (header[lengthAt + i] as number);
  return length;
}
