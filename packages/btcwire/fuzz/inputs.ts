// What is fuzzed as one byte string: a command of 12 bytes, as in a v1 frame, and the payload behind it.
import { commandLength, readCommand, writeCommand } from "../src/transport/command.ts";
import { bitcoinMessages, type MessageBase, messageSet, type MessageSet } from "../src/index.ts";
import {
  alertMessages,
  packageRelayMessages,
  reconciliationMessages,
} from "../src/opt-in/index.ts";

/** A payload and what it is said to be; the command is undefined if its bytes are none. */
export interface Frame {
  readonly command: string | undefined;
  readonly payload: Uint8Array;
}

/** Every message that this package can read. */
// What is written has been read or generated, so that no message gets into another one's codec.
export const everyMessage: MessageSet = messageSet([
  ...bitcoinMessages.codecs,
  ...reconciliationMessages,
  ...packageRelayMessages,
  ...alertMessages,
]) as unknown as MessageSet<MessageBase>;

/** Command and payload as one byte string. */
export function joined(command: string, payload: Uint8Array): Uint8Array {
  const input = new Uint8Array(commandLength + payload.length);
  writeCommand(input, 0, command);
  input.set(payload, commandLength);
  return input;
}

/** The inverse of {@link joined}: the payload is a view. */
export function parted(input: Uint8Array): Frame {
  if (input.length < commandLength) return { command: undefined, payload: input };
  return { command: readCommand(input, 0), payload: input.subarray(commandLength) };
}
