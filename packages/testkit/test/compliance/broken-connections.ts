// Connections that are wrong in one thing each, and the test of the suite that must find it.
import type { KnownMessage } from "@satwire/lnwire";
import type {
  ConnectionEvent,
  ConnectionState,
  ConnectionWaitOptions,
  PingOptions,
  ReceivedMessage,
  SendableMessage,
} from "../../src/connection/peer-connection.ts";
import { WrappedConnection } from "../support/wrapped-connection.ts";

type Messages = AsyncIterableIterator<ReceivedMessage<KnownMessage>, undefined>;
type Events = AsyncIterableIterator<ConnectionEvent, undefined>;
type BrokenConnection = typeof WrappedConnection;

/** An iterator with other results. */
function changed<T>(
  inner: AsyncIterableIterator<T, undefined>,
  next: () => Promise<IteratorResult<T, undefined>>,
): AsyncIterableIterator<T, undefined> {
  return {
    next,
    return: () => inner.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Never ends, once its inner one has. */
const pendingAtEnd = <T>(
  inner: AsyncIterableIterator<T, undefined>,
): AsyncIterableIterator<T, undefined> =>
  changed(inner, async () => {
    const result = await inner.next();
    return result.done === true ? new Promise(() => {}) : result;
  });

class ConnectedTooEarly extends WrappedConnection {
  override get isConnected(): boolean {
    return true;
  }
}

class WithoutFeatures extends WrappedConnection {
  override get remoteFeatures(): undefined {
    return undefined;
  }
}

class ConnectingAgain extends WrappedConnection {
  override async connect(options?: ConnectionWaitOptions): Promise<void> {
    if (this.inner.state === "disconnected") await this.inner.connect(options);
  }
}

class ConnectingTwiceAtOnce extends WrappedConnection {
  override async connect(options?: ConnectionWaitOptions): Promise<void> {
    if (!["connecting", "handshaking", "initializing"].includes(this.state)) {
      await this.inner.connect(options);
    }
  }
}

class ReopeningAfterClose extends WrappedConnection {
  #hasClosed = false;

  override async connect(options?: ConnectionWaitOptions): Promise<void> {
    if (!this.#hasClosed) await this.inner.connect(options);
  }

  override close(): Promise<void> {
    this.#hasClosed = true;
    return this.inner.close();
  }
}

class DeafToSignals extends WrappedConnection {
  override connect(): Promise<void> {
    return this.inner.connect();
  }

  override sendMessage(message: SendableMessage<KnownMessage>): Promise<void> {
    return this.inner.sendMessage(message);
  }

  override ping({ signal: _, ...options }: PingOptions = {}): Promise<number> {
    return this.inner.ping(options);
  }
}

class ListeningToItsSignalForEver extends WrappedConnection {
  override connect(options: ConnectionWaitOptions = {}): Promise<void> {
    options.signal?.addEventListener("abort", () => void this.inner.close());
    return this.inner.connect(options);
  }
}

class HangingConnect extends WrappedConnection {
  override async connect(options?: ConnectionWaitOptions): Promise<void> {
    await this.inner.connect(options).catch(() => new Promise(() => {}));
  }
}

class LosingEarlyMessages extends WrappedConnection {
  #isReading = false;

  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    let skips = !this.#isReading;
    this.#isReading = true;
    return changed(messages, async () => {
      if (skips) await messages.next();
      skips = false;
      return messages.next();
    });
  }
}

class NeverGivingMessages extends WrappedConnection {
  override receiveMessages(): Messages {
    return changed(this.inner.receiveMessages(), () => new Promise(() => {}));
  }
}

class LosingOneAtBreak extends WrappedConnection {
  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    const leave = async (): Promise<IteratorResult<never, undefined>> => {
      await messages.next();
      await messages.return?.();
      return { done: true, value: undefined };
    };
    return { ...changed(messages, () => messages.next()), return: leave };
  }
}

class TakingTwoReaders extends WrappedConnection {
  #messages: Messages | undefined;

  override receiveMessages(): Messages {
    const messages = (this.#messages ??= this.inner.receiveMessages());
    return {
      ...changed(messages, () => messages.next()),
      return: async () => ({ done: true, value: undefined }),
    };
  }
}

class EndingSilently extends WrappedConnection {
  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    return changed(messages, () => messages.next().catch(() => ({ done: true, value: undefined })));
  }
}

class EndingAtErrors extends WrappedConnection {
  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    return changed(messages, async () => {
      const result = await messages.next();
      if (result.value?.type === "error") await this.inner.close();
      return result;
    });
  }
}

