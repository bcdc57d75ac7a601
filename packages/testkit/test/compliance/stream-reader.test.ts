import { V1Transport } from "@satwire/btcwire";
import { describe, it } from "vitest";
import { describeStreamReader } from "../../src/compliance/index.ts";
import { bitcoinOptions } from "../support/fixed-sessions.ts";
import {
  channelCase,
  noiseTransportCase,
  v1Case,
  v1PeerCase,
  v2Case,
} from "../support/stream-cases.ts";

for (const [name, create] of [
  ["NoiseTransport", noiseTransportCase()],
  ["NoiseChannel that dials", channelCase("initiator")],
  ["NoiseChannel that is called", channelCase("responder")],
  ["V1Transport", v1Case(() => new V1Transport(bitcoinOptions))],
  ["V2Transport that dials", v2Case("initiator")],
  ["V2Transport that is called", v2Case("responder")],
  ["V2Transport that is called by a peer of v1", v1PeerCase()],
] as const) {
  describeStreamReader({ name, create }, { describe, it });
}
