// A v1 frame around any payload.
import { hash256 } from "../src/index.ts";
import { writeCommand } from "../src/transport/command.ts";
import { v1HeaderLength } from "../src/transport/v1-transport.ts";

/** The network's. */
export const magic: Uint8Array = Uint8Array.of(0xf9, 0xbe, 0xb4, 0xd9);

/** A frame whose checksum is right. */
export function frame(command: string, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(v1HeaderLength + payload.length);
  bytes.set(magic);
  writeCommand(bytes, magic.length, command);
  new DataView(bytes.buffer).setUint32(16, payload.length, true);
  bytes.set(hash256(payload).subarray(0, 4), 20);
  bytes.set(payload, v1HeaderLength);
  return bytes;
}