class ForgettingMessagesAtClose extends WrappedConnection {
  #hasClosed = false;

  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    return changed(messages, async () => {
      let result = await messages.next();
      while (this.#hasClosed && result.done !== true) result = await messages.next();
      return result;
    });
  }

  override close(): Promise<void> {
    this.#hasClosed = true;
    return this.inner.close();
  }
}

class NeverEndingMessages extends WrappedConnection {
  override receiveMessages(): Messages {
    return pendingAtEnd(this.inner.receiveMessages());
  }
}

class HandingOutPings extends WrappedConnection {
  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    let isFirst = true;
    const ping = { type: "ping", numPongBytes: 5, ignored: new Uint8Array(3) } as never;
    return changed(messages, async () => {
      if (!isFirst) return messages.next();
      isFirst = false;
      return { done: false, value: ping };
    });
  }
}

class SwallowingLateMessages extends WrappedConnection {
  override async sendMessage(...call: Parameters<WrappedConnection["sendMessage"]>): Promise<void> {
    if (this.isConnected) await this.inner.sendMessage(...call);
  }
}

class SendingInAnyOrder extends WrappedConnection {
  #held: Parameters<WrappedConnection["sendMessage"]>[0] | undefined;

  override async sendMessage(...call: Parameters<WrappedConnection["sendMessage"]>): Promise<void> {
    const held = this.#held;
    this.#held = held === undefined ? call[0] : undefined;
    if (held === undefined) return;
    await this.inner.sendMessage(...call);
    await this.inner.sendMessage(held);
  }
}

class DroppingBadMessages extends WrappedConnection {
  override sendMessage(...call: Parameters<WrappedConnection["sendMessage"]>): Promise<void> {
    return this.inner.sendMessage(...call).catch((error: { code?: string }) => {
      if (error.code !== "invalid_message") throw error;
    });
  }
}

class SendingLater extends WrappedConnection {
  override async sendMessage(...call: Parameters<WrappedConnection["sendMessage"]>): Promise<void> {
    for (let i = 0; i < 50; i++) await Promise.resolve();
    await this.inner.sendMessage(...call);
  }
}

class InventingPings extends WrappedConnection {
  override async ping(): Promise<number> {
    return 1;
  }
}

class WithNegativePings extends WrappedConnection {
  override async ping(options?: PingOptions): Promise<number> {
    await this.inner.ping(options);
    return -1;
  }
}

class RepeatingStates extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    let last: ConnectionEvent | undefined;
    return changed(events, async () => {
      if (last !== undefined) {
        const value = last;
        last = undefined;
        return { done: false, value };
      }
      const result = await events.next();
      if (result.value?.state === "connected") last = result.value;
      return result;
    });
  }
}

class LosingEarlyEvents extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    let skips = this.state !== "disconnected";
    return changed(events, async () => {
      if (skips) await events.next();
      skips = false;
      return events.next();
    });
  }
}

class SharingOneReader extends WrappedConnection {
  #events: Events | undefined;

  override connectionEvents(): Events {
    return (this.#events ??= this.inner.connectionEvents());
  }
}

class NotLeavingWhileWaiting extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    return { ...changed(events, () => events.next()), return: () => new Promise(() => {}) };
  }
}

class WithoutTheLastEvent extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    return changed(events, async () => {
      const result = await events.next();
      return result.value?.state === "disconnected" ? { done: true, value: undefined } : result;
    });
  }
}

