/**
 * One TCP socket as LDK's `PeerManager` sees it: bytes in by `read_event`, bytes out by `send_data`,
 * with backpressure both ways.
 *
 * LDK forbids calls into the `PeerManager` from inside a descriptor callback, so these only touch the
 * socket and leave the rest to a microtask or a later socket event. The bindings copy bytes both into
 * and out of WASM memory: no view of it outlives a call.
 */
import type { Socket } from "node:net";
import {
  Option_SocketAddressZ,
  type PeerManager,
  Result_boolPeerHandleErrorZ_OK,
  Result_CVec_u8ZPeerHandleErrorZ_OK,
  SocketDescriptor,
} from "lightningdevkit";

/** What LDK's documentation asks for, so that one busy peer cannot hold up the others. */
const READ_BYTES = 4096;

// LDK keys its peers by descriptor, and panics when two live ones are equal.
let lastDescriptorId = 0n;

/** Joins a connected socket to a `PeerManager` and keeps it there until either side hangs up. */
export class LdkSocket {
  /** Resolved when the socket is closed and LDK knows. */
  readonly closed: Promise<void>;
  readonly #peers: PeerManager;
  readonly #socket: Socket;
  readonly #descriptor: SocketDescriptor;
  readonly #progress: () => void;
  #readPaused = false;
  /** LDK has let go of the descriptor: it may not be named in a call again. */
  #hungUp = false;

  /**
   * @param remoteNodeId - present when LDK is the initiator: act one is written at once.
   * @param progress - called after each step in which LDK may have changed its mind about anything.
   */
  constructor(
    peers: PeerManager,
    socket: Socket,
    remoteNodeId: Uint8Array | undefined,
    progress: () => void,
  ) {
    this.#peers = peers;
    this.#socket = socket;
    this.#progress = progress;
    const id = ++lastDescriptorId;
    this.#descriptor = SocketDescriptor.new_impl({
      send_data: (data, resumeRead) => this.#send(data, resumeRead),
      disconnect_socket: () => this.#hangUp(),
      eq: (other) => other.hash() === id,
      hash: () => id,
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#onClose();
        resolve();
      });
    });
    socket.on("error", () => {}); // "close" follows, and is all that LDK can be told
    socket.on("drain", () => this.#onDrain());
    socket.on("readable", () => this.#pump());
    this.#join(remoteNodeId);
  }

  /** Bytes taken from the socket so far. */
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  /** Bytes handed to the socket so far, those it still buffers included. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }

  /** Closes at once, without a last word. */
  destroy(): void {
    this.#socket.destroy();
  }

  #join(remoteNodeId: Uint8Array | undefined): void {
    // LDK leaves loopback and private addresses out of its init, so there is none to give it.
    const address = Option_SocketAddressZ.constructor_none();
    if (remoteNodeId === undefined) {
      if (!this.#peers.new_inbound_connection(this.#descriptor, address).is_ok()) this.#hangUp();
      return;
    }
    const act1 = this.#peers.new_outbound_connection(remoteNodeId, this.#descriptor, address);
    if (act1 instanceof Result_CVec_u8ZPeerHandleErrorZ_OK) this.#socket.write(act1.res);
    else this.#hangUp();
  }

  /** `send_data`: returns how many bytes were taken; less than all means "call me on drain". */
  #send(data: Uint8Array, resumeRead: boolean): number {
    if (resumeRead && this.#readPaused) {
      this.#readPaused = false;
      queueMicrotask(() => this.#pump());
    }
    if (data.length === 0) return 0;
    if (this.#socket.writableNeedDrain || !this.#socket.writable) {
      this.#readPaused = true; // whoever does not read our answers gets no further questions in
      return 0;
    }
    this.#socket.write(data);
    return data.length;
  }

  #onDrain(): void {
    if (this.#hungUp) return;
    if (!this.#peers.write_buffer_space_avail(this.#descriptor).is_ok()) this.#hangUp();
    this.#progress();
  }

  /** Feeds LDK until the socket is empty or LDK wants a pause; unread bytes then hold back the peer. */
  #pump(): void {
    while (!this.#hungUp && !this.#readPaused) {
      // A length of 0 returns null as well, and asks the socket for more.
      const chunk = this.#read(Math.min(READ_BYTES, this.#socket.readableLength));
      if (chunk === null) break;
      const result = this.#peers.read_event(this.#descriptor, chunk);
      if (!(result instanceof Result_boolPeerHandleErrorZ_OK)) this.#hangUp();
      else if (result.res) this.#readPaused = true;
    }
    // Closing over unread bytes would be a reset, which could cost the peer LDK's last message.
    while (this.#hungUp && this.#read() !== null);
    this.#peers.process_events();
    this.#progress();
  }

  #read(size?: number): Uint8Array | null {
    return this.#socket.read(size) as Uint8Array | null;
  }

  /** Sends what LDK wrote, then FIN; the peer is expected to close its half in turn. */
  #hangUp(): void {
    this.#hungUp = true;
    this.#socket.end();
  }

  #onClose(): void {
    if (!this.#hungUp) {
      this.#hungUp = true;
      this.#peers.socket_disconnected(this.#descriptor);
      this.#peers.process_events();
    }
    this.#progress();
  }
}
