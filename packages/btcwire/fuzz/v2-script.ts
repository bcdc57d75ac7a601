// What is fuzzed of v2: not the bytes of a peer, which without its keys are noise, but steps that the peer takes. The
// first byte says which side is tested; each step is a byte and its arguments. Any bytes are steps.
import type { Random } from "../../../tools/fuzz/random.ts";
import { commandLength, writeCommand } from "../src/transport/command.ts";
import { packetExpansion } from "../src/transport/packet-cipher.ts";
import { keyLength, PeerCipher, type Side, theirs } from "./v2-session.ts";
import { magic } from "./v1-frame.ts";

/** What a script comes to. */
export interface Session {
  readonly tested: Side;
  /** All that the peer sends. */
  readonly stream: Uint8Array;
}

/** The longest stream: the longest packet that is taken, and what comes before it. */
const maxStreamLength = 4_020_000;
/** Of one session. */
const maxPackets = 2000;
// Long ones are for the worst cases: changed at random, lengths and counts would be long nearly always.
const shortLength = 0x1_0000;
const longLength = 4_000_000;
const fewTimes = 256;

/** The first byte of a script. */
export const sideOf: Readonly<Record<Side, number>> = { responder: 0, initiator: 1 };

const op = {
  key: 0,
  otherKey: 1,
  raw: 2,
  garbage: 3,
  terminator: 4,
  packet: 5,
  longPacket: 6,
  announce: 7,
  repeat: 8,
  flip: 9,
  cut: 10,
  v1Prefix: 11,
} as const;
const opCount = 12;

const u16 = (value: number): readonly number[] => [value & 0xff, value >>> 8];
const u24 = (value: number): readonly number[] => [...u16(value & 0xffff), value >>> 16];
type Part = number | Uint8Array | readonly number[];

/** Bytes of numbers and bytes. */
export const scriptOf = (...parts: readonly Part[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => Uint8Array.from(typeof part === "number" ? [part] : part))),
  );

/** What a peer does, as bytes of a script. */
export const step = {
  /** Its key. */
  key: (): Uint8Array => scriptOf(op.key),
  /** Any 64 bytes as its key. */
  otherKey: (key: Uint8Array): Uint8Array => scriptOf(op.otherKey, key),
  /** Bytes as they are. */
  raw: (bytes: Uint8Array): Uint8Array => scriptOf(op.raw, u24(bytes.length), bytes),
  /** So much garbage of one byte; or, with `terminator`, of the first 15 bytes of the terminator. */
  garbage: (length: number, byte: number, terminator = false): Uint8Array =>
    scriptOf(op.garbage, u16(length), byte, terminator ? 1 : 0),
  /** So many bytes of the terminator. */
  terminator: (length = 16): Uint8Array => scriptOf(op.terminator, length),
  /** A packet; 0x80 in its header makes a decoy. */
  packet: (header: number, contents: Uint8Array): Uint8Array =>
    scriptOf(op.packet, header, u16(contents.length), contents),
  /** A packet that begins with `type` and goes on with one byte again and again. */
  longPacket: (header: number, length: number, type: number, byte: number): Uint8Array =>
    scriptOf(op.longPacket, header, u24(length), type, byte),
  /** A length without a packet. */
  announce: (length: number): Uint8Array => scriptOf(op.announce, u24(length)),
  /** The last packet so often again. */
  repeat: (times: number): Uint8Array => scriptOf(op.repeat, u16(times)),
  /** Turns one bit of the byte so far from the end. */
  flip: (distance: number, bit: number): Uint8Array => scriptOf(op.flip, u16(distance), bit),
  /** Takes back the last bytes. */
  cut: (length: number): Uint8Array => scriptOf(op.cut, u16(length)),
  /** So many bytes of what a v1 peer begins with; of another network if `other` is not 0. */
  v1Prefix: (length: number, other: number): Uint8Array => scriptOf(op.v1Prefix, length, other),
};

