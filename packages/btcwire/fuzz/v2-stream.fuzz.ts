// `pnpm fuzz btcwire`: what a peer sends over a v2 transport, either side, cut at any place.
import { maxPayloadLength, V2Transport } from "../src/index.ts";
import { v1HeaderLength } from "../src/transport/v1-transport.ts";
import { type Random, randomFrom } from "../../../tools/fuzz/random.ts";
import type { Change, FuzzTarget, Outcome } from "../../../tools/fuzz/target.ts";
import { replaced } from "../../../tools/fuzz/changes.ts";
import { everyMessage } from "./inputs.ts";
import { checkStream, describeStream } from "./stream-properties.ts";
import { frame, magic } from "./v1-frame.ts";
import { v2Model } from "./v2-model.ts";
import {
  anyGarbageLength,
  anyStep,
  boundsOf,
  longContents,
  scriptOf,
  sessionOf,
  sideOf,
  step,
} from "./v2-script.ts";
import { crypto, keyLength, ourGarbage, ours } from "./v2-session.ts";
import { commands, validMessage } from "./valid-messages.ts";

const noBytes = new Uint8Array(0);
const decoy = 0x80;

const anySide = (random: Random): number => random.below(2);
const several = (random: Random, make: () => Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: random.below(6) }, make);

/** A packet with a payload under its short id, if it has one, or under its command. */
function message(random: Random, command: string, payload: Uint8Array): Uint8Array {
  const shortId = everyMessage.shortIdOf(command);
  const isLong = shortId === undefined || random.chance(0.3);
  const contents = isLong ? longContents(command, payload) : scriptOf(shortId, payload);
  // The length of the contents is a number of 16 bits.
  return step.packet(random.chance(0.1) ? random.below(128) : 0, contents.subarray(0, 0xffff));
}

const decoys = (random: Random): Uint8Array =>
  random.chance(0.3) ? step.packet(decoy, random.bytes(random.below(30))) : noBytes;

/** Up to the version packet. */
function handshake(random: Random): Uint8Array {
  const isKnown = random.chance(0.8);
  const key = random.bytes(keyLength);
  // A key may begin as a v1 peer does.
  if (random.chance(0.5)) key.set(magic.subarray(0, random.below(5)));
  return scriptOf(
    anySide(random),
    isKnown ? step.key() : step.otherKey(key),
    step.garbage(Math.min(4095, anyGarbageLength(random)), random.below(256), random.chance(0.2)),
    step.terminator(),
    decoys(random),
    step.packet(0, random.chance(0.2) ? random.bytes(random.below(40)) : noBytes),
  );
}

function valid(random: Random): Uint8Array {
  const messages = several(random, () =>
    scriptOf(decoys(random), message(random, ...validMessage(random))),
  );
  return scriptOf(handshake(random), ...messages);
}

function anyPayloads(random: Random): Uint8Array {
  const packets = several(random, () =>
    random.chance(0.5)
      ? message(random, random.pick(commands), random.bytes(random.below(60)))
      : step.packet(random.below(256), random.bytes(random.below(30))),
  );
  return scriptOf(handshake(random), ...packets, random.chance(0.3) ? anyStep(random) : noBytes);
}

const v1Peer = (random: Random): Uint8Array =>
  scriptOf(
    random.chance(0.8) ? sideOf.responder : sideOf.initiator,
    step.raw(frame("version", validVersion(random))),
    ...several(random, () => step.raw(frame(...validMessage(random)))),
  );

function validVersion(random: Random): Uint8Array {
  const payload = random.bytes(86);
  payload[80] = 0; // no user agent
  payload[85] = random.below(2);
  return payload;
}

/** Another step somewhere. */
const insertStep: Change = (input, random) =>
  replaced(input, random.pick(boundsOf(input)), 0, anyStep(random));

/** A step less, twice, or at another place. */
const moveStep: Change = (input, random) => {
  const bounds = boundsOf(input);
  const which = random.below(bounds.length - 1);
  const [start = 0, end = start] = bounds.slice(which);
  const taken = random.chance(0.3) ? input : replaced(input, start, end - start, []);
  if (random.chance(0.4)) return taken;
  return replaced(taken, random.pick(boundsOf(taken)), 0, input.subarray(start, end));
};

/** The other side. */
const swapSides: Change = (input) => replaced(input, 0, 1, [(input[0] ?? 0) ^ 1]);

