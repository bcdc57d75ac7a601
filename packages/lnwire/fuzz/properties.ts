// What must hold for any bytes that arrive as a message.
import {
  DecodeError,
  EncodeError,
  equalBytes,
  formatMessage,
  type Inspection,
  maxMessageLength,
  type MessageBase,
  messageFromJson,
  messageToJson,
  toHex,
  type UnknownMessage,
} from "../src/index.ts";
import type { Outcome } from "../../../tools/fuzz/target.ts";
import { type FuzzedSet, idOf, setsFor } from "./message-sets.ts";
import { shapeOf } from "./shape.ts";

/** Characters of a message on one line, whatever is in it: lists, byte strings and texts are cut. */
const maxLineLength = 4 * 1024;
/** With a field per line byte strings come whole, as two digits a byte. */
const maxLinesLength = (frame: Uint8Array): number => 2 * frame.length + 8 * 1024;
/** An empty record has 2 bytes, and 27 characters as JSON; names of fields come on top. */
const maxJsonLength = (frame: Uint8Array): number => 14 * frame.length + 2 * 1024;

type Message = MessageBase | UnknownMessage;
type Refused = Extract<Inspection<MessageBase>, { valid: false }>;

/** Reads a frame with every set that knows its number, and checks what comes out. */
export function checkFrame(frame: Uint8Array): Outcome {
  const outcomes = setsFor(idOf(frame)).map((fuzzed) => checkIn(fuzzed, frame));
  return {
    accepted: outcomes.some(({ accepted }) => accepted),
    signature: outcomes.map(({ signature }) => signature).join(" | "),
  };
}

/** What each of the sets reads in a frame, and what is wrong with it. */
export function describeFrame(frame: Uint8Array): string {
  const lines = setsFor(idOf(frame)).flatMap(({ set }) => {
    const found = set.inspect(frame);
    const { message = { type: "nothing" } } = found;
    const problems = found.valid ? [] : found.problems.slice(0, 8).map(String);
    const heading = found.valid ? "accepted" : `refused, ${found.problems.length} problems`;
    return [heading, formatMessage(message, { multiline: true, maxBytes: 100 }), ...problems];
  });
  return lines.join("\n");
}

function checkIn({ set }: FuzzedSet, frame: Uint8Array): Outcome {
  const read = readOf(() => set.decode(frame));
  const found = set.inspect(frame);
  must(found.frame === frame, "inspect gave another frame");
  if (found.message !== undefined) checkTexts(found.message, frame);
  if (read.ok) {
    must(found.valid, "inspect refuses what decode takes");
    checkAccepted(read.value, set, frame);
    must(
      messageToJson(read.value) === messageToJson(found.message),
      "inspect read another message than decode",
    );
    return { accepted: true, signature: shapeOf(read.value) };
  }
  const { error } = read;
  must(!found.valid, "inspect takes what decode refuses");
  checkError(error, frame);
  checkRefused(found, error);
  checkPartial(found.message, set);
  const path = error.path.map((key) => (typeof key === "number" ? "#" : key)).join(".");
  const problems = Math.min(found.problems.length, 4);
  return { accepted: false, signature: `${path || "frame"} ${error.code} ${problems}` };
}

function checkAccepted(message: Message, set: FuzzedSet["set"], frame: Uint8Array): void {
  const back = set.encode(message);
  if (!equalBytes(back, frame)) {
    throw new Error("encode gives other bytes than decode was given", { cause: toHex(back) });
  }
  const json = messageToJson(message);
  const again = set.encode(messageFromJson(json, set));
  if (!equalBytes(again, frame)) {
    throw new Error("the message as JSON gives other bytes", { cause: [json, toHex(again)] });
  }
  must(equalBytes(back, frame), "encode changed bytes that it had given before");
}

function checkRefused(found: Refused, error: DecodeError): void {
  const { frame, problems, undecoded } = found;
  const [first] = problems;
  if (first === undefined) throw new Error("inspect refuses and names no problem");
  for (const problem of problems) checkError(problem, frame);
  if (textOf(first) !== textOf(error)) {
    throw new Error(`inspect found "${first.message}" first, decode "${error.message}"`);
  }
  const end = frame.subarray(frame.length - undecoded.length);
  must(equalBytes(undecoded, end), "undecoded is not the end of the frame");
}

type Read<T> = { ok: true; value: T } | { ok: false; error: DecodeError };

function readOf<T>(read: () => T): Read<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof DecodeError) return { ok: false, error };
    throw error;
  }
}

function checkTexts(message: { readonly type: string }, frame: Uint8Array): void {
  checkLength("on one line", formatMessage(message), maxLineLength);
  checkLength("on lines", formatMessage(message, { multiline: true }), maxLinesLength(frame));
  checkLength("as JSON", messageToJson(message), maxJsonLength(frame));
}

function checkLength(what: string, text: string, max: number): void {
  must(text.length <= max, `the message ${what} has ${text.length} characters, at most ${max}`);
}

function checkError(error: DecodeError, frame: Uint8Array): void {
  must(error instanceof DecodeError, `${String(error)} is no DecodeError`);
  const { code, offset, cause } = error;
  must(offset >= 0 && offset <= frame.length, `${code} at ${offset} of ${frame.length} bytes`);
  // Only codecs of others may throw something else.
  if (cause !== undefined) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : typeof cause;
    throw new Error(`${code} because of ${text}`, { cause });
  }
  must(code !== "too_long" || frame.length > maxMessageLength, `too_long, ${frame.length} bytes`);
}

/** What was understood of a bad message can be shown as JSON, and that is read or refused as it should be. */
function checkPartial(message: { readonly type: string } | undefined, set: FuzzedSet["set"]): void {
  if (message === undefined) return;
  try {
    messageFromJson(messageToJson(message), set);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
  }
}

const textOf = ({ code, message, path }: DecodeError): string =>
  `${code} ${path.join()} ${message}`;

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
