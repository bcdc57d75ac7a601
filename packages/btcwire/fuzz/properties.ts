// What must hold for any bytes that arrive as a message.
import { Reader } from "@satwire/codec";
import type { Outcome } from "../../../tools/fuzz/target.ts";
import { readCompactSize } from "../src/compact-size.ts";
import {
  type Block,
  type BlockIndex,
  commandOf,
  DecodeError,
  encode,
  equalBytes,
  indexBlock,
  type Inspection,
  type MessageBase,
  sizeOf,
  type Transaction,
  transaction,
  txidOf,
  type UnknownMessage,
  wtxidOf,
} from "../src/index.ts";
import { everyMessage, parted } from "./inputs.ts";
import { shapeOf } from "./shape.ts";

type Message = MessageBase | UnknownMessage;
type Refused = Extract<Inspection<MessageBase>, { valid: false }>;

/** Transactions of one block that are looked at one by one; hashing all would take seconds. */
const sampledTransactions = 64;

/** Reads a message and checks what comes out. */
export function checkFrame(input: Uint8Array): Outcome {
  const { command, payload } = parted(input);
  if (command === undefined) return { accepted: false, signature: "no command" };
  const read = readOf(() => everyMessage.decode(command, payload));
  const found = everyMessage.inspect(command, payload);
  if (read.ok) {
    must(found.valid, "inspect refuses what decode takes");
    checkSame(found.message, read.value, payload);
    checkAccepted(read.value, command, payload);
    const transactions = checkTransactions(read.value, payload);
    return { accepted: true, signature: `${shapeOf(read.value)} ${transactions}` };
  }
  const { error } = read;
  must(!found.valid, "inspect takes what decode refuses");
  checkError(error, command, payload);
  checkRefused(found, error, payload);
  const transactions = command === "tx" ? checkTransactionBytes(payload, false) : "";
  const path = error.path.map((key) => (typeof key === "number" ? "#" : key)).join(".");
  return { accepted: false, signature: `${path} ${error.code} ${transactions}` };
}

/** What is read in a message, and what is wrong with it. */
export function describeFrame(input: Uint8Array): string {
  const { command, payload } = parted(input);
  if (command === undefined) return "no command";
  const found = everyMessage.inspect(command, payload);
  const lines = [`${command}, ${payload.length} bytes: ${found.valid ? "accepted" : "refused"}`];
  lines.push(shapeOf(found.message));
  if (!found.valid) lines.push(String(found.problem), `undecoded: ${found.undecoded.length} bytes`);
  return lines.join("\n");
}

/**
 * All transactions of a block, for measuring. Not its index: V8 counts typed arrays of that size until long after they
 * were let go of, as if they had leaked.
 */
export function readTransactions(input: Uint8Array): Transaction[] | undefined {
  const { command, payload } = parted(input);
  if (command !== "block") return undefined;
  return indexBlock(everyMessage.decode(command, payload) as unknown as Block).transactions();
}

function checkAccepted(message: Message, command: string, payload: Uint8Array): void {
  must(commandOf(message) === command, "decode gives a message with another command");
  const back = everyMessage.encode(message);
  must(equalBytes(back, payload), "encode gives other bytes than decode was given");
  everyMessage.encode({ type: "ping" });
  must(equalBytes(back, payload), "encode changed bytes that it had given before");
}

/** What inspect read is written as the same bytes, with the same fields. */
function checkSame(inspected: Message, decoded: Message, payload: Uint8Array): void {
  must(shapeOf(inspected) === shapeOf(decoded), "inspect read another message than decode");
  const back = everyMessage.encode(inspected);
  must(equalBytes(back, payload), "what inspect read is written as other bytes");
}

function checkTransactions(message: Message, payload: Uint8Array): string {
  if (message.type === "tx") return checkTransactionBytes(payload, true);
  if (message.type === "block") return checkBlock(message as unknown as Block);
  return "";
}

