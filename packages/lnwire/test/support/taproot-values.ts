// Hex and values that messages of taproot channels have in common, and the records that none of them takes.
import { fromHex } from "../../src/index.ts";

export const hash1 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
export const hash2 = "f0".repeat(32);
export const sig = "a1".repeat(32) + "a2".repeat(32);
export const noSig = "00".repeat(64);
export const partial = "55".repeat(32);
export const nonce = `02${"11".repeat(32)}03${"22".repeat(32)}`;
export const signed = partial + nonce;
const points = ["31", "32", "33", "34", "35", "36"].map((byte) => `02${byte.repeat(32)}`);
export const [point1, point2, point3, point4, point5, point6] = points as [
  string,
  string,
  string,
  string,
  string,
  string,
];
export const signature = { partialSignature: fromHex(partial), publicNonce: fromHex(nonce) };
export const short = new Uint8Array(65);

/** A record of `length` bytes of zero. */
export const zeros = (type: string, length: number): string =>
  `${type}${length.toString(16).padStart(2, "0")}${"00".repeat(length)}`;

/** What every nonce record has in common; `type` is one byte in hex. */
export const badNonce = (type: string, key: string) =>
  [
    [`${key} of 65 bytes`, zeros(type, 65), "short_read", [key], 2],
    [`${key} of 67 bytes`, zeros(type, 67), "trailing_bytes", [key], 68],
  ] as const;
export const badPartial = (type: string, key: string) =>
  [
    [`${key} of 31 bytes`, zeros(type, 31), "short_read", [key], 2],
    [`${key} of 98 bytes`, zeros(type, 98), "trailing_bytes", [key], 34],
  ] as const;
export const badSigned = (type: string, key: string) =>
  [
    [`${key} of 32 bytes`, zeros(type, 32), "short_read", [key, "publicNonce"], 34],
    [`${key} of 97 bytes`, zeros(type, 97), "short_read", [key, "publicNonce"], 34],
    [`${key} of 99 bytes`, zeros(type, 99), "trailing_bytes", [key], 100],
  ] as const;

export const badSignature = [
  [
    "a partial signature of 31 bytes",
    {
      partialSignatureWithNonce: { ...signature, partialSignature: new Uint8Array(31) },
    },
    "wrong_length",
    ["partialSignatureWithNonce", "partialSignature"],
  ],
  [
    "a signature without nonce",
    { partialSignatureWithNonce: { partialSignature: fromHex(partial) } },
    "missing_field",
    ["partialSignatureWithNonce", "publicNonce"],
  ],
] as const;
