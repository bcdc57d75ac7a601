import { NoiseState as NodeLightningState } from "@node-lightning/noise";
import { initiate, type NoiseCrypto, nobleCrypto, publicKeyOf, respond } from "@satwire/noise";
import { NoiseState as LnmessageState } from "lnmessage/dist/noise-state.js";
import { afterAll, expect, test } from "vitest";
import { asBuffer, curveBackend, nativeCrypto } from "./native-crypto.ts";
import { sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: sockets, timeouts, `init`. Both sides run in one thread, with new ephemeral keys.
// Keys are given as bytes, so that nobody saves the work of computing their public keys.

const table = new Table();
afterAll(() => table.print());

const initiatorKey = Buffer.alloc(32, 1);
const initiatorPublicKey = Buffer.from(publicKeyOf(initiatorKey));
const responderKey = Buffer.alloc(32, 3);
const remoteKey = Buffer.from(publicKeyOf(responderKey));

/** One handshake; returns the key that the responder has learned. */
type Handshake = () => Uint8Array;

function satwire(dialing: NoiseCrypto, answering: NoiseCrypto): Handshake {
  return () => {
    const first = initiate({ localKey: initiatorKey, remoteKey, crypto: dialing });
    const second = respond({ localKey: responderKey, crypto: answering }).readAct1(first.act1);
    return second.readAct3(first.readAct2(second.act2).act3).remoteKey;
  };
}

function nodeLightning(): Uint8Array {
  const first = new NodeLightningState({ ls: initiatorKey, es: ephemeralKey() });
  const second = new NodeLightningState({ ls: responderKey, es: ephemeralKey() });
  second.receiveAct1(first.initiatorAct1(remoteKey));
  first.initiatorAct2(second.recieveAct2());
  second.receiveAct3(first.initiatorAct3());
  return second.rpk;
}

function lnmessage(): Uint8Array {
  const first = new LnmessageState({ ls: initiatorKey, es: ephemeralKey() });
  const act1 = first.initiatorAct1(remoteKey);
  const second = respond({ localKey: responderKey, crypto: nativeCrypto }).readAct1(act1);
  first.initiatorAct2(asBuffer(second.act2));
  return second.readAct3(first.initiatorAct3()).remoteKey;
}

function ephemeralKey(): Buffer {
  return asBuffer(nativeCrypto.randomPrivateKey());
}

async function measure(label: string, rivals: Readonly<Record<string, Handshake>>): Promise<void> {
  const entries = Object.entries(rivals).map(([name, run]) => ({ name, run }));
  for (const { run } of entries) expect(Buffer.from(run())).toEqual(initiatorPublicKey);
  table.add(label, await sideBySide(...entries));
}

test("both sides of a handshake, as installed", { timeout: 120_000 }, () =>
  measure("both sides", {
    satwire: satwire(nobleCrypto, nobleCrypto),
    [`@node-lightning/noise, ${curveBackend}`]: nodeLightning,
  }),
);

test("both sides of a handshake, the same curve code under both", { timeout: 120_000 }, () =>
  measure("both sides", {
    [`satwire, ${curveBackend}`]: satwire(nativeCrypto, nativeCrypto),
    [`@node-lightning/noise, ${curveBackend}`]: nodeLightning,
  }),
);

// lnmessage can only dial: the side that answers is the same for both, and a small part of the time.
test("the dialing side of a handshake, in JavaScript", { timeout: 120_000 }, () =>
  measure("dialing side", { satwire: satwire(nobleCrypto, nativeCrypto), lnmessage }),
);
