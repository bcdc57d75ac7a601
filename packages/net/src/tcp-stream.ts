/**
 * A byte stream over a TCP socket of Node.
 *
 * Who owns the bytes: chunks are views of memory that Node allocated for them alone, so they are handed on
 * without a copy. Node keeps arrays given to `write` until the system has taken them.
 */
import type { Socket } from "node:net";
import type { HostPort } from "./address.ts";
import type { ByteStream, ByteStreamHandler } from "./byte-stream.ts";
import { NetError } from "./errors.ts";
import { callOwner, destroyError, startError, writeError } from "./stream-rules.ts";
import { systemError } from "./system-error.ts";
import { socketAddress } from "./tcp-address.ts";

/** Wraps a connected socket that is paused and allows half-open connections. */
export class TcpStream implements ByteStream {
  readonly localAddress: HostPort | undefined;
  readonly remoteAddress: HostPort | undefined;
  readonly #socket: Socket;
  #handler: ByteStreamHandler | undefined;
  #failure: NetError | undefined;
  #paused = false;
  #ended = false;
  #destroyed = false;
  #endTold = false;
  #drainOwed = false;
  #closed = false;
  #closeTold = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Node forgets both addresses when the socket closes.
    this.localAddress = socketAddress(socket.localAddress, socket.localPort);
    this.remoteAddress = socketAddress(socket.remoteAddress, socket.remotePort);
    socket.on("error", (error) => {
      this.#failure ??= systemError(error, "the connection");
    });
    socket.on("drain", () => this.#drain());
    socket.on("close", () => {
      this.#closed = true;
      this.#tellClose();
    });
  }

  start(handler: ByteStreamHandler): void {
    if (this.#handler !== undefined) throw startError();
    this.#handler = handler;
    if (this.#closed) return queueMicrotask(() => this.#tellClose());
    const socket = this.#socket;
    socket.on("data", (chunk: Uint8Array) => {
      if (this.#destroyed) return; // Node goes on with what it had read before
      const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      callOwner(this, () => handler.onData(bytes));
    });
    socket.on("end", () => {
      if (this.#destroyed) return;
      this.#endTold = true;
      callOwner(this, () => handler.onEnd());
    });
    if (!this.#paused) socket.resume();
    if (this.#drainOwed && !socket.writableNeedDrain) queueMicrotask(() => this.#drain());
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#handler !== undefined) this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#destroyed || this.#closeTold) throw writeError();
    const socket = this.#socket;
    if (socket.destroyed) return false;
    if (bytes.length > 0 && !socket.write(bytes)) this.#drainOwed = true;
    return !this.#drainOwed;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (socket.writableLength === 0) {
      socket.end();
      return;
    }
    // A socket that is shutting down cannot be reset, so the shutdown waits here until the queue is out.
    socket.write(new Uint8Array(0), () => {
      if (!socket.destroyed) socket.end();
    });
  }

  destroy(error?: Error): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    const socket = this.#socket;
    if (socket.destroyed) return; // onClose with the reason is on its way
    this.#failure ??= destroyError(error);
    if (socket.writableEnded && !socket.writableFinished) {
      socket.once("finish", () => socket.resetAndDestroy());
    } else {
      socket.resetAndDestroy();
    }
  }

  #drain(): void {
    const handler = this.#handler;
    if (!this.#drainOwed || handler === undefined || this.#ended || this.#destroyed || this.#closed)
      return;
    this.#drainOwed = false;
    callOwner(this, () => handler.onDrain());
  }

  #tellClose(): void {
    const handler = this.#handler;
    if (handler === undefined || this.#closeTold) return;
    this.#closeTold = true;
    const inOrder = this.#ended && this.#endTold;
    const error =
      this.#failure ?? (inOrder ? undefined : new NetError("closed", "the socket was closed"));
    callOwner(this, () => handler.onClose(error));
  }
}
