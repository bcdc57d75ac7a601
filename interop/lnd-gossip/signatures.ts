/** Verifying announcements, and noticing that a bit of them is another one. */
import {
  decodeMessage,
  DecodeError,
  encodeMessage,
  type SignedGossip,
  verifyChannelAnnouncement,
  verifyChannelUpdate,
  verifyNodeAnnouncement,
} from "@satwire/lnwire";
import type { Rng } from "@satwire/testkit";
import { expect } from "vitest";
import type { ChannelGossip } from "./lnd-pair.ts";

const typeLength = 2;
const signatureLength = 64;
/** Further places of each frame. */
const placesPerFrame = 40;

/** Whether all signatures of a frame hold. @throws DecodeError when it cannot be read */
export function verify(frame: Uint8Array, { announcement }: ChannelGossip): boolean {
  const { type } = decodeMessage(frame);
  if (type === "channel_announcement") return verifyChannelAnnouncement(frame);
  if (type === "node_announcement") return verifyNodeAnnouncement(frame);
  return verifyChannelUpdate(frame, announcement);
}

/** Flips one bit in each signature and in random places, each of which must be noticed; returns how many. */
export function flipBits(message: SignedGossip, channel: ChannelGossip, rng: Rng): number {
  const frame = encodeMessage(message);
  const signatures = message.type === "channel_announcement" ? 4 : 1;
  const places = [
    ...Array.from(
      { length: signatures },
      (_, i) => typeLength + signatureLength * i + rng.int(0, signatureLength - 1),
    ),
    ...Array.from({ length: placesPerFrame }, () => rng.int(typeLength, frame.length - 1)),
  ];
  for (const at of places) {
    const flipped = frame.with(at, frame[at]! ^ (1 << rng.int(0, 7)));
    expect(holds(flipped, channel), `${message.type}, byte ${at}`).toBe(false);
  }
  return places.length;
}

function holds(frame: Uint8Array, channel: ChannelGossip): boolean {
  try {
    return verify(frame, channel);
  } catch (error) {
    if (error instanceof DecodeError) return false; // a length was hit
    throw error;
  }
}
