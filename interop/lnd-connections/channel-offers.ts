/** Channels that lnd is offered and refuses, with the text of its error. */
import { featureVector, fromHex, type OpenChannel } from "@satwire/lnwire";
import { point, simnet } from "./bytes.ts";

/** An `open_channel` that lnd takes, but for `fields`. */
export function channelOffer(fields: Partial<OpenChannel> = {}): OpenChannel {
  const key = fromHex(point);
  return {
    type: "open_channel",
    chainHash: fromHex(simnet),
    temporaryChannelId: crypto.getRandomValues(new Uint8Array(32)),
    fundingSatoshis: 100_000n,
    pushMsat: 0n,
    dustLimitSatoshis: 354n,
    maxHtlcValueInFlightMsat: 99_000_000n,
    channelReserveSatoshis: 1_000n,
    htlcMinimumMsat: 1n,
    feeratePerKw: 1_000,
    toSelfDelay: 144,
    maxAcceptedHtlcs: 30,
    fundingPubkey: key,
    revocationBasepoint: key,
    paymentBasepoint: key,
    delayedPaymentBasepoint: key,
    htlcBasepoint: key,
    firstPerCommitmentPoint: key,
    channelFlags: 0,
    channelType: featureVector([12]),
    ...fields,
  };
}

/** An offer and the answer. */
export interface Refusal {
  readonly what: string;
  readonly fields: Partial<OpenChannel>;
  readonly text: string;
}

/** What lnd refuses, and how it says so. */
export const refusals: readonly Refusal[] = [
  {
    what: "is too small",
    fields: { fundingSatoshis: 19_999n },
    text: "chan size of 0.00019999 BTC is below min chan size of 0.00020000 BTC",
  },
  {
    what: "is too large",
    fields: { fundingSatoshis: 1n << 24n },
    text: "chan size of 0.16777216 BTC exceeds maximum chan size of 0.16777215 BTC",
  },
  {
    what: "is of another chain",
    fields: { chainHash: new Uint8Array(32).fill(1) },
    text: `unknown chain=${"01".repeat(32)}, supported chain=${simnet.match(/../g)?.reverse().join("")}`,
  },
  {
    what: "has a dust limit that relays do not take",
    fields: { dustLimitSatoshis: 1n },
    text: "dust limit 0.00000001 BTC is invalid",
  },
  {
    what: "has a long delay",
    fields: { toSelfDelay: 2017 },
    text: "CSV delay too large: 2017, max is 2016",
  },
  {
    what: "has too many HTLCs",
    fields: { maxAcceptedHtlcs: 484 },
    text: "maxHtlcs is too large: 484, max is 483",
  },
  {
    what: "has a type that lnd does not know",
    fields: { channelType: featureVector([1000]) },
    text: "funding failed due to internal error", // its text for all errors that it does not want to tell
  },
];
