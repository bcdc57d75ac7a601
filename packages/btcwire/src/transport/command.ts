// Commands as 12 bytes, as in the header of v1 frames and in the long form of BIP 324 packets.
// Bytes: only read or written during the call.

/** Bytes that a command takes, padded with zeros. */
export const commandLength = 12;

/** The command at `at`; undefined if it is empty, not printable ASCII, or goes on behind a zero. */
export function readCommand(source: Uint8Array, at: number): string | undefined {
  let end = at;
  let text = "";
  for (; end < at + commandLength; end++) {
    const byte = source[end] as number;
    if (byte === 0) break;
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  for (let i = end; i < at + commandLength; i++) if (source[i] !== 0) return undefined;
  return end === at ? undefined : text;
}

/** Writes a command that `isCommand` takes over 12 zeros. */
export function writeCommand(target: Uint8Array, at: number, command: string): void {
  for (let i = 0; i < command.length; i++) target[at + i] = command.charCodeAt(i);
}
