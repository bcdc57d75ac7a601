// What becomes of a payload that is read as a message and written again.
import { expect } from "vitest";
import { bitcoinMessages, DecodeError, equalBytes, toHex } from "../../src/index.ts";

/** What of a set is used here. */
export interface Coder {
  decode(command: string, payload: Uint8Array): object;
  encode(message: never): Uint8Array;
}

/** "read" if the bytes come back exactly, "refused" if they are refused as they should be. */
export function fateOf(
  command: string,
  payload: Uint8Array,
  set: Coder = bitcoinMessages,
): "read" | "refused" {
  let message: object;
  try {
    message = set.decode(command, payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (error.cause !== undefined || error.offset > payload.length) throw error;
    if (error.path[0] !== command) throw error;
    return "refused";
  }
  const written = set.encode(message as never);
  if (!equalBytes(written, payload)) expect(toHex(written)).toBe(toHex(payload));
  return "read";
}
