/** Dialing and listening in memory: a network inside one process, without sockets. */
import { checkedHostPort, formatHostPort, type HostPort } from "./address.ts";
import type { ByteStream } from "./byte-stream.ts";
import type { DialOptions, Dialer, Listen, Listener, ListenOptions } from "./dialer.ts";
import { abortError, NetError } from "./errors.ts";
import { connectedStreams, type MemoryPairSizes } from "./memory-stream.ts";
import { checkPositiveInteger } from "./positive-integer.ts";
import { callOwner } from "./stream-rules.ts";

/** First port given to dialing sides and to listeners that ask for port 0. */
const FIRST_FREE_PORT = 49_152;

/**
 * A dialer and a `listen` that find each other by address. Hosts are names only: `listen` takes any host, and
 * only the same host and port reaches it. Any kind of address can be used.
 *
 * @example
 * const network = new MemoryNetwork();
 * const listener = await network.listen(parseHostPort("alice:9735"), (stream) => serve(stream));
 * const stream = await network.dialer(listener.address);
 */
export class MemoryNetwork {
  /** Dials a listener of this network; other addresses are `refused`. */
  readonly dialer: Dialer = (target, options) => this.#dial(target, options);
  /** Listens in this network. */
  readonly listen: Listen = (target, onStream, options) => this.#listen(target, onStream, options);
  readonly #sizes: MemoryPairSizes;
  readonly #listeners = new Map<string, MemoryListener>();
  #nextPort = FIRST_FREE_PORT;

  /** @throws RangeError when a size is not a positive integer */
  constructor(sizes: MemoryPairSizes = {}) {
    checkPositiveInteger("capacityBytes", sizes.capacityBytes);
    checkPositiveInteger("chunkBytes", sizes.chunkBytes);
    this.#sizes = sizes;
  }

  async #dial(target: HostPort, { signal }: DialOptions = {}): Promise<ByteStream> {
    const address = checkedHostPort(target);
    const text = formatHostPort(address);
    const doing = `connecting to ${text}`;
    if (signal?.aborted) throw abortError(signal, doing, text);
    await Promise.resolve(); // as over TCP, nothing is known before the caller goes on
    if (signal?.aborted) throw abortError(signal, doing, text);
    const listener = this.#listeners.get(text);
    if (listener === undefined) {
      throw new NetError("refused", `${doing} failed: nobody listens there`, { address: text });
    }
    const local: HostPort = { kind: "ipv4", host: "127.0.0.1", port: this.#freePort() };
    return listener.accept(local, this.#sizes);
  }

  async #listen(
    target: HostPort,
    onStream: (stream: ByteStream) => void,
    options: ListenOptions = {},
  ): Promise<Listener> {
    const { signal, maxConnections } = options;
    checkPositiveInteger("maxConnections", maxConnections);
    const asked = checkedHostPort(target, { allowPortZero: true });
    const address = asked.port === 0 ? { ...asked, port: this.#freePort() } : asked;
    const text = formatHostPort(address);
    if (signal?.aborted) throw abortError(signal, `listening at ${text}`, text);
    if (this.#listeners.has(text)) {
      throw new NetError("address_in_use", `listening at ${text} failed: in use`, {
        address: text,
      });
    }
    const onClose = (): boolean => this.#listeners.delete(text);
    const listener = new MemoryListener(address, onStream, maxConnections, onClose);
    this.#listeners.set(text, listener);
    return listener;
  }

  #freePort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === 65_535 ? FIRST_FREE_PORT : port + 1;
    return port;
  }
}

class MemoryListener implements Listener {
  readonly address: HostPort;
  readonly #onStream: (stream: ByteStream) => void;
  readonly #maxConnections: number;
  readonly #onClose: () => void;
  #open = 0;
  #closed: Promise<void> | undefined;

  constructor(
    address: HostPort,
    onStream: (stream: ByteStream) => void,
    maxConnections: number | undefined,
    onClose: () => void,
  ) {
    this.address = address;
    this.#onStream = onStream;
    this.#maxConnections = maxConnections ?? Number.POSITIVE_INFINITY;
    this.#onClose = onClose;
  }

  /** Connects a dialing side; returns its stream. */
  accept(dialer: HostPort, sizes: MemoryPairSizes): ByteStream {
    const addresses = [dialer, this.address] as const;
    const [near, far] = connectedStreams({ ...sizes, addresses }, () => (this.#open -= 1));
    this.#open += 1;
    if (this.#open > this.#maxConnections) far.destroy();
    else callOwner(far, () => this.#onStream(far));
    return near;
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#onClose();
      this.#closed = Promise.resolve();
    }
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
