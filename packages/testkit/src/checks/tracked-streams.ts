// Streams, dials and listeners that are open, seen through wrappers which change nothing. Bytes are handed on as they
// are.
import {
  type ByteStream,
  type ByteStreamHandler,
  type Dialer,
  formatHostPort,
  type HostPort,
  type Listen,
  type Listener,
} from "@satwire/net";

const mostFaults = 100;

/** What is open, in words, and what streams did that they must not do. */
export class TrackedStreams {
  /** Each thing that is open, and what it is. */
  readonly #open = new Map<object, string>();
  readonly #faults: string[] = [];

  /** What is open, oldest first. */
  get open(): readonly string[] {
    return [...this.#open.values()];
  }

  /** Broken rules of the stream contract, the first hundred. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Counts a stream as open until its `onClose`; one that was never started until it is destroyed. */
  track(stream: ByteStream, name: string): ByteStream {
    const key = {};
    this.#open.set(key, name);
    const isOver = (): void => void this.#open.delete(key);
    const onFault = (text: string): void => {
      if (this.#faults.length < mostFaults) this.#faults.push(`${name}: ${text}`);
    };
    return new TrackedStream(stream, isOver, onFault);
  }

  trackDialer(dialer: Dialer): Dialer {
    return async (target, options) => {
      const where = nameOf(target);
      const stream = await this.#during(`a dial to ${where}`, () => dialer(target, options));
      return this.track(stream, `a stream dialed to ${where}`);
    };
  }

  trackListen(listen: Listen): Listen {
    return async (target, onStream, options) => {
      const where = nameOf(target);
      const take = (stream: ByteStream): void => {
        const from =
          stream.remoteAddress === undefined ? "" : ` from ${nameOf(stream.remoteAddress)}`;
        onStream(this.track(stream, `a stream accepted at ${where}${from}`));
      };
      const listener = await this.#during(`an attempt to listen at ${where}`, () =>
        listen(target, take, options),
      );
      this.#open.set(listener, `a listener at ${nameOf(listener.address)}`);
      const close = (): Promise<void> => {
        const closed = listener.close();
        const isOver = (): void => void this.#open.delete(listener);
        closed.then(isOver, () => {});
        return closed;
      };
      return { address: listener.address, close, [Symbol.asyncDispose]: close } satisfies Listener;
    };
  }

  async #during<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = {};
    this.#open.set(key, name);
    try {
      return await work();
    } finally {
      this.#open.delete(key);
    }
  }
}

function nameOf(address: HostPort): string {
  try {
    return formatHostPort(address);
  } catch {
    return `${address.host}:${address.port}`; // it is for the dialer to refuse it
  }
}

class TrackedStream implements ByteStream {
  readonly #inner: ByteStream;
  readonly #isOver: () => void;
  readonly #onFault: (text: string) => void;
  #isStarted = false;
  #isClosed = false;

  constructor(inner: ByteStream, isOver: () => void, onFault: (text: string) => void) {
    this.#inner = inner;
    this.#isOver = isOver;
    this.#onFault = onFault;
  }

  get localAddress(): HostPort | undefined {
    return this.#inner.localAddress;
  }

  get remoteAddress(): HostPort | undefined {
    return this.#inner.remoteAddress;
  }

  start(handler: ByteStreamHandler): void {
    this.#inner.start({
      onData: (chunk) => {
        this.#callback("onData");
        handler.onData(chunk);
      },
      onEnd: () => {
        this.#callback("onEnd");
        handler.onEnd();
      },
      onDrain: () => {
        this.#callback("onDrain");
        handler.onDrain();
      },
      onClose: (error) => {
        this.#callback("onClose");
        this.#isClosed = true;
        this.#isOver();
        handler.onClose(error);
      },
    });
    this.#isStarted = true;
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.#inner.write(bytes);
  }

  end(): void {
    this.#inner.end();
  }

  destroy(error?: Error): void {
    this.#inner.destroy(error);
    if (!this.#isStarted) this.#isOver(); // nobody would be told
  }

  #callback(name: string): void {
    if (this.#isClosed) this.#onFault(`${name} was called after onClose`);
  }
}
