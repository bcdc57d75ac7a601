// Two raw sides of one connection in memory.
import {
  bitcoinMessages,
  type BitcoinTransport,
  type KnownMessage,
  networks,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";
import { memoryPair } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import {
  RawBitcoinConnection,
  type RawConnectionOptions,
  RawLightningConnection,
  type RawLightningOptions,
} from "@satwire/testkit";

interface Pair<C extends AsyncDisposable> extends AsyncDisposable {
  readonly dialed: C;
  readonly called: C;
}

export function rawLightningPair(
  options: RawLightningOptions = {},
  { localKey = generatePrivateKey(), ...calledOptions }: RawLightningOptions = {},
): Pair<RawLightningConnection> {
  const [near, far] = memoryPair();
  const remoteKey =
    localKey instanceof Uint8Array ? publicKeyOf(localKey) : Uint8Array.from(localKey.publicKey);
  return pairOf(
    RawLightningConnection.initiate(near, { ...options, remoteKey }),
    RawLightningConnection.respond(far, { ...calledOptions, localKey }),
  );
}

export const bitcoinOptions = { network: networks.regtest, messages: bitcoinMessages } as const;

/** Transports of both roles. */
export const bitcoinTransports: Readonly<
  Record<
    "v1" | "v2",
    () => readonly [BitcoinTransport<KnownMessage>, BitcoinTransport<KnownMessage>]
  >
> = {
  v1: () => [new V1Transport(bitcoinOptions), new V1Transport(bitcoinOptions)],
  v2: () => [V2Transport.initiator(bitcoinOptions), V2Transport.responder(bitcoinOptions)],
};

export function rawBitcoinPair(
  protocol: "v1" | "v2" = "v1",
  options: RawConnectionOptions = {},
  calledOptions: RawConnectionOptions = {},
): Pair<RawBitcoinConnection> {
  const [near, far] = memoryPair();
  const [dialing, answering] = bitcoinTransports[protocol]();
  return pairOf(
    RawBitcoinConnection.start(near, { ...options, transport: dialing }),
    RawBitcoinConnection.start(far, { ...calledOptions, transport: answering }),
  );
}

function pairOf<C extends AsyncDisposable>(dialed: C, called: C): Pair<C> {
  return {
    dialed,
    called,
    async [Symbol.asyncDispose]() {
      await dialed[Symbol.asyncDispose]();
      await called[Symbol.asyncDispose]();
    },
  };
}