/** The contents of a packet with a command. */
export function longContents(command: string, payload: Uint8Array): Uint8Array {
  const contents = new Uint8Array(1 + commandLength + payload.length);
  writeCommand(contents, 1, command);
  contents.set(payload, 1 + commandLength);
  return contents;
}

/** Any step. */
export function anyStep(random: Random): Uint8Array {
  const header = random.pick([0, 0, 0x80, random.below(256)]);
  const some = (): Uint8Array => random.bytes(random.below(random.chance(0.8) ? 20 : 200));
  const name = random.pick(Object.keys(step) as (keyof typeof step)[]);
  switch (name) {
    case "key":
      return step.key();
    case "otherKey":
      return step.otherKey(random.bytes(keyLength));
    case "raw":
      return step.raw(some());
    case "garbage":
      return step.garbage(anyGarbageLength(random), random.below(256), random.chance(0.3));
    case "terminator":
      return step.terminator(random.pick([16, 16, 15, 1]));
    case "packet":
      return step.packet(header, some());
    case "longPacket":
      return step.longPacket(header, random.below(3000), random.below(256), random.below(256));
    case "announce":
      return step.announce(
        random.pick([0, 1, 300, 4_000_013, 4_000_014, 0xff_ffff, random.below(2 ** 24)]),
      );
    case "repeat":
      return step.repeat(random.pick([1, 1, 2, 3, random.below(20), 223, 224]));
    case "flip":
      return step.flip(random.below(random.chance(0.5) ? 40 : 5000), random.below(8));
    case "cut":
      return step.cut(random.below(40));
    case "v1Prefix":
      return step.v1Prefix(random.pick([16, 16, 15, 4, 3, random.below(17)]), random.below(2));
  }
}

/** Lengths of garbage, at their limits and short ones mostly. */
export const anyGarbageLength = (random: Random): number =>
  random.pick([0, 1, random.below(40), random.below(40), random.below(4096), 4095, 4096]);

/** Where the steps of a script begin, and its end. */
export function boundsOf(script: Uint8Array): readonly number[] {
  const bounds: number[] = [];
  run(script, (at) => bounds.push(at));
  return [...bounds, script.length];
}

const sessions = new WeakMap<Uint8Array, Session>();

/** Takes the steps of a script; once for the same bytes, so that reading them can be measured without that. */
export function sessionOf(script: Uint8Array): Session {
  const known = sessions.get(script);
  if (known !== undefined) return known;
  const session = run(script, () => {});
  sessions.set(script, session);
  return session;
}

function run(script: Uint8Array, onStep: (at: number) => void): Session {
  let at = 1;
  const u8 = (): number => script[at++] ?? 0;
  const little = (length: number): number => {
    let value = 0;
    for (let i = 0; i < length; i++) value += u8() * 256 ** i;
    return value;
  };
  const bytes = (length: number): Uint8Array => {
    const end = Math.min(at + length, script.length);
    const part = script.slice(Math.min(at, end), end);
    at += length;
    return part;
  };
  const peer = new Peer(((script[0] ?? 0) & 1) === 0 ? "responder" : "initiator");
  while (at < script.length) {
    onStep(at);
    switch (u8() % opCount) {
      case op.key:
        peer.sendKey(theirs.publicKey.slice());
        break;
      case op.otherKey:
        peer.sendKey(bytes(keyLength));
        break;
      case op.raw:
        peer.send(bytes(little(3)));
        break;
      case op.garbage:
        peer.sendGarbage(little(2), u8(), u8() % 2 === 1);
        break;
      case op.terminator:
        peer.send(peer.cipher.terminator.slice(0, Math.min(16, u8())));
        break;
      case op.packet:
        peer.sendPacket(u8(), bytes(little(2)));
        break;
      case op.longPacket: {
        const header = u8();
        const length = little(3);
        const isLong = length >= longLength && length < longLength + 100;
        const contentsLength = isLong ? length : length % shortLength;
        const [type, byte] = [u8(), u8()];
        if (!peer.hasRoom(contentsLength)) break;
        const contents = new Uint8Array(contentsLength).fill(byte);
        if (contentsLength > 0) contents[0] = type;
        peer.sendPacket(header, contents);
        break;
      }
      case op.announce:
        peer.send(peer.cipher.length(little(3)));
        break;
      case op.repeat: {
        const times = little(2);
        peer.repeatPacket(times === maxPackets ? times : times % fewTimes);
        break;
      }
      case op.flip:
        peer.flip(little(2), u8() & 7);
        break;
      case op.cut:
        peer.cut(little(2));
        break;
      case op.v1Prefix:
        peer.sendV1Prefix(Math.min(16, u8()), u8());
        break;
    }
  }
  return { tested: peer.tested, stream: peer.stream };
}