class HidingErrorsInEvents extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    return changed(events, async () => {
      const result = await events.next();
      if (result.done === true) return result;
      const { error: _, ...value } = result.value;
      return { done: false, value };
    });
  }
}

class NeverEndingEvents extends WrappedConnection {
  override connectionEvents(): Events {
    return pendingAtEnd(this.inner.connectionEvents());
  }
}

class ClosingAnew extends WrappedConnection {
  override async close(): Promise<void> {
    await this.inner.close();
  }
}

class StuckAtClosing extends WrappedConnection {
  override get state(): ConnectionState {
    const { state } = this.inner;
    return state === "disconnected" && this.remoteInit !== undefined ? "closing" : state;
  }
}

/** Waits for its loops, as who joins a thread from inside of it. */
class WaitingForItsLoops extends WrappedConnection {
  readonly #loops: Promise<void>[] = [];

  override receiveMessages(): Messages {
    return this.#counted(this.inner.receiveMessages());
  }

  override connectionEvents(): Events {
    return this.#counted(this.inner.connectionEvents());
  }

  override close(): Promise<void> {
    const loops = Promise.all(this.#loops);
    return this.inner.close().then(() => loops.then(() => {}));
  }

  #counted<T>(inner: AsyncIterableIterator<T, undefined>): AsyncIterableIterator<T, undefined> {
    let end: () => void = () => {};
    this.#loops.push(new Promise((resolve) => (end = resolve)));
    return changed(inner, async () => {
      const result = await inner.next();
      if (result.done === true) end();
      return result;
    });
  }
}

class DisposingNothing extends WrappedConnection {
  override async [Symbol.asyncDispose](): Promise<void> {}
}

class SendingAbortedPings extends WrappedConnection {
  override ping(options: PingOptions = {}): Promise<number> {
    if (options.signal?.aborted === true) void this.inner.ping({ numPongBytes: 2 });
    return this.inner.ping(options);
  }
}

class ForgettingWhyItBroke extends WrappedConnection {
  override async sendMessage(...call: Parameters<WrappedConnection["sendMessage"]>): Promise<void> {
    await this.inner.sendMessage(...call).catch((error: Error) => {
      delete error.cause;
      throw error;
    });
  }
}

class AnsweringEveryPing extends WrappedConnection {
  override async connect(options?: ConnectionWaitOptions): Promise<void> {
    await this.inner.connect(options);
    await this.inner.sendMessage({ type: "pong", ignored: new Uint8Array(65_531) });
  }
}

class LivingOn extends WrappedConnection {
  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    const odd = { type: "unknown", id: 32_768, payload: new Uint8Array(0) } as const;
    let isOver = false;
    return changed(messages, async () => {
      if (isOver) return { done: true, value: undefined };
      return messages.next().catch(() => {
        isOver = true;
        return { done: false, value: odd };
      });
    });
  }
}

class FailingOneReaderOnly extends WrappedConnection {
  #hasFailed = false;