function worstCases(): readonly (readonly [name: string, input: Uint8Array])[] {
  const { responder, initiator } = sideOf;
  const ready = (side: number): Uint8Array =>
    scriptOf(side, step.key(), step.terminator(), step.packet(0, noBytes));
  const longest = 13 + maxPayloadLength;
  return [
    ["nothing, dialled", scriptOf(initiator)],
    ["nothing, called", scriptOf(responder)],
    [
      "4,000,000 bytes behind a command",
      scriptOf(
        ready(responder),
        // The longest contents: 0, a command of twelve times the same byte, the payload.
        step.longPacket(0, longest, 0, 0x61),
      ),
    ],
    ["4,000,000 bytes behind a short id", scriptOf(ready(initiator), longPing(longest))],
    [
      "a decoy of 4,000,013 bytes",
      scriptOf(ready(initiator), step.longPacket(decoy, longest, 0, 0)),
    ],
    [
      "a version packet of 4,000,013 bytes",
      scriptOf(responder, step.key(), step.terminator(), step.longPacket(0, longest, 1, 1)),
    ],
    ["4,000,014 bytes", scriptOf(ready(responder), step.longPacket(0, longest + 1, 0, 0x61))],
    ["4,000,013 bytes announced", scriptOf(ready(responder), step.announce(longest))],
    [
      "4,000,013 bytes announced, half of them sent",
      scriptOf(ready(responder), step.announce(longest), step.raw(new Uint8Array(2_000_000))),
    ],
    ["4,000,014 bytes announced", scriptOf(ready(responder), step.announce(longest + 1))],
    ["2^24 - 1 bytes announced", scriptOf(ready(initiator), step.announce(0xff_ffff))],
    [
      "a tag that is wrong behind 4,000,013 bytes",
      scriptOf(ready(responder), step.longPacket(0, longest, 0, 0x61), step.flip(0, 0)),
    ],
    ...[responder, initiator].flatMap((side): [string, Uint8Array][] => {
      const name = side === responder ? "called" : "dialled";
      return [
        [
          `4,095 bytes of garbage, ${name}`,
          scriptOf(
            side,
            step.key(),
            step.garbage(4095, 7),
            step.terminator(),
            step.packet(0, noBytes),
          ),
        ],
        [
          `garbage that is nearly terminators, ${name}`,
          scriptOf(
            side,
            step.key(),
            step.garbage(4095, 0, true),
            step.terminator(),
            step.packet(decoy, noBytes),
          ),
        ],
        [`4,096 bytes of garbage, ${name}`, scriptOf(side, step.key(), step.garbage(4096, 7))],
        [
          `1,000,000 bytes of garbage, ${name}`,
          scriptOf(side, step.key(), step.raw(new Uint8Array(1_000_000))),
        ],
      ];
    }),
    ["2,000 decoys", scriptOf(ready(responder), step.packet(decoy, noBytes), step.repeat(2000))],
    ["2,000 packets without a type", scriptOf(ready(initiator), step.repeat(2000))],
    [
      "2,000 decoys in front of the version packet",
      scriptOf(
        initiator,
        step.key(),
        step.garbage(4095, 9),
        step.terminator(),
        step.packet(decoy, noBytes),
        step.repeat(2000),
        step.packet(0, noBytes),
      ),
    ],
    [
      "2,000 packets that are malformed",
      scriptOf(ready(initiator), step.packet(0, longContents("block", noBytes)), step.repeat(2000)),
    ],
    [
      "2,000 pings with a command",
      scriptOf(
        ready(responder),
        step.packet(0, longContents("ping", new Uint8Array(8))),
        step.repeat(2000),
      ),
    ],
    [
      "a peer of v1 with 2,000,000 bytes",
      scriptOf(
        responder,
        step.raw(frame("version", new Uint8Array(86))),
        step.raw(frame("strange", new Uint8Array(2_000_000))),
      ),
    ],
    [
      "a peer of v1 of another network",
      scriptOf(responder, step.v1Prefix(16, 1), step.raw(new Uint8Array(1_000_000))),
    ],
  ];
}

const longPing = (length: number): Uint8Array =>
  step.longPacket(0, length, everyMessage.shortIdOf("ping") ?? 0, 0);

function transportOf(script: Uint8Array): [V2Transport<never>, Uint8Array] {
  const { tested, stream } = sessionOf(script);
  const options = { network: { magic }, keyPair: ours, garbage: ourGarbage, crypto };
  const transport = V2Transport[tested]({
    ...options,
    messages: everyMessage,
    malformed: "report",
  });
  return [transport as unknown as V2Transport<never>, stream];
}

function check(input: Uint8Array): Outcome {
  const { tested, stream } = sessionOf(input);
  const { accepted, signature } = checkStream(stream, v2Model(tested));
  return { accepted, signature: `${tested} ${signature}` };
}

function describe(input: Uint8Array): string {
  const { tested, stream } = sessionOf(input);
  return `${tested}\n${describeStream(stream, v2Model(tested))}`;
}

export const target: FuzzTarget = {
  limits: {
    // Measured: 0.8 s, for 4,000,000 bytes in a packet.
    caseMs: 4000,
    // Measured: 8 MiB, for 2,000 packets that are malformed: each has an error.
    heldBytes: 32 * 2 ** 20,
    // Measured: 30 MiB, for 4,000 of them.
    allocatedBytes: 64 * 2 ** 20,
    inputBytes: v1HeaderLength + maxPayloadLength,
  },
  worstCases,
  kinds: {
    valid: [3, valid],
    "any payload": [2, anyPayloads],
    "any steps": [
      1,
      (random) => scriptOf(anySide(random), ...Array.from({ length: 8 }, () => anyStep(random))),
    ],
    "v1 peer": [1, v1Peer],
    "any bytes": [
      1,
      (random) => scriptOf(anySide(random), step.raw(random.bytes(random.below(200)))),
    ],
  },
  validKind: "valid",
  changes: [insertStep, moveStep, swapSides],
  readings: {
    // First, so that the others have the stream.
    steps(input) {
      return sessionOf(input).tested;
    },
    push(input) {
      const [transport, stream] = transportOf(input);
      return [transport, transport.push(stream)];
    },
    "push, in pieces"(input) {
      const [transport, stream] = transportOf(input);
      const random = randomFrom(input.length);
      const results: unknown[] = [transport];
      for (let at = 0; at < stream.length; ) {
        const end = Math.min(stream.length, at + 1 + random.below(9000));
        results.push(...transport.push(stream.subarray(at, end)).events);
        at = end;
      }
      return results;
    },
  },
  check,
  describe,
};
