// What a v1 transport makes of a stream, with nothing in common with it but the header's fields.
import { equalBytes, hash256, maxPayloadLength, toHex } from "../src/index.ts";
import type { TransportErrorCode } from "../src/errors.ts";
import { commandLength, readCommand } from "../src/transport/command.ts";
import { V1Transport, v1HeaderLength } from "../src/transport/v1-transport.ts";
import { everyMessage } from "./inputs.ts";
import {
  type Expected,
  fingerprint,
  lineOfFrame,
  type Malformed,
  type StreamModel,
} from "./stream-properties.ts";
import { magic } from "./v1-frame.ts";

const noBytes = new Uint8Array(0);

export const v1Model: StreamModel = {
  make: (malformed) => new V1Transport({ network: { magic }, messages: everyMessage, malformed }),
  expected: expectedOf,
  peer: () => (sent) => {
    const header = sent.subarray(0, v1HeaderLength);
    const payload = sent.subarray(v1HeaderLength);
    const isWhole =
      equalBytes(header.subarray(0, magic.length), magic) &&
      new DataView(sent.buffer, sent.byteOffset).getUint32(16, true) === payload.length &&
      equalBytes(hash256(payload).subarray(0, 4), header.subarray(20));
    if (!isWhole) throw new Error("what is sent is no frame");
    return { command: readCommand(header, magic.length), payload };
  },
};

function expectedOf(stream: Uint8Array, malformed: Malformed): Expected {
  const lines: string[] = [];
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  let at = 0;
  const ending = (failure?: TransportErrorCode): Expected => {
    const left = failure === undefined ? stream.length - at : 0;
    const common = { protocol: "v1", reply: noBytes, shouldRetryV1: false } as const;
    return { ...common, lines, failure, left, isInside: left > 0 };
  };
  while (at < stream.length) {
    const start = stream.subarray(at, at + magic.length);
    if (!equalBytes(start, magic.subarray(0, start.length))) return ending("wrong_network");
    if (at === 0 && start.length === magic.length) lines.push("ready v1 ");
    if (stream.length - at < v1HeaderLength) return ending();
    const length = view.getUint32(at + 16, true);
    const wireLength = v1HeaderLength + length;
    if (length > maxPayloadLength) return ending("payload_too_long");
    if (stream.length - at < wireLength) return ending();
    const header = stream.subarray(at, at + v1HeaderLength);
    const payload = stream.subarray(at + v1HeaderLength, at + wireLength);
    const command = readCommand(header, magic.length);
    const isIntact = equalBytes(hash256(payload).subarray(0, 4), header.subarray(20));
    if (!isIntact || command === undefined) {
      const reason = isIntact ? "command" : "checksum";
      const field = toHex(header.subarray(magic.length, magic.length + commandLength));
      lines.push(`ignored ${reason} ${field} ${fingerprint(payload)} ${wireLength}`);
    } else {
      const line = lineOfFrame(command, payload, wireLength, malformed);
      if (line === undefined) return ending("malformed_message");
      lines.push(line);
    }
    at += wireLength;
  }
  return ending();
}
