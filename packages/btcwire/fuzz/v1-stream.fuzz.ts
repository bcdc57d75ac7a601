// `pnpm fuzz btcwire`: what a peer sends over a v1 transport, cut at any place.
import { hash256, maxPayloadLength } from "../src/index.ts";
import { V1Transport, v1HeaderLength } from "../src/transport/v1-transport.ts";
import { type Random, randomFrom } from "../../../tools/fuzz/random.ts";
import type { Change, FuzzTarget } from "../../../tools/fuzz/target.ts";
import { replaced } from "../../../tools/fuzz/changes.ts";
import { everyMessage } from "./inputs.ts";
import { checkStream, describeStream } from "./stream-properties.ts";
import { frame, magic } from "./v1-frame.ts";
import { v1Model } from "./v1-model.ts";
import { commands, validMessage } from "./valid-messages.ts";

const network = { magic };
const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

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

/** A malformed one comes to 3.9 kB, its error above all; a stream of nothing else would come to 650 MB. */
const mostFrames = 10_000;

/** A stream without what follows its {@link mostFrames} first frames. */
function bounded(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let at = 0;
  for (let count = 0; count < mostFrames; count++) {
    if (at + v1HeaderLength > input.length) return input;
    at += v1HeaderLength + view.getUint32(at + 16, true);
  }
  return input.subarray(0, at);
}

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
      "10,000 frames of nothing",
      concat(Array.from({ length: mostFrames }, () => frame("verack", zeros(0)))),
    ],
    [
      "10,000 frames with a wrong checksum",
      concat(Array.from({ length: mostFrames }, () => announcing(0).fill(7, 20))),
    ],
    // Ten times as slow as others, for their errors.
    ["4,000 frames that are malformed", concat(Array.from({ length: 4000 }, () => header))],
    ["no frame", zeros(1_000_000).fill(magic[0] as number)],
  ];
}

export const target: FuzzTarget = {
  limits: {
    // Measured: 0.7 s, for 4,000,000 bytes; 1.2 s, for 10,000 frames that are malformed.
    caseMs: 4000,
    // Measured: 16 MiB, for 4,000 frames that are malformed: each has an error.
    heldBytes: 32 * 2 ** 20,
    // Measured: 22 MiB, for those; 55 MiB for 10,000.
    allocatedBytes: 96 * 2 ** 20,
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
      return [transport, transport.push(bounded(input))];
    },
    "push, in pieces"(all) {
      const input = bounded(all);
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
  check: (input) => checkStream(bounded(input), v1Model),
  describe: (input) => describeStream(bounded(input), v1Model),
};
