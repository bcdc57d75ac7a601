// What must hold for any bytes that arrive over a v1 connection, cut at any place.
import { randomFrom } from "../../../tools/fuzz/random.ts";
import type { Outcome } from "../../../tools/fuzz/target.ts";
import { commandLength, readCommand } from "../src/transport/command.ts";
import type { TransportErrorCode } from "../src/errors.ts";
import {
  commandOf,
  equalBytes,
  hash256,
  maxPayloadLength,
  type MessageBase,
  toHex,
  type TransportEvent,
  type UnknownMessage,
} from "../src/index.ts";
import { V1Transport, v1HeaderLength } from "../src/transport/v1-transport.ts";
import { everyMessage } from "./inputs.ts";

/** The network's. */
export const magic: Uint8Array = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);

type Malformed = "fail" | "report";
type Event = TransportEvent<MessageBase>;

/** What a stream comes to: a line for each event, how it failed, and how many bytes are left over. */
interface Expected {
  readonly lines: readonly string[];
  readonly failure: TransportErrorCode | undefined;
  readonly left: number;
}

/** Above this length not every byte is pushed by itself. */
const byteByByte = 3000;

/** Pushes a stream in one piece and in others, and compares with what a plain loop makes of it. */
export function checkStream(input: Uint8Array): Outcome {
  const seed = input.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5);
  const outcomes = (["report", "fail"] as const).map((malformed) => {
    const expected = expectedOf(input, malformed);
    const random = randomFrom(seed);
    checkPieces(input, malformed, expected, () => input.length);
    checkPieces(input, malformed, expected, () => 1 + random.below(random.chance(0.5) ? 40 : 9000));
    if (input.length <= byteByByte) checkPieces(input, malformed, expected, () => 1);
    return expected;
  });
  const [report] = outcomes;
  const kinds = report?.lines.map((line) => line.replace(/ .*/, "")) ?? [];
  return {
    accepted: outcomes.every(({ failure }) => failure === undefined),
    signature: outcomes
      .map(({ failure, left }) => `${failure ?? "none"} ${left > 0}`)
      .concat(kinds.slice(0, 6))
      .join(" "),
  };
}

/** What becomes of a stream. */
export function describeStream(input: Uint8Array): string {
  const { lines, failure, left } = expectedOf(input, "report");
  const shown = lines.map((line) => line.slice(0, 200));
  return [...shown, `failure: ${failure ?? "none"}`, `${left} bytes left over`].join("\n");
}

function checkPieces(
  input: Uint8Array,
  malformed: Malformed,
  expected: Expected,
  nextLength: () => number,
): void {
  const transport = new V1Transport({ network: { magic }, messages: everyMessage, malformed });
  const events: Event[] = [];
  for (let at = 0; at < input.length; ) {
    const end = Math.min(input.length, at + nextLength());
    const chunk = input.slice(at, end);
    const wasFailed = transport.failure !== undefined;
    const result = transport.push(chunk);
    // A chunk belongs to who has pushed it.
    chunk.fill(0xaa);
    events.push(...result.events);
    must(result.failure === transport.failure, "a result has another failure than the transport");
    must(!wasFailed || result.events.length === 0, "a transport that has failed makes events");
    must(transport.bytesBuffered <= v1HeaderLength + maxPayloadLength, "too much is held");
    at = end;
  }
  const what = events
    .filter(({ type }) => type !== "ready")
    .map((event) => lineOf(event, transport));
  must(
    what.length === expected.lines.length,
    `${what.length} events, not ${expected.lines.length}`,
  );
  what.forEach((line, i) => must(line === expected.lines[i], `event ${i} is another`));
  const code = transport.failure?.code;
  must(code === expected.failure, `the failure is ${code}, not ${expected.failure}`);
  const held = transport.bytesBuffered;
  const left = code === undefined ? expected.left : 0;
  must(held === left, `${held} bytes are held, not ${left}`);
  const end = transport.end()?.code;
  must(end === (code ?? (left > 0 ? "truncated" : undefined)), `the end is ${end}`);
}

/** A loop over the whole stream, with nothing in common with the transport but the header's fields. */
function expectedOf(input: Uint8Array, malformed: Malformed): Expected {
  const lines: string[] = [];
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let at = 0;
  const ending = (failure?: TransportErrorCode): Expected => {
    return { lines, failure, left: input.length - at };
  };
  while (at < input.length) {
    const start = input.subarray(at, at + magic.length);
    if (!equalBytes(start, magic.subarray(0, start.length))) return ending("wrong_network");
    if (input.length - at < v1HeaderLength) return ending();
    const length = view.getUint32(at + 16, true);
    if (length > maxPayloadLength) return ending("payload_too_long");
    if (input.length - at < v1HeaderLength + length) return ending();
    const header = input.subarray(at, at + v1HeaderLength);
    const payload = input.subarray(at + v1HeaderLength, at + v1HeaderLength + length);
    const command = readCommand(header, magic.length);
    const isIntact = equalBytes(hash256(payload).subarray(0, 4), header.subarray(20));
    if (!isIntact || command === undefined) {
      const reason = isIntact ? "command" : "checksum";
      const field = toHex(header.subarray(magic.length, magic.length + commandLength));
      lines.push(`ignored ${reason} ${field} ${fingerprint(payload)} ${length}`);
    } else if (everyMessage.inspect(command, payload).valid) {
      lines.push(`message ${command} ${fingerprint(payload)} ${length}`);
    } else if (malformed === "fail") return ending("malformed_message");
    else lines.push(`malformed ${command} ${fingerprint(payload)} ${length}`);
    at += v1HeaderLength + length;
  }
  return ending();
}

function lineOf(event: Event, transport: V1Transport<MessageBase>): string {
  if (event.type === "ready") return "ready";
  const length = event.wireLength - v1HeaderLength;
  if (event.type === "ignored") {
    return `ignored ${event.reason} ${toHex(event.header)} ${fingerprint(event.payload)} ${length}`;
  }
  if (event.type === "malformed") {
    return `malformed ${event.command} ${fingerprint(event.payload)} ${length}`;
  }
  const message = event.message as MessageBase | UnknownMessage;
  const payload = everyMessage.encode(message);
  if (transport.failure === undefined && length < 10_000) {
    const frame = transport.encode(message);
    must(equalBytes(frame.subarray(v1HeaderLength), payload), "encode makes another frame");
    must(frame.length === event.wireLength, "encode makes a frame of another length");
  }
  return `message ${commandOf(message)} ${fingerprint(payload)} ${length}`;
}

/** Bytes as a text that is short. */
function fingerprint(bytes: Uint8Array): string {
  if (bytes.length <= 32) return toHex(bytes);
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length}:${hash >>> 0}`;
}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
