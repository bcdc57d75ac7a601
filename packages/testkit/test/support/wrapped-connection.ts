// A connection around another one that changes nothing: what broken ones are made from.
import type { Init, KnownMessage } from "@satwire/lnwire";
import type { HostPort } from "@satwire/net";
import type {
  ConnectionEvent,
  ConnectionState,
  ConnectionWaitOptions,
  PeerConnection,
  PingOptions,
  ReceivedMessage,
  SendableMessage,
} from "../../src/connection/peer-connection.ts";

/** Hands everything on. */
export class WrappedConnection implements PeerConnection {
  protected readonly inner: PeerConnection;

  constructor(inner: PeerConnection) {
    this.inner = inner;
  }

  get localPublicKey(): Uint8Array {
    return this.inner.localPublicKey;
  }

  get remotePublicKey(): Uint8Array | undefined {
    return this.inner.remotePublicKey;
  }

  get localAddress(): HostPort | undefined {
    return this.inner.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.inner.remoteAddress;
  }

  get state(): ConnectionState {
    return this.inner.state;
  }

  get isConnected(): boolean {
    return this.inner.isConnected;
  }

  get remoteInit(): Init | undefined {
    return this.inner.remoteInit;
  }

  get remoteFeatures(): Uint8Array | undefined {
    return this.inner.remoteFeatures;
  }

  connect(options?: ConnectionWaitOptions): Promise<void> {
    return this.inner.connect(options);
  }

  sendMessage(
    message: SendableMessage<KnownMessage>,
    options?: ConnectionWaitOptions,
  ): Promise<void> {
    return this.inner.sendMessage(message, options);
  }

  receiveMessages(): AsyncIterableIterator<ReceivedMessage<KnownMessage>, undefined> {
    return this.inner.receiveMessages();
  }

  ping(options?: PingOptions): Promise<number> {
    return this.inner.ping(options);
  }

  connectionEvents(): AsyncIterableIterator<ConnectionEvent, undefined> {
    return this.inner.connectionEvents();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.inner[Symbol.asyncDispose]());
  }
}
