/**
 * How long our BOLT 8 takes, without sockets: both sides in one thread. A program of its own, so that it runs
 * as it is installed, without vitest's getters around imports. Answers the questions that the Go program
 * answers as well.
 */
import { createInterface } from "node:readline";
import {
  generatePrivateKey,
  initiate,
  type NoiseCrypto,
  type NoiseTransport,
  nobleCrypto,
  publicKeyOf,
  respond,
} from "@satwire/noise";
import { curveBackend, nativeCrypto } from "../../bench/native-crypto.ts";
import type { Answer, Question } from "./speed.ts";

/** From the one who dialed to the one who was called. */
interface Link {
  readonly sending: NoiseTransport;
  readonly receiving: NoiseTransport;
}

const localKey = generatePrivateKey();
const remotePrivateKey = generatePrivateKey();
const remoteKey = publicKeyOf(remotePrivateKey);

function handshake(crypto: NoiseCrypto): Link {
  const first = initiate({ localKey, remoteKey, crypto });
  const second = respond({ localKey: remotePrivateKey, crypto }).readAct1(first.act1);
  const { act3, transport: sending } = first.readAct2(second.act2);
  return { sending, receiving: second.readAct3(act3).transport };
}

function carry({ sending, receiving }: Link, messages: readonly Uint8Array[]): void {
  for (const message of messages) {
    const [read] = receiving.push(sending.encrypt(message));
    if (read?.length !== message.length) throw new Error("a message was lost");
  }
}

const crypto = process.argv[2] === "native" ? nativeCrypto : nobleCrypto;
const link = handshake(crypto);
console.log(JSON.stringify({ curve: crypto === nativeCrypto ? curveBackend : "noble" }));
for await (const line of createInterface({ input: process.stdin })) {
  const { sizes, count } = JSON.parse(line) as Question;
  const messages = sizes.map((size) => new Uint8Array(size).fill(7));
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) {
    if (messages.length === 0) handshake(crypto);
    else carry(link, messages);
  }
  const answer: Answer = { nanoseconds: Number(process.hrtime.bigint() - start) };
  console.log(JSON.stringify(answer));
}
