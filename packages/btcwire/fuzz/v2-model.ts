// What a v2 transport makes of a stream: a plain loop with the same ciphers, in the side's place.
import {
  equalBytes,
  maxPayloadLength,
  PacketCipher,
  toHex,
  type TransportErrorCode,
  V2Transport,
} from "../src/index.ts";
import { commandLength, readCommand, writeCommand } from "../src/transport/command.ts";
import { nobleV2Crypto, type V2Crypto } from "../src/transport/v2-crypto.ts";
import { packetExpansion } from "../src/transport/packet-cipher.ts";
import { everyMessage } from "./inputs.ts";
import {
  type Expected,
  fingerprint,
  lineOfFrame,
  type Malformed,
  type StreamModel,
} from "./stream-properties.ts";
import { magic } from "./v1-frame.ts";
import { v1Model } from "./v1-model.ts";
import { crypto, keyLength, ourGarbage, ours, type Side } from "./v2-session.ts";

const noBytes = new Uint8Array(0);
const terminatorLength = 16;
const longestGarbage = 4095;
const longestContents = 1 + commandLength + maxPayloadLength;

const v1Prefix = new Uint8Array(16);
v1Prefix.set(magic);
writeCommand(v1Prefix, magic.length, "version");

const commandsById = new Map(
  everyMessage.codecs.map(({ command }) => [everyMessage.shortIdOf(command), command]),
);

/** Both backends see every stream. */
const cryptoOf: Readonly<Record<Malformed, V2Crypto>> = {
  report: crypto,
  fail: { ...nobleV2Crypto, sharedX: (privateKey, key) => crypto.sharedX(privateKey, key) },
};

/** The ciphers of a side, or of its peer. */
function cipherOf(side: Side, key: Uint8Array, isPeer = false): PacketCipher {
  return new PacketCipher({
    privateKey: ours.privateKey,
    ours: isPeer ? key : ours.publicKey,
    theirs: isPeer ? ours.publicKey : key,
    initiator: (side === "initiator") !== isPeer,
    magic,
    crypto: { ...crypto, sharedX: () => crypto.sharedX(ours.privateKey, key) },
  });
}

/** Transports on one side. */
export function v2Model(side: Side): StreamModel {
  return {
    make: (malformed) =>
      V2Transport[side]({
        network: { magic },
        messages: everyMessage,
        malformed,
        keyPair: ours,
        garbage: ourGarbage,
        crypto: cryptoOf[malformed],
      }),
    expected: (stream, malformed) => expectedOf(side, stream, malformed),
    peer(stream) {
      if (side === "responder" && equalBytes(stream.subarray(0, 16), v1Prefix)) {
        return v1Model.peer(stream);
      }
      let cipher: PacketCipher | undefined;
      return (sent) => {
        if (cipher === undefined) {
          cipher = cipherOf(side, stream.subarray(0, keyLength), true);
          // Its own packets are not the first one: that is the version packet.
          const own = cipherOf(side, stream.subarray(0, keyLength));
          const version = own.encrypt(noBytes, { aad: ourGarbage });
          cipher.decryptLength(version.subarray(0, 3));
          cipher.decrypt(version.subarray(3), { aad: ourGarbage });
        }
        const length = cipher.decryptLength(sent.subarray(0, 3));
        const packet = cipher.decrypt(sent.subarray(3));
        const isWhole = packet?.contents.length === length && !packet.ignore;
        if (!isWhole) throw new Error("what is sent is no packet");
        const { contents } = packet;
        return contents[0] === 0
          ? { command: readCommand(contents, 1), payload: contents.subarray(1 + commandLength) }
          : { command: commandsById.get(contents[0]), payload: contents.subarray(1) };
      };
    },
  };
}

