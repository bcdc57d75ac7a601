// Frames of v1 and packets of BIP 324 beside other libraries: see README.md, "Bitcoin".
import { createRequire } from "node:module";
import {
  type BitcoinTransport,
  bitcoinMessages,
  type KnownMessage,
  networks,
  nobleV2Crypto,
  type UnknownMessage,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";
import { createRng } from "@satwire/testkit";
import { afterAll, expect, test } from "vitest";
import { bcoinFraming, bitcoreFraming } from "./bitcoin-peers.ts";
import { sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: sockets, frames that arrive in parts, decoding: the messages are of a kind nobody knows.

const table = new Table();
afterAll(() => table.print());

const options = { network: networks.mainnet, messages: bitcoinMessages };
const command = "bench";

test.each([
  ["100 bytes", 100],
  ["1 MB", 1_000_000],
])("%s", { timeout: 120_000 }, async (label, length) => {
  const payload = createRng("transport").bytes(length);
  const message: UnknownMessage = { type: "unknown", command, payload };
  const buffer = Buffer.from(payload);
  const v1 = carry(new V1Transport(options), new V1Transport(options), message);
  const v2 = carry(...v2Pair(), message);
  const v2Noble = carry(...v2Pair(nobleV2Crypto), message);
  const bcoinJs = bcoinFraming("js", command, buffer);
  const bcoinNode = bcoinFraming("node", command, buffer);
  const bitcore = bitcoreFraming(command, buffer);
  const raw = nobleOnly(payload);
  for (const run of [v1, v2, v2Noble, bcoinJs, bcoinNode, bitcore, raw]) {
    expect(buffer.equals(run())).toBe(true);
  }

  const first = await sideBySide(
    { name: "satwire, v1", run: v1 },
    { name: "bcoin", run: bcoinJs },
    { name: "bcoin, node:crypto", run: bcoinNode },
    { name: "bitcore-p2p", run: bitcore },
  );
  table.add(label, first);
  const second = await sideBySide(
    { name: "satwire, v2", run: v2 },
    { name: "satwire, v2, noble", run: v2Noble },
    { name: "satwire, v1", run: v1 },
    { name: "noble alone", run: raw },
  );
  table.add(label, second);
});

/** Writes a message and reads it; returns its payload. */
type Carry = () => Uint8Array;

type Transport = BitcoinTransport<KnownMessage>;

function carry(sender: Transport, receiver: Transport, message: UnknownMessage): Carry {
  return () => {
    const { events, failure } = receiver.push(sender.encode(message));
    const event = events.at(-1);
    if (event?.type !== "message" || event.message.type !== "unknown") {
      throw failure ?? new Error("no message has come");
    }
    return event.message.payload;
  };
}

/** Two sides whose handshake is over. */
function v2Pair(crypto?: typeof nobleV2Crypto): [Transport, Transport] {
  const initiator = V2Transport.initiator({ ...options, crypto });
  const responder = V2Transport.responder({ ...options, crypto });
  const answer = responder.push(initiator.open() as Uint8Array).reply;
  const last = initiator.push(answer as Uint8Array).reply;
  responder.push(last as Uint8Array);
  if (initiator.sessionId === undefined) throw new Error("the handshake is not over");
  return [initiator, responder];
}

/** What every packet needs: one encryption and one decryption by the library that satwire uses. */
function nobleOnly(payload: Uint8Array): Carry {
  const fromBtcwire = createRequire(import.meta.resolve("@satwire/btcwire"));
  const { chacha20poly1305 } = fromBtcwire("@noble/ciphers/chacha.js") as {
    chacha20poly1305: (
      key: Uint8Array,
      nonce: Uint8Array,
    ) => { encrypt(bytes: Uint8Array): Uint8Array; decrypt(bytes: Uint8Array): Uint8Array };
  };
  const key = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(12);
  return () => chacha20poly1305(key, nonce).decrypt(chacha20poly1305(key, nonce).encrypt(payload));
}
