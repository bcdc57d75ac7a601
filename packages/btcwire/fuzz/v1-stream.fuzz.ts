// `pnpm fuzz btcwire`: what a peer sends over a v1 transport, cut at any place.
import { hash256, maxPayloadLength } from "../src/index.ts";
import { writeCommand } from "../src/transport/command.ts";
import { V1Transport, v1HeaderLength } from "../src/transport/v1-transport.ts";
import { type Random, randomFrom } from "../../../tools/fuzz/random.ts";
import type { Change, FuzzTarget } from "../../../tools/fuzz/target.ts";
import { replaced } from "../../../tools/fuzz/changes.ts";
import { everyMessage } from "./inputs.ts";
import { checkStream, describeStream, magic } from "./stream-properties.ts";
import { commands, validMessage } from "./valid-messages.ts";

const network = { magic };
const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A frame whose checksum is right. */
function frame(command: string, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(v1HeaderLength + payload.length);
  bytes.set(magic);
  writeCommand(bytes, magic.length, command);
  new DataView(bytes.buffer).setUint32(16, payload.length, true);
  bytes.set(hash256(payload).subarray(0, 4), 20);
  bytes.set(payload, v1HeaderLength);
  return bytes;
}

const several = (random: Random, make: () => Uint8Array): Uint8Array =>
  concat(Array.from({ length: 1 + random.below(5) }, make));

/** Right checksums over what is in the frames, as far as these can be told apart. */
const repairChecksums: Change = (input) => {
  const repaired = input.slice();
  const view = new DataView(repaired.buffer);
  for (let at = 0; at + v1HeaderLength <= repaired.length; ) {
    const payload = repaired.subarray(
      at + v1HeaderLength,
      at + v1HeaderLength + view.getUint32(at + 16, true),
    );
    repaired.set(hash256(payload).subarray(0, 4), at + 20);
    at += v1HeaderLength + payload.length;
  }
  return repaired;
};

/** Another length in one header, the first mostly. */
const setLength: Change = (input, random) => {
  const length = random.pick([0, 1, input.length, 4_000_000, 4_000_001, 0xffff_ffff, 24]);
  const bytes = [length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24];
  return replaced(input, 16, 4, bytes);
};

const zeros = (length: number): Uint8Array => new Uint8Array(length);

function worstCases(): readonly (readonly [name: string, input: Uint8Array])[] {
  const header = frame("block", zeros(0));
  const announcing = (length: number): Uint8Array => {
    const bytes = header.slice();
    new DataView(bytes.buffer).setUint32(16, length, true);
    return bytes;
  };
  return [
    ["nothing", zeros(0)],
    ["4,000,000 bytes", frame("strange", zeros(maxPayloadLength))],
    ["4,000,000 bytes announced", announcing(maxPayloadLength)],
    [
      "4,000,000 bytes announced, half of them sent",
      concat([announcing(maxPayloadLength), zeros(2_000_000)]),
    ],
    ["4,000,001 bytes announced", announcing(maxPayloadLength + 1)],
    ["2^32 - 1 bytes announced", announcing(0xffff_ffff)],
    [
      "8,000 frames of nothing",
      concat(Array.from({ length: 8000 }, () => frame("verack", zeros(0)))),
    ],
    [
      "8,000 frames with a wrong checksum",
      concat(Array.from({ length: 8000 }, () => announcing(0).fill(7, 20))),
    ],
    ["no frame", zeros(1_000_000).fill(magic[0] as number)],
  ];
}

export const target: FuzzTarget = {
  limits: {
    // Measured: 690 ms, for 4,000,000 bytes in pieces of all lengths.
    caseMs: 4000,
    // Measured: 3.9 MiB, for 8,000 frames with a wrong checksum.
    heldBytes: 8 * 2 ** 20,
    // Measured: 11 MiB, for 8,000 frames of nothing.
    allocatedBytes: 32 * 2 ** 20,
    inputBytes: v1HeaderLength + maxPayloadLength,
  },
  worstCases,
  kinds: {
    valid: [3, (random) => several(random, () => frame(...validMessage(random)))],
    "any payload": [
      1,
      (random) =>
        several(random, () => frame(random.pick(commands), random.bytes(random.below(100)))),
    ],
    "any bytes": [
      1,
      (random) => concat([magic.subarray(0, random.below(5)), random.bytes(random.below(100))]),
    ],
  },
  validKind: "valid",
  changes: [repairChecksums, setLength],
  readings: {
    push(input) {
      const transport = new V1Transport({ network, messages: everyMessage, malformed: "report" });
      return [transport, transport.push(input)];
    },
    "push, in pieces"(input) {
      const transport = new V1Transport({ network, messages: everyMessage, malformed: "report" });
      const random = randomFrom(input.length);
      const results: unknown[] = [transport];
      for (let at = 0; at < input.length; ) {
        const end = Math.min(input.length, at + 1 + random.below(9000));
        results.push(...transport.push(input.subarray(at, end)).events);
        at = end;
      }
      return results;
    },
  },
  check: checkStream,
  describe: describeStream,
};