function expectedOf(side: Side, stream: Uint8Array, malformed: Malformed): Expected {
  const { length } = stream;
  const isInitiator = side === "initiator";
  const start = stream.subarray(0, v1Prefix.length);
  const isV1 = equalBytes(start, v1Prefix.subarray(0, start.length));
  const opening = new Uint8Array(Buffer.concat([ours.publicKey, ourGarbage]));
  const common = {
    lines: [],
    failure: undefined,
    left: length,
    isInside: isInitiator || length > 0,
    protocol: "detecting",
    reply: isInitiator || isV1 ? noBytes : opening,
    shouldRetryV1:
      isInitiator &&
      length < keyLength &&
      equalBytes(stream.subarray(0, 4), magic.subarray(0, Math.min(4, length))),
  } as const;
  if (start.length === v1Prefix.length) {
    if (isV1 && !isInitiator) {
      return v1Model.expected(stream, malformed);
    }
    if (isV1) return { ...common, failure: "v1_peer", left: 0, shouldRetryV1: true };
    if (equalBytes(start.subarray(magic.length), v1Prefix.subarray(magic.length))) {
      return { ...common, failure: "wrong_network", left: 0, shouldRetryV1: false };
    }
  }
  if (length < keyLength) return common;
  const cipher = cipherOf(side, stream.subarray(0, keyLength));
  const version = cipher.encrypt(noBytes, { aad: ourGarbage });
  const reply = new Uint8Array(Buffer.concat([common.reply, cipher.sendTerminator, version]));
  const behindKey = stream.subarray(keyLength);
  const end = Buffer.from(behindKey).indexOf(cipher.receiveTerminator);
  if (end >= 0 && end <= longestGarbage) {
    return packetsOf(cipher, stream, keyLength + end, reply, malformed);
  }
  const isOver = behindKey.length >= longestGarbage + terminatorLength;
  const failure = isOver ? "garbage_terminator" : undefined;
  return { ...common, reply, failure, left: isOver ? 0 : behindKey.length };
}

/** @param terminatorAt where the peer's terminator begins */
function packetsOf(
  cipher: PacketCipher,
  stream: Uint8Array,
  terminatorAt: number,
  reply: Uint8Array,
  malformed: Malformed,
): Expected {
  let garbage = stream.subarray(keyLength, terminatorAt);
  let at = terminatorAt + terminatorLength;
  const lines: string[] = [];
  let established = false;
  const ending = (failure?: TransportErrorCode): Expected => {
    const left = failure === undefined ? stream.length - at + garbage.length : 0;
    const isInside = !established || left > 0;
    const protocol = established ? "v2" : "detecting";
    return { lines, failure, left, isInside, protocol, reply, shouldRetryV1: false };
  };
  while (stream.length - at >= 3) {
    const length = cipher.decryptLength(stream.subarray(at, at + 3));
    if (length > longestContents) return ending("payload_too_long");
    const wireLength = length + packetExpansion;
    if (stream.length - at < wireLength) break;
    const packet = cipher.decrypt(stream.subarray(at + 3, at + wireLength), { aad: garbage });
    if (packet === undefined) return ending("packet_tag");
    at += wireLength;
    garbage = noBytes;
    const { contents, ignore } = packet;
    const ignored = (reason: string, header: Uint8Array, payload: Uint8Array): string =>
      `ignored ${reason} ${toHex(header)} ${fingerprint(payload)} ${wireLength}`;
    if (ignore) lines.push(ignored("decoy", noBytes, contents));
    else if (!established) {
      established = true;
      lines.push(`ready v2 ${toHex(cipher.sessionId)}`);
    } else if (contents.length < (contents[0] === 0 ? 1 + commandLength : 1)) {
      lines.push(ignored("no_type", noBytes, contents));
    } else {
      const isLong = contents[0] === 0;
      const payload = contents.subarray(isLong ? 1 + commandLength : 1);
      const command = isLong ? readCommand(contents, 1) : commandsById.get(contents[0]);
      const header = contents.subarray(isLong ? 1 : 0, contents.length - payload.length);
      const line =
        command === undefined
          ? ignored(isLong ? "command" : "short_id", header, payload)
          : lineOfFrame(command, payload, wireLength, malformed);
      if (line === undefined) return ending("malformed_message");
      lines.push(line);
    }
  }
  return ending();
}
