// What goes between a mock and the peer that is not there: wires, queues, pings, and what messages do by themselves.
import {
  type ControlMessage,
  DecodeError,
  EncodeError,
  type MessageBase,
  noPongFrom,
  type UnknownMessage,
} from "@satwire/lnwire";
import type { CompleteMockConfig, PeerMessage, WireMessage } from "./mock-config.ts";
import { MockInbox } from "./mock-inbox.ts";
import { assertEncodable, noteAbout, readFrame, readSent } from "./mock-messages.ts";
import { MockOutbox } from "./mock-outbox.ts";
import { type MakeError, MockPings } from "./mock-pings.ts";
import { MockWire } from "./mock-wire.ts";
import type {
  ConnectionError,
  ConnectionWaitOptions,
  PingOptions,
  ReceivedMessage,
  SendableMessage,
} from "./peer-connection.ts";

/** What {@link MockTraffic} tells the connection that it belongs to, and asks it. */
export interface MockTrafficHandler<M extends MessageBase> {
  readonly isConnected: () => boolean;
  readonly makeError: MakeError;
  /** A message has reached the peer. */
  readonly onSent: (message: SendableMessage<M>) => void;
  /** Something for the event log. */
  readonly onNote: (details: string) => void;
  /** What the peer sent ends the connection. */
  readonly onFailure: (error: ConnectionError) => void;
  /** A fault has the peer end the connection. */
  readonly onFaultEnd: () => void;
}

/** The messages of one mock, both ways. */
export class MockTraffic<M extends MessageBase> {
  readonly #config: CompleteMockConfig<M>;
  readonly #handler: MockTrafficHandler<M>;
  readonly #inbox: MockInbox<ReceivedMessage<M>>;
  readonly #outbox: MockOutbox<SendableMessage<M>>;
  readonly #pings: MockPings;
  readonly #incoming: MockWire<WireMessage<M>>;
  readonly #outgoing: MockWire<WireMessage<M>>;

  constructor(config: CompleteMockConfig<M>, connection: object, handler: MockTrafficHandler<M>) {
    this.#config = config;
    this.#handler = handler;
    const { clock, createError, faults, readGate, receiveCapacity, sendCapacity, sendGate } =
      config;
    const { isConnected, makeError, onFaultEnd } = handler;
    this.#pings = new MockPings(clock, makeError);
    this.#inbox = new MockInbox({
      capacity: receiveCapacity,
      onSpace: () => this.#incoming.pump(),
      alreadyReceiving: () => {
        const text = "another loop is reading the messages";
        return createError("already_receiving", text, { phase: "disconnected" });
      },
    });
    this.#outbox = new MockOutbox({
      capacity: sendCapacity,
      gate: sendGate,
      write: (message) => this.#outgoing.put(message, 0),
      makeError,
    });
    this.#incoming = new MockWire({
      clock,
      gate: readGate,
      decide: (message) => faults.decide("received", message, connection),
      hasRoom: () => isConnected() && !this.#inbox.isFull,
      deliver: (message) => this.#receive(message),
      onFaultEnd,
    });
    this.#outgoing = new MockWire({
      clock,
      decide: (message) => faults.decide("sent", message, connection),
      hasRoom: () => true,
      deliver: (message) => this.#reached(readSent(message)),
      onFaultEnd,
    });
  }

  /** The peer sends a message or a frame. @throws RangeError if more than 10,000 messages wait */
  push(message: PeerMessage<M> | Uint8Array): void {
    const { latencyMs } = this.#config;
    if (message instanceof Uint8Array) this.#incoming.putFrame(message, latencyMs);
    else this.#incoming.put(message, latencyMs);
  }

  /** Calls `then` after what the peer has sent was received. */
  afterIncoming(then: () => void): void {
    this.#incoming.end(then, this.#config.latencyMs);
  }

  /** The connection takes messages now. */
  open(): void {
    this.#incoming.pump();
  }

  /** Resolves when the message was handed on. @throws ConnectionError */
  async send(message: SendableMessage<M>, options: ConnectionWaitOptions): Promise<void> {
    const { messageSet } = this.#config;
    try {
      if (messageSet !== false) assertEncodable(message, messageSet);
    } catch (cause) {
      if (!(cause instanceof EncodeError)) throw cause;
      throw this.#handler.makeError("invalid_message", cause.message, cause);
    }
    await this.#outbox.send(message, options);
  }

  /** Sends a ping by `sendMessage` and waits for its pong. @throws ConnectionError */
  ping(
    options: PingOptions,
    sendMessage: (message: SendableMessage<M>) => Promise<void>,
  ): Promise<number> {
    return this.#pings.send(options, sendMessage);
  }

  /** @throws ConnectionError `already_receiving` */
  read(): AsyncIterableIterator<ReceivedMessage<M>, undefined> {
    return this.#inbox.read();
  }

  /** Drops what the peer sends from now on, and calls `then` when all that waited has been sent. */
  finish(then: () => void): void {
    this.#incoming.close();
    this.#outbox.finish(() => this.#outgoing.end(then, 0));
  }

  /** The end: refuses who waits, with `closed`, and gives the reader what it has got and then `failure`. */
  close(closed: ConnectionError, failure: ConnectionError | undefined): void {
    this.#incoming.close();
    this.#outgoing.close();
    this.#outbox.close(closed);
    this.#pings.close(closed);
    this.#inbox.close(failure);
  }

  /** A message has reached the peer. */
  #reached(message: WireMessage<M>): void {
    const { answer, answersPings, latencyMs } = this.#config;
    const sent = message as SendableMessage<M>; // no connection sends `init`
    this.#handler.onSent(sent);
    const control = message as ControlMessage | UnknownMessage;
    if (control.type === "ping" && answersPings && control.numPongBytes < noPongFrom) {
      const ignored = new Uint8Array(control.numPongBytes);
      this.#incoming.put({ type: "pong", ignored }, 2 * latencyMs);
    }
    for (const reply of answer?.(sent) ?? []) this.#incoming.put(reply, 2 * latencyMs);
  }

  #receive(received: WireMessage<M> | Uint8Array): void {
    const { makeError, onFailure, onNote } = this.#handler;
    let message = received as PeerMessage<M>;
    try {
      if (received instanceof Uint8Array) message = readFrame(received, this.#config.messageSet);
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      const text = `the peer sent a bad message: ${cause.message}`;
      return onFailure(makeError("malformed_message", text, cause));
    }
    const control = message as ControlMessage | UnknownMessage;
    switch (control.type) {
      case "init":
        return onFailure(makeError("init_repeated", "the peer sent a second init"));
      case "ping":
        if (control.numPongBytes >= noPongFrom) return;
        return this.#outbox.reply({ type: "pong", ignored: new Uint8Array(control.numPongBytes) });
      case "pong":
        return this.#pings.receive(control.ignored.length);
      case "warning":
      case "error":
        onNote(noteAbout(control));
        break;
      case "unknown":
        if (control.id % 2 === 0) {
          const text = `the peer sent a message of the unknown even type ${control.id}`;
          return onFailure(makeError("unknown_required_message", text));
        }
    }
    this.#inbox.push(message as ReceivedMessage<M>);
  }
}
