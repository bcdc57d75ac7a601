import { expect, test } from "vitest";
import * as noise from "../src/index.ts";

test("the package exports these values", () => {
  expect(Object.keys(noise).sort()).toEqual([
    "HandshakeError",
    "KeyError",
    "NoiseChannel",
    "TransportError",
    "act1Length",
    "act2Length",
    "act3Length",
    "createLocalKey",
    "frameHeaderLength",
    "frameLength",
    "generatePrivateKey",
    "initiate",
    "maxMessageLength",
    "nobleCrypto",
    "publicKeyOf",
    "respond",
    "tagLength",
  ]);
});
