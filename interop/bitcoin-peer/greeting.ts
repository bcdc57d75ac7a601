/** What two Bitcoin nodes say before they talk, from the side that has dialled. */
import { type KnownMessage, servicesOf, type Version } from "@satwire/btcwire";
import type { RawBitcoinConnection } from "@satwire/testkit";

/** What may only be said between `version` and `verack`. */
const negotiated: readonly string[] = ["wtxidrelay", "sendaddrv2", "feature"];

/** A `version` of today, with what a test wants to be different. */
export function ourVersion(fields: Partial<Omit<Version, "type">> = {}): Version {
  return {
    type: "version",
    version: 70016,
    // Without the bit btcd would take what we send for transactions without witnesses.
    services: servicesOf("witness"),
    timestamp: BigInt(Math.floor(Date.now() / 1000)),
    addrRecv: { services: 0n, ip: new Uint8Array(16), port: 0 },
    addrFrom: { services: 0n, ip: new Uint8Array(16), port: 0 },
    nonce: crypto.getRandomValues(new BigUint64Array(1))[0]!,
    userAgent: "/satwire:0.0.0/",
    startHeight: 0,
    relay: true,
    ...fields,
  };
}

interface GreetOptions {
  /** Ours differs from `ourVersion()` in these. */
  readonly version?: Partial<Omit<Version, "type">>;
  /** What we send between `version` and `verack`. @default nothing */
  readonly wishes?: readonly KnownMessage[];
}

/** What the other side said until its `verack`. */
export interface Greeting {
  readonly version: Version;
  /** The types of what it wished for between `version` and `verack`, in order. */
  readonly wishes: readonly string[];
}

/** Exchanges `version` and `verack`. @throws when the peer hangs up instead */
export async function greet(
  peer: RawBitcoinConnection,
  { version, wishes = [] }: GreetOptions = {},
): Promise<Greeting> {
  peer.send(ourVersion(version));
  for (const wish of wishes) peer.send(wish);
  const greeting = await hearGreeting(peer);
  peer.send({ type: "verack" });
  return greeting;
}

/** Takes all that is said up to `verack`, from who says it as soon as our `version` is there. */
export async function hearGreeting(peer: RawBitcoinConnection): Promise<Greeting> {
  const version = await peer.take("version");
  await peer.take("verack");
  const wishes = peer
    .takeEvents((event) => event.type === "message" && negotiated.includes(event.message.type))
    .flatMap((event) => (event.type === "message" ? event.message.type : []));
  return { version, wishes };
}
