// How the loopback nodes come to their streams: they listen and dial until they are closed.
import {
  type ByteStream,
  defaultDialer,
  type Dialer,
  type DialOptions,
  type HostPort,
  type Listen,
  type Listener,
  listenTcp,
  NetError,
  parseHostPort,
} from "@satwire/net";

/** Options of `listen` of a loopback node. */
export interface LoopbackListenOptions {
  /** @default listenTcp */
  readonly listen?: Listen | undefined;
  /** @default a free port of 127.0.0.1 */
  readonly address?: HostPort | undefined;
  /**
   * Open connections at most; one more is dropped at once.
   * @default 1000
   */
  readonly maxConnections?: number | undefined;
}

/** Options of `dial` of a loopback node, besides those of its protocol. */
export interface LoopbackDialOptions extends DialOptions {
  /** @default defaultDialer: TCP where there is any */
  readonly dialer?: Dialer | undefined;
}

/** The listeners of a node and its attempts to dial. */
export class Doors {
  readonly #listeners: Listener[] = [];
  readonly #dials = new Set<AbortController>();
  #isClosed = false;

  /** Resolves with where. @throws NetError as the given `listen`; `closed` if this is or becomes closed */
  async listen(
    {
      listen = listenTcp,
      address = parseHostPort("127.0.0.1:0", { allowPortZero: true }),
      maxConnections = 1000,
    }: LoopbackListenOptions,
    onStream: (stream: ByteStream) => void,
  ): Promise<HostPort> {
    const listener = await listen(address, onStream, { maxConnections });
    if (this.#isClosed) {
      await listener.close();
      throw closedError();
    }
    this.#listeners.push(listener);
    return listener.address;
  }

  /** @throws NetError as the dialer; `closed` if this is or becomes closed */
  async dial(
    address: HostPort,
    { dialer = defaultDialer, signal }: LoopbackDialOptions,
  ): Promise<ByteStream> {
    if (this.#isClosed) throw closedError();
    const ours = new AbortController();
    const onAbort = (): void => ours.abort(signal?.reason);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#dials.add(ours);
    let stream: ByteStream;
    try {
      stream = await dialer(address, { signal: ours.signal });
    } catch (error) {
      throw this.#isClosed ? closedError(error) : error;
    } finally {
      this.#dials.delete(ours);
      signal?.removeEventListener("abort", onAbort);
    }
    if (!this.#isClosed) return stream;
    stream.destroy();
    throw closedError();
  }

  /** Gives up dialing; resolves when nothing listens any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const dial of this.#dials) dial.abort();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

function closedError(cause?: unknown): NetError {
  return new NetError("closed", "the node is closed", cause === undefined ? {} : { cause });
}
