/** Connections between our BOLT 8 and lnd's, in either role. */
import {
  type ByteStream,
  defaultDialer,
  formatHostPort,
  type HostPort,
  parseHostPort,
} from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import {
  createRng,
  type FaultPlan,
  type RawLightningInitiateOptions,
  RawLightningConnection,
  type RawLightningOptions,
  RawListener,
  type Rewrites,
  withFaults,
} from "@satwire/testkit";
import { Lines } from "../daemons/lines.ts";
import { goPrograms } from "../daemons/provided.ts";

const timeoutMs = 30_000;

/** What the Go program says. */
export interface LndEvent {
  /** "closed" is the last of a connection, of one that failed in the handshake too. */
  readonly event: "ready" | "open" | "exchanged" | "unsent" | "closed";
  readonly address?: string;
  readonly key?: string;
  readonly error?: string;
}

/** Who of us dials. */
export type Role = "initiator" | "responder";

export interface ConnectOptions {
  /** What happens to the bytes of our side, and to theirs on the way to us. */
  readonly rewrite?: Rewrites;
  readonly faults?: FaultPlan;
  /** For faults that are random. */
  readonly seed?: number;
  /** The key that the one who dials expects. @default the right one */
  readonly expectedKey?: Uint8Array;
  /** For our initiator. */
  readonly initiate?: Partial<RawLightningInitiateOptions>;
}

/** A connection: our side, and what lnd's side says of it. */
export interface Connection extends AsyncDisposable {
  readonly peer: RawLightningConnection;
  /** Of lnd's side, 33 bytes. */
  readonly lndKey: Uint8Array;
  /** The oldest event of this connection of that name. @throws after 30 seconds */
  lnd(event: LndEvent["event"]): Promise<LndEvent>;
}

/** Listeners of both sides, for connections one after the other. */
export class BothSides implements AsyncDisposable {
  /** Ours, 33 bytes. */
  readonly ourKey: Uint8Array;
  readonly #privateKey: Uint8Array;
  readonly #lnd: Lines<LndEvent>;
  readonly #lndKey: Uint8Array;
  readonly #lndAddress: HostPort;
  readonly #listener: RawListener;

  private constructor(
    privateKey: Uint8Array,
    lnd: Lines<LndEvent>,
    ready: LndEvent,
    listener: RawListener,
  ) {
    this.#privateKey = privateKey;
    this.ourKey = publicKeyOf(privateKey);
    this.#lnd = lnd;
    this.#lndKey = keyOf(ready);
    this.#lndAddress = parseHostPort(ready.address!);
    this.#listener = listener;
  }

  /** Resolves when both listen. */
  static async listen(): Promise<BothSides> {
    const lnd = new Lines<LndEvent>(goPrograms()["lnd/brontide"]!, ["listen"]);
    const listener = await RawListener.open();
    const ready = await lnd.take(({ event }) => event === "ready");
    return new BothSides(generatePrivateKey(), lnd, ready, listener);
  }

  /** Resolves when the handshake has begun. `role` is ours. */
  connect(role: Role, options: ConnectOptions = {}): Promise<Connection> {
    return role === "initiator" ? this.#dial(options) : this.#accept(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.close();
    await this.#lnd[Symbol.asyncDispose]();
  }

  #rawOptions({ rewrite }: ConnectOptions): RawLightningOptions {
    return { localKey: this.#privateKey, timeoutMs, rewrite };
  }

  async #dial(options: ConnectOptions): Promise<Connection> {
    const { expectedKey: remoteKey = this.#lndKey, initiate } = options;
    const stream = await defaultDialer(this.#lndAddress);
    const peer = RawLightningConnection.initiate(faulty(stream, options), {
      ...this.#rawOptions(options),
      remoteKey,
      ...initiate,
    });
    const address = formatHostPort(peer.localAddress!);
    return {
      peer,
      lndKey: this.#lndKey,
      lnd: (name) =>
        this.#lnd.take(
          // Of a failed handshake, lnd's listener says the address in its text only.
          (line) =>
            line.event === name &&
            (line.address === address || line.error?.includes(`${address}: `) === true),
        ),
      [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
    };
  }

  async #accept(options: ConnectOptions): Promise<Connection> {
    const { expectedKey = this.ourKey } = options;
    const program = new Lines<LndEvent>(goPrograms()["lnd/brontide"]!, [
      "dial",
      Buffer.from(expectedKey).toString("hex"),
      formatHostPort(this.#listener.address),
    ]);
    const lndKey = keyOf(await program.take(({ event }) => event === "ready"));
    const stream = await this.#listener.accept({ timeoutMs });
    const peer = RawLightningConnection.respond(faulty(stream, options), this.#rawOptions(options));
    return {
      peer,
      lndKey,
      lnd: (name) => program.take(({ event }) => event === name),
      async [Symbol.asyncDispose](): Promise<void> {
        await peer[Symbol.asyncDispose]();
        await program[Symbol.asyncDispose]();
      },
    };
  }
}

function faulty(stream: ByteStream, { faults = [], seed = 1 }: ConnectOptions): ByteStream {
  return faults.length === 0 ? stream : withFaults(stream, faults, { rng: createRng(seed) });
}

/** Sends a message when there is room for it. @throws when the connection ends before */
export async function sendFrame(peer: RawLightningConnection, message: Uint8Array): Promise<void> {
  await peer.until(() => peer.isEstablished && peer.hasRoom, "room for a message");
  peer.sendFrame(message);
}

function keyOf({ key }: LndEvent): Uint8Array {
  return Uint8Array.from(Buffer.from(key!, "hex"));
}