  override receiveMessages(): Messages {
    const messages = this.inner.receiveMessages();
    return changed(messages, async () => {
      try {
        return await messages.next();
      } catch (error) {
        if (this.#hasFailed) return { done: true, value: undefined };
        this.#hasFailed = true;
        throw error;
      }
    });
  }
}

class WithoutNotes extends WrappedConnection {
  override connectionEvents(): Events {
    const events = this.inner.connectionEvents();
    return changed(events, async () => {
      let result = await events.next();
      while (result.value?.type === "note") result = await events.next();
      return result;
    });
  }
}

class HangingPings extends WrappedConnection {
  override ping(options?: PingOptions): Promise<number> {
    return this.inner.ping(options).catch(() => new Promise<number>(() => {}));
  }
}

/** The connection, what is wrong with it, and a test that must fail. */
export const brokenConnections: readonly (readonly [
  connection: BrokenConnection,
  what: string,
  test: string,
])[] = [
  [ConnectedTooEarly, "is connected always", "is disconnected before"],
  [WithoutFeatures, "knows no features", "knows the peer afterwards"],
  [ConnectingAgain, "connects again", "is refused a second time"],
  [ConnectingTwiceAtOnce, "connects twice at once", "is refused a second time while"],
  [ReopeningAfterClose, "connects after close", "is refused after close"],
  [DeafToSignals, "ignores signals", "with a signal that has aborted"],
  [DeafToSignals, "ignores signals", "ends when its signal aborts on the way"],
  [ListeningToItsSignalForEver, "keeps its signal", "goes on when its signal aborts afterwards"],
  [HangingConnect, "never fails to connect", "fails with `closed` when it is closed on the way"],
  [LosingEarlyMessages, "loses early messages", "keeps messages for a reader who comes later"],
  [NeverGivingMessages, "gives no messages", "gives a waiting reader what comes"],
  [LosingOneAtBreak, "loses a message at a break", "loses nothing to a reader who leaves"],
  [TakingTwoReaders, "takes two readers", "takes one reader at a time"],
  [EndingAtErrors, "ends at errors", "gives an error and a warning of the peer"],
  [HandingOutPings, "hands out pings", "answers pings and keeps them from the reader"],
  [NeverEndingMessages, "does not end", "ends after the last message when the peer ends"],
  [HidingErrorsInEvents, "hides errors in events", "throws after the last message"],
  [EndingSilently, "hides errors from readers", "throws after the last message"],
  [ForgettingMessagesAtClose, "forgets messages at close", "gives what came before close"],
  [NeverEndingMessages, "does not end", "ends a waiting reader at close"],
  [SwallowingLateMessages, "swallows messages", "is refused before connect and after close"],
  [SendingInAnyOrder, "reorders messages", "reaches the peer in order"],
  [DroppingBadMessages, "drops bad messages", "refuses a message that cannot be written"],
  [DeafToSignals, "ignores signals", "sends nothing when its signal has aborted"],
  [SendingLater, "sends later", "delivers before close what was sent before close"],
  [SwallowingLateMessages, "swallows messages", "is refused once the peer has ended"],
  [InventingPings, "invents pings", "pings, and tells how long the answer took"],
  [WithNegativePings, "measures backwards", "pings, and tells how long the answer took"],
  [InventingPings, "invents pings", "refuses a ping of an impossible size"],
  [DeafToSignals, "ignores signals", "sends no ping when its signal has aborted"],
  [SendingAbortedPings, "sends aborted pings", "sends no ping when its signal has aborted"],
  [ForgettingWhyItBroke, "forgets why", "tells with `closed` why the connection broke"],
  [AnsweringEveryPing, "answers every ping", "answers no ping that wants no answer"],
  [LivingOn, "lives on", "ends at a second init"],
  [LivingOn, "lives on", "ends at an unknown message of even type"],
  [FailingOneReaderOnly, "fails one reader only", "throws after the last message"],
  [WithoutNotes, "has no notes", "note an error and a warning of the peer"],
  [RepeatingStates, "repeats states", "tell every state once"],
  [LosingEarlyEvents, "loses early events", "are kept for readers from before connect"],
  [NeverEndingEvents, "does not end events", "are kept for readers from before connect"],
  [SharingOneReader, "has one reader of events", "go on for the others when one reader leaves"],
  [NotLeavingWhileWaiting, "holds readers", "come to a reader who waits"],
  [WithoutTheLastEvent, "hides the last event", "of a connection that never was are one end"],
  [ClosingAnew, "makes a promise per close", "gives every caller the same promise"],
  [ReopeningAfterClose, "connects after close", "works before connect, which is refused then"],
  [WaitingForItsLoops, "waits for its loops", "works inside the loop that reads messages"],
  [WaitingForItsLoops, "waits for its loops", "works inside the loop that reads events"],
  [StuckAtClosing, "is closing for ever", "works after the peer has ended"],
  [StuckAtClosing, "is closing for ever", "works after the connection broke"],
  [DisposingNothing, "disposes of nothing", "is what `await using` does"],
  [HangingPings, "never fails a ping", "lets go of a ping when the connection breaks"],
];
