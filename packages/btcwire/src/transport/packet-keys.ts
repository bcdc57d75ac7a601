// From the x coordinate that two sides share to the keys of their packets (BIP 324 "Shared secret computation"
// and "Keys and session ID derivation").
// Bytes: every returned array is fresh and belongs to the caller, who overwrites it.
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@satwire/codec";

/** What a connection derives from its secret. */
export interface PacketKeys {
  /** Keys of the initiator's lengths and packets, 32 bytes each. */
  readonly initiatorLength: Uint8Array;
  readonly initiatorPacket: Uint8Array;
  /** Keys of the responder's lengths and packets, 32 bytes each. */
  readonly responderLength: Uint8Array;
  readonly responderPacket: Uint8Array;
  /** What ends each side's garbage, 16 bytes. */
  readonly initiatorTerminator: Uint8Array;
  readonly responderTerminator: Uint8Array;
  /** 32 bytes. */
  readonly sessionId: Uint8Array;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** The rest of `v2_ecdh`: the secret of 32 bytes, from the shared x coordinate and both encodings. */
export function sharedSecret(
  initiator: Uint8Array,
  responder: Uint8Array,
  sharedX: Uint8Array,
): Uint8Array {
  const tag = sha256(ascii("bip324_ellswift_xonly_ecdh"));
  const input = concatBytes(tag, tag, initiator, responder, sharedX);
  const secret = sha256(input);
  input.fill(0);
  return secret;
}

/** `initialize_v2_transport`: the keys of a network with this magic. */
export function derivePacketKeys(secret: Uint8Array, magic: Uint8Array): PacketKeys {
  const prk = extract(sha256, secret, concatBytes(ascii("bitcoin_v2_shared_secret"), magic));
  const derive = (info: string): Uint8Array => expand(sha256, prk, ascii(info), 32);
  const terminators = derive("garbage_terminators");
  const keys = {
    initiatorLength: derive("initiator_L"),
    initiatorPacket: derive("initiator_P"),
    responderLength: derive("responder_L"),
    responderPacket: derive("responder_P"),
    initiatorTerminator: terminators.slice(0, 16),
    responderTerminator: terminators.slice(16),
    sessionId: derive("session_id"),
  };
  prk.fill(0);
  return keys;
}
