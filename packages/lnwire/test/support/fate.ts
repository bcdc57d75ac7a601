// What becomes of bytes that are read as a message of the default set and written again.
import { expect } from "vitest";
import { DecodeError, decodeMessage, encodeMessage, equalBytes, toHex } from "../../src/index.ts";

/** "read" if the bytes come back exactly, "refused" if they are refused as they should be. */
export const fateOf = (frame: Uint8Array): "read" | "refused" => {
  let message: ReturnType<typeof decodeMessage>;
  try {
    message = decodeMessage(frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (error.cause !== undefined || error.offset > frame.length) throw error;
    return "refused";
  }
  const written = encodeMessage(message);
  if (!equalBytes(written, frame)) expect(toHex(written)).toBe(toHex(frame));
  return "read";
};
