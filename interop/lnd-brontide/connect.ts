/** Connections between our BOLT 8 and lnd's, in either role. */
import {
  type ByteStream,
  defaultDialer,
  formatHostPort,
  type HostPort,
  type Listener,
  listenTcp,
  parseHostPort,
} from "@satwire/net";
import {
  generatePrivateKey,
  type InitiateOptions,
  NoiseChannel,
  publicKeyOf,
} from "@satwire/noise";
import { Conditions } from "../conditions.ts";
import { Lines } from "../daemons/lines.ts";
import { goPrograms } from "../daemons/provided.ts";
import { NoisePeer } from "./noise-peer.ts";
import type { TapOptions } from "./tap.ts";

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

export interface ConnectOptions extends TapOptions {
  /** The key that the one who dials expects. @default the right one */
  readonly expectedKey?: Uint8Array;
  /** For our initiator. */
  readonly initiate?: Partial<InitiateOptions>;
}

/** A connection: our side, and what lnd's side says of it. */
export interface Connection extends AsyncDisposable {
  readonly peer: NoisePeer;
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
  readonly #listener: Listener;
  readonly #accepted: Accepted;

  private constructor(
    privateKey: Uint8Array,
    lnd: Lines<LndEvent>,
    ready: LndEvent,
    listener: Listener,
    accepted: Accepted,
  ) {
    this.#privateKey = privateKey;
    this.ourKey = publicKeyOf(privateKey);
    this.#lnd = lnd;
    this.#lndKey = keyOf(ready);
    this.#lndAddress = parseHostPort(ready.address!);
    this.#listener = listener;
    this.#accepted = accepted;
  }

  /** Resolves when both listen. */
  static async listen(): Promise<BothSides> {
    const lnd = new Lines<LndEvent>(goPrograms()["lnd/brontide"]!, ["listen"]);
    const accepted = new Accepted();
    const listener = await listenTcp({ kind: "ipv4", host: "127.0.0.1", port: 0 }, (stream) =>
      accepted.put(stream),
    );
    const ready = await lnd.take(({ event }) => event === "ready");
    return new BothSides(generatePrivateKey(), lnd, ready, listener, accepted);
  }

  /** Resolves when the handshake has begun. `role` is ours. */
  connect(role: Role, options: ConnectOptions = {}): Promise<Connection> {
    return role === "initiator" ? this.#dial(options) : this.#accept(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.close();
    await this.#lnd[Symbol.asyncDispose]();
  }

  async #dial(options: ConnectOptions): Promise<Connection> {
    const { expectedKey: remoteKey = this.#lndKey, initiate } = options;
    const stream = await defaultDialer(this.#lndAddress);
    const channel = NoiseChannel.initiator({ localKey: this.#privateKey, remoteKey, ...initiate });
    const peer = new NoisePeer(stream, channel, options);
    const address = formatHostPort(peer.tap.localAddress!);
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
    const stream = await this.#accepted.take();
    const channel = NoiseChannel.responder({ localKey: this.#privateKey });
    const peer = new NoisePeer(stream, channel, options);
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

function keyOf({ key }: LndEvent): Uint8Array {
  return Uint8Array.from(Buffer.from(key!, "hex"));
}

/** Streams that came and that nobody has taken. */
class Accepted {
  readonly #streams: ByteStream[] = [];
  readonly #conditions = new Conditions();

  put(stream: ByteStream): void {
    this.#streams.push(stream);
    this.#conditions.recheck();
  }

  /** @throws after 30 seconds */
  async take(): Promise<ByteStream> {
    const signal = AbortSignal.timeout(timeoutMs);
    await this.#conditions.until(() => this.#streams.length > 0, { signal });
    return this.#streams.shift()!;
  }
}
