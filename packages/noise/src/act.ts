/** Scope: the sizes of the three acts and the checks that they share. Bytes are only read. */
import { HandshakeError, type HandshakeAct } from "./errors.ts";

/** The length of act one in bytes (BOLT 8, "Act One"). */
export const act1Length = 50;

/** The length of act two in bytes (BOLT 8, "Act Two"). */
export const act2Length = 50;

/** The length of act three in bytes (BOLT 8, "Act Three"). */
export const act3Length = 66;

const lengths = { 1: act1Length, 2: act2Length, 3: act3Length } as const;
const names = { 1: "one", 2: "two", 3: "three" } as const;

/** Throws unless the act has its exact length and version 0 ("Handshake Versioning"). */
export function checkAct(act: HandshakeAct, bytes: Uint8Array): void {
  const expected = lengths[act];
  const received = bytes.length;
  if (received !== expected) {
    const text = `act ${names[act]} is ${received} bytes, expected ${expected}`;
    throw new HandshakeError(`act_${names[act]}_length`, act, text, { received });
  }
  const version = bytes[0];
  if (version !== undefined && version !== 0) {
    const text = `act ${names[act]} has version ${version}, expected 0`;
    throw new HandshakeError(`act_${names[act]}_version`, act, text, { received: version });
  }
}

/** The error for a public key of the peer that is not a point on the curve. */
export function badPublicKey(act: HandshakeAct): HandshakeError {
  const text = `the public key in act ${names[act]} is not a point on secp256k1`;
  return new HandshakeError(`act_${names[act]}_public_key`, act, text);
}

/** The error for the tag that ends an act. */
export function badTag(act: HandshakeAct): HandshakeError {
  return new HandshakeError(
    `act_${names[act]}_tag`,
    act,
    `act ${names[act]} does not authenticate`,
  );
}

/** The error for what a part of the handshake threw: its own errors as they are, the backend's with their cause. */
export function actError(act: HandshakeAct, cause: unknown): HandshakeError {
  if (cause instanceof HandshakeError) return cause;
  return new HandshakeError("crypto", act, `the crypto backend threw in act ${names[act]}`, {
    cause,
  });
}
