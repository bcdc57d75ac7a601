// The text in messages that carry JSON, whole or in pieces.
import { concatBytes, DecodeError } from "@satwire/codec";

/**
 * The text of the JSON that Commando and LSPS0 carry: of one message, or of all pieces of a command or
 * reply in the order in which they came.
 *
 * @throws DecodeError `invalid_value` for bytes that are not UTF-8.
 * @example
 * ```ts
 * const response: unknown = JSON.parse(jsonText(message.payload));
 * ```
 */
export function jsonText(...pieces: readonly Uint8Array[]): string {
  const bytes = concatBytes(...pieces);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DecodeError("invalid_value", "the JSON is not UTF-8", { offset: 0, cause });
  }
}