/** The index of a block and the codec of transactions take and refuse the same. */
function checkTransactionBytes(bytes: Uint8Array, accepted: boolean): string {
  const body = new Uint8Array(bytes.length + 1);
  body[0] = 1;
  body.set(bytes, 1);
  const outcome = checkBlock({ header, body });
  must(
    outcome.startsWith("block") === accepted,
    "the index takes what `tx` refuses, or the reverse",
  );
  return outcome;
}

function checkBlock(block: Block): string {
  const indexed = readOf(() => indexBlock(block));
  const read = readOf(() => transactionsOf(block.body));
  must(
    indexed.ok === read.ok,
    "the index of a block takes what its transactions refuse, or the reverse",
  );
  if (!indexed.ok) {
    const { code, offset, cause } = indexed.error;
    must(offset >= 0 && offset <= block.body.length, `${code} at ${offset} of the body`);
    must(cause === undefined, `${code} because of ${String(cause)}`);
    return `no block: ${code}`;
  }
  const index = indexed.value;
  const transactions = read.ok ? read.value : [];
  must(index.length === transactions.length, "the index has another number of transactions");
  must(index.transactions().length === index.length, "transactions() gives another number");
  const step = Math.max(1, Math.ceil(index.length / sampledTransactions));
  for (let i = 0; i < index.length; i += step) {
    checkTransaction(index, i, transactions[i] as Transaction);
  }
  if (step === 1) {
    const sum = transactions.reduce((weight, tx) => weight + sizeOf(tx).weight, 0);
    const count = block.body.length - transactions.reduce((n, tx) => n + sizeOf(tx).bytes, 0);
    must(index.weight() === sum + 4 * (80 + count), "the weight is not that of the transactions");
  }
  return `block ${Math.ceil(Math.log2(index.length + 1))}`;
}

function checkTransaction(index: BlockIndex, i: number, tx: Transaction): void {
  const bytes = index.bytesOf(i);
  must(equalBytes(encode(transaction, tx), bytes), "a transaction is written as other bytes");
  must(equalBytes(encode(transaction, index.transaction(i)), bytes), "transaction() gives another");
  must(equalBytes(index.txid(i), txidOf(tx)), "the txid of the index is another");
  must(equalBytes(index.wtxid(i), wtxidOf(tx)), "the wtxid of the index is another");
  must(index.hasWitness(i) === tx.inputs.some(({ witness }) => witness.length > 0), "a witness");
}

function transactionsOf(body: Uint8Array): Transaction[] {
  const reader = new Reader(body);
  const count = readCompactSize(reader);
  const transactions: Transaction[] = [];
  while (transactions.length < count) transactions.push(transaction.read(reader));
  reader.finish();
  return transactions;
}

const header: Block["header"] = {
  version: 1,
  prevBlock: new Uint8Array(32),
  merkleRoot: new Uint8Array(32),
  time: 0,
  bits: 0,
  nonce: 0,
};

function checkRefused(found: Refused, error: DecodeError, payload: Uint8Array): void {
  const { problem, undecoded } = found;
  if (textOf(problem) !== textOf(error)) {
    throw new Error(`inspect found "${problem.message}", decode "${error.message}"`);
  }
  const end = payload.subarray(payload.length - undecoded.length);
  must(equalBytes(undecoded, end), "undecoded is not the end of the payload");
  must(commandOf(found.message as Message) === error.path[0], "inspect understood another message");
  if (error.code === "trailing_bytes") {
    const whole = payload.subarray(0, payload.length - undecoded.length);
    const back = everyMessage.encode(found.message as Message);
    must(equalBytes(back, whole), "with bytes behind it a message is another");
  }
}

function checkError(error: DecodeError, command: string, payload: Uint8Array): void {
  const { code, offset, cause, path } = error;
  must(path[0] === command, `the path begins with ${path[0]}`);
  must(offset >= 0 && offset <= payload.length, `${code} at ${offset} of ${payload.length} bytes`);
  // Only codecs of others may throw something else.
  if (cause !== undefined) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : typeof cause;
    throw new Error(`${code} because of ${text}`, { cause });
  }
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

const textOf = ({ code, message, path }: DecodeError): string =>
  `${code} ${path.join()} ${message}`;

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
