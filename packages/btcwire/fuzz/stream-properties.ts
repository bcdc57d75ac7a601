// What must hold for any bytes that arrive over a connection, cut at any place.
import { randomFrom } from "../../../tools/fuzz/random.ts";
import type { Outcome } from "../../../tools/fuzz/target.ts";
import {
  type BitcoinTransport,
  commandOf,
  equalBytes,
  type MessageBase,
  toHex,
  type TransportErrorCode,
  type TransportEvent,
  type UnknownMessage,
} from "../src/index.ts";
import { type Frame, everyMessage } from "./inputs.ts";

export type Malformed = "fail" | "report";
type Transport = BitcoinTransport<MessageBase>;

/** What a stream comes to. */
export interface Expected {
  /** One for each event, without what belongs to whom. */
  readonly lines: readonly string[];
  readonly failure: TransportErrorCode | undefined;
  /** Bytes that are held at the end. */
  readonly left: number;
  /** Whether the peer may not stop sending there. */
  readonly isInside: boolean;
  readonly protocol: Transport["protocol"];
  /** All that has to be sent back. A failure may come before a part of it. */
  readonly reply: Uint8Array;
  readonly shouldRetryV1: boolean;
}

/** Transports of one kind, and what is known of them without them. */
export interface StreamModel {
  readonly make: (malformed: Malformed) => Transport;
  /** What becomes of a stream, by a plain loop over all of it. */
  readonly expected: (stream: Uint8Array, malformed: Malformed) => Expected;
  /** The peer that has sent a stream, as a reader of what it gets back behind the handshake. */
  readonly peer: (stream: Uint8Array) => (sent: Uint8Array) => Frame;
}

/** Above this length not every byte is pushed by itself. */
const byteByByte = 3000;
/** Above this length a message is not sent back. */
const longestEcho = 10_000;

/** Pushes a stream in one piece and in others, and compares with what a plain loop makes of it. */
export function checkStream(stream: Uint8Array, model: StreamModel): Outcome {
  const seed = stream.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5);
  const outcomes = (["report", "fail"] as const).map((malformed) => {
    const expected = model.expected(stream, malformed);
    const random = randomFrom(seed);
    const whole = model.make(malformed);
    const events = checkPieces(stream, whole, expected, () => stream.length);
    checkEcho(events, whole, model.peer(stream));
    const nextLength = (): number => 1 + random.below(random.chance(0.5) ? 40 : 9000);
    checkPieces(stream, model.make(malformed), expected, nextLength);
    if (stream.length <= byteByByte) {
      checkPieces(stream, model.make(malformed), expected, () => 1);
    }
    return expected;
  });
  const [report] = outcomes;
  const kinds = report?.lines.slice(0, 4).map((line) => {
    const [type = "", reason] = line.split(" ", 2);
    return type === "ignored" ? `${type} ${reason}` : type;
  });
  return {
    accepted: outcomes.every(({ failure }) => failure === undefined),
    signature: outcomes
      .map(({ failure, left, protocol }) => `${failure ?? protocol} ${left > 0}`)
      .concat(kinds ?? [])
      .join(" "),
  };
}

/** What becomes of a stream, for people. */
export function describeStream(stream: Uint8Array, model: StreamModel): string {
  const { lines, failure, left, protocol } = model.expected(stream, "report");
  const shown = lines.map((line) => line.slice(0, 200));
  const end = `${protocol}, failure: ${failure ?? "none"}`;
  return [`${stream.length} bytes`, ...shown, end, `${left} bytes left over`].join("\n");
}

/** An event; the same for equal ones. */
function lineOf(event: TransportEvent<MessageBase>): string {
  switch (event.type) {
    case "ready":
      return `ready ${event.protocol} ${toHex(event.sessionId ?? new Uint8Array(0))}`;
    case "ignored": {
      const { reason, header, payload, wireLength } = event;
      return `ignored ${reason} ${toHex(header)} ${fingerprint(payload)} ${wireLength}`;
    }
    case "malformed":
      return `malformed ${event.command} ${fingerprint(event.payload)} ${event.wireLength}`;
    case "message": {
      const message = event.message as MessageBase | UnknownMessage;
      const payload = everyMessage.encode(message);
      return `message ${commandOf(message)} ${fingerprint(payload)} ${event.wireLength}`;
    }
  }
}

/** The line of a frame that has a command; undefined if it ends the connection. */
export function lineOfFrame(
  command: string,
  payload: Uint8Array,
  wireLength: number,
  malformed: Malformed,
): string | undefined {
  const isValid = everyMessage.inspect(command, payload).valid;
  if (!isValid && malformed === "fail") return undefined;
  const type = isValid ? "message" : "malformed";
  return `${type} ${command} ${fingerprint(payload)} ${wireLength}`;
}

/** Bytes as a text that is short. */
export function fingerprint(bytes: Uint8Array): string {
  if (bytes.length <= 32) return toHex(bytes);
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length}:${hash >>> 0}`;
}

function checkPieces(
  stream: Uint8Array,
  transport: ReturnType<StreamModel["make"]>,
  expected: Expected,
  nextLength: () => number,
): readonly TransportEvent<MessageBase>[] {
  const events: TransportEvent<MessageBase>[] = [];
  const replies: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + nextLength());
    const chunk = stream.slice(at, end);
    const failed = transport.failure;
    const result = transport.push(chunk);
    // A chunk belongs to who has pushed it.
    chunk.fill(0xaa);
    events.push(...result.events);
    if (result.reply !== undefined) replies.push(result.reply);
    must(result.failure === transport.failure, "a result has another failure than the transport");
    must(failed === undefined || result.failure === failed, "a failure gives way to another");
    must(failed === undefined || result.events.length === 0, "a failed transport makes events");
    must(
      transport.failure === undefined || result.reply === undefined,
      "a failed transport has something to send",
    );
    must(transport.bytesBuffered <= end, "more is held than has come");
    at = end;
  }
  checkEnd(transport, expected);
  const reply = new Uint8Array(Buffer.concat(replies));
  const whole = expected.failure === undefined ? expected.reply.length : reply.length;
  must(equalBytes(reply, expected.reply.subarray(0, whole)), "the reply is another");
  const lines = events.map(lineOf);
  const count = expected.lines.length;
  must(lines.length === count, `${lines.length} events, not ${count}`);
  lines.forEach((line, i) => must(line === expected.lines[i], `event ${i} is another`));
  return events;
}

function checkEnd(transport: ReturnType<StreamModel["make"]>, expected: Expected): void {
  const { failure, left, isInside, protocol, shouldRetryV1 } = expected;
  const code = transport.failure?.code;
  must(code === failure, `the failure is ${code}, not ${failure}`);
  const held = transport.bytesBuffered;
  must(held === left, `${held} bytes are held, not ${left}`);
  const end = transport.end()?.code;
  must(end === (failure ?? (isInside ? "truncated" : undefined)), `the end is ${end}`);
  must(transport.protocol === protocol, `the protocol is ${transport.protocol}`);
  must(transport.shouldRetryV1 === shouldRetryV1, "it is to be dialled again, or is not");
}

/** Every message that has come can be sent back. */
function checkEcho(
  events: readonly TransportEvent<MessageBase>[],
  transport: Transport,
  read: (sent: Uint8Array) => Frame,
): void {
  if (transport.failure !== undefined) return;
  for (const event of events) {
    if (event.type !== "message" || event.wireLength > longestEcho) continue;
    const { command, payload } = read(transport.encode(event.message));
    must(command === commandOf(event.message), "a message is sent back as another");
    must(equalBytes(payload, everyMessage.encode(event.message)), "another payload is sent back");
  }
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