/** What has been sent. What would be beyond the longest stream is not. */
class Peer {
  readonly tested: Side;
  #parts: Uint8Array[] = [];
  #length = 0;
  #packets = 0;
  #cipher: PeerCipher | undefined;
  #key: Uint8Array = theirs.publicKey;
  /** What the first packet authenticates. */
  #garbage: Uint8Array[] = [];
  #last: readonly [header: number, contents: Uint8Array] = [0, new Uint8Array(0)];

  constructor(tested: Side) {
    this.tested = tested;
  }

  get cipher(): PeerCipher {
    return (this.#cipher ??= new PeerCipher(this.tested, this.#key));
  }

  get stream(): Uint8Array {
    const stream = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      stream.set(part, at);
      at += part.length;
    }
    return stream;
  }

  /** @param bytes that nobody else has */
  send(bytes: Uint8Array): void {
    if (this.#length + bytes.length > maxStreamLength) return;
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  sendKey(bytes: Uint8Array): void {
    const key = new Uint8Array(keyLength);
    key.set(bytes);
    if (this.#cipher === undefined) this.#key = key.slice();
    this.send(key);
  }

  sendGarbage(length: number, byte: number, terminator: boolean): void {
    const garbage = new Uint8Array(length).fill(byte);
    if (terminator) {
      const most = this.cipher.terminator.subarray(0, 15);
      for (let i = 0; i < length; i += 15) garbage.set(most.subarray(0, length - i), i);
    }
    this.#garbage.push(garbage.slice());
    this.send(garbage);
  }

  sendPacket(header: number, contents: Uint8Array): void {
    this.#last = [header, contents];
    this.repeatPacket(1);
  }

  hasRoom(contentsLength: number): boolean {
    return this.#length + contentsLength + packetExpansion <= maxStreamLength;
  }

  repeatPacket(times: number): void {
    const [header, contents] = this.#last;
    for (let left = times; left > 0 && this.#packets < maxPackets; left--) {
      if (!this.hasRoom(contents.length)) return;
      const aad = new Uint8Array(Buffer.concat(this.#garbage));
      this.#garbage = [];
      this.#packets += 1;
      this.send(this.cipher.packet(header, contents, aad));
    }
  }

  flip(distance: number, bit: number): void {
    let at = distance;
    for (const part of this.#parts.toReversed()) {
      if (at < part.length) {
        const index = part.length - 1 - at;
        part[index] = (part[index] as number) ^ (1 << bit);
        return;
      }
      at -= part.length;
    }
  }

  cut(length: number): void {
    let left = Math.min(length, this.#length);
    this.#length -= left;
    while (left > 0) {
      const last = this.#parts.pop() as Uint8Array;
      if (last.length > left) this.#parts.push(last.subarray(0, last.length - left));
      left -= Math.min(left, last.length);
    }
  }

  sendV1Prefix(length: number, other: number): void {
    const prefix = new Uint8Array(16);
    prefix.set(magic);
    prefix[3] = (prefix[3] as number) ^ other;
    writeCommand(prefix, magic.length, "version");
    this.send(prefix.slice(0, length));
  }
}
