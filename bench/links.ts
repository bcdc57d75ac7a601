/**
 * Scope: one direction of an encrypted channel, from each implementation, all with the same keys:
 * they must put the same bytes on the wire.
 */
import { NoiseState as NodeLightningState } from "@node-lightning/noise";
import {
  frameHeaderLength,
  initiate,
  type NoiseCrypto,
  nobleCrypto,
  publicKeyOf,
  respond,
  tagLength,
} from "@satwire/noise";
import { NoiseState as LnmessageState } from "lnmessage/dist/noise-state.js";
import { asBuffer } from "./native-crypto.ts";

/** From the initiator to the responder. */
export interface Link {
  readonly encrypt: (message: Uint8Array) => Uint8Array;
  readonly decrypt: (frame: Uint8Array) => Uint8Array | undefined;
}

const key = (byte: number): Buffer => Buffer.alloc(32, byte);
const initiator = { ls: key(1), es: key(2) };
const responder = { ls: key(3), es: key(4) };
const remoteKey = publicKeyOf(responder.ls);

export function satwireLink(crypto: NoiseCrypto = nobleCrypto): Link {
  const dialing = initiate({
    localKey: initiator.ls,
    ephemeralKey: initiator.es,
    remoteKey,
    crypto,
  });
  const answering = respond({
    localKey: responder.ls,
    ephemeralKey: responder.es,
    crypto,
  }).readAct1(dialing.act1);
  const { act3, transport: sending } = dialing.readAct2(answering.act2);
  const { transport: receiving } = answering.readAct3(act3);
  return {
    encrypt: (message) => sending.encrypt(message),
    decrypt: (frame) => receiving.push(frame)[0],
  };
}

export function nodeLightningLink(): Link {
  const sending = new NodeLightningState(initiator);
  const receiving = new NodeLightningState(responder);
  receiving.receiveAct1(sending.initiatorAct1(asBuffer(remoteKey)));
  sending.initiatorAct2(receiving.recieveAct2());
  receiving.receiveAct3(sending.initiatorAct3());
  return linkOf(sending, receiving);
}

/** Its responder does not get through a handshake: ours answers, and a second state is given the keys. */
export function lnmessageLink(): Link {
  const sending = new LnmessageState(initiator);
  const answering = respond({ localKey: responder.ls, ephemeralKey: responder.es }).readAct1(
    sending.initiatorAct1(asBuffer(remoteKey)),
  );
  sending.initiatorAct2(asBuffer(answering.act2));
  answering.readAct3(sending.initiatorAct3());
  const receiving = new LnmessageState(responder);
  receiving.rk = Buffer.from(sending.sk);
  receiving.rck = Buffer.from(sending.sck);
  receiving.rn = Buffer.alloc(12);
  return linkOf(sending, receiving);
}

interface State {
  encryptMessage(message: Buffer): Buffer;
  decryptLength(header: Buffer): number;
  decryptMessage(body: Buffer): Buffer;
}

function linkOf(sending: State, receiving: State): Link {
  return {
    encrypt: (message) => sending.encryptMessage(asBuffer(message)),
    decrypt(bytes) {
      const frame = asBuffer(bytes);
      const length = receiving.decryptLength(frame.subarray(0, frameHeaderLength));
      const sealed = frame.subarray(frameHeaderLength, frameHeaderLength + length + tagLength);
      // lnmessage leaves the tag behind the message.
      return receiving.decryptMessage(sealed).subarray(0, length);
    },
  };
}
