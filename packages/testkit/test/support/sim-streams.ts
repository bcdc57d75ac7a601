// Streams of a simulated network, and a log of what their consumers are told and when.
import type { ByteStream, ByteStreamHandler, HostPort, Listener, NetError } from "@satwire/net";
import { type SimHost, SimNetwork, type SimNetworkOptions } from "@satwire/testkit";

/** `host:port` by name. */
export const at = (host: string, port = 9735): HostPort => ({ kind: "dns", host, port });

/** Bytes that differ from any shifted copy of themselves. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 17 + (i >> 16)) & 0xff);
}

/** Node's name of what an error comes from. */
export function causeCode(error: unknown): string | undefined {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<NetError> {
  try {
    await promise;
  } catch (error) {
    return error as NetError;
  }
  throw new Error("the promise was fulfilled");
}

/** Writes down what the consumer of a stream is told. */
export class StreamLog implements ByteStreamHandler {
  readonly stream: ByteStream;
  /** Such as "data 5", "end", "drain", "close reset ECONNRESET". */
  readonly events: string[] = [];
  readonly #now: () => number;
  readonly #chunks: Uint8Array[] = [];
  /** Times of the events, in ms since the log was made. */
  readonly times: number[] = [];

  constructor(stream: ByteStream, now: () => number = () => 0) {
    this.stream = stream;
    const startedAt = now();
    this.#now = () => now() - startedAt;
    stream.start(this);
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#chunks.flatMap((chunk) => [...chunk]));
  }

  /** All but the data. */
  get milestones(): string[] {
    return this.events.filter((event) => !event.startsWith("data"));
  }

  onData(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#add(`data ${chunk.length}`);
  }

  onEnd(): void {
    this.#add("end");
  }

  onDrain(): void {
    this.#add("drain");
  }

  onClose(error?: NetError): void {
    const code = error === undefined ? "in order" : `${error.code} ${causeCode(error) ?? ""}`;
    this.#add(`close ${code}`.trimEnd());
  }

  #add(event: string): void {
    this.events.push(event);
    this.times.push(this.#now());
  }
}

/** Two hosts, a listener at one of them, and a connection from the other. */
export interface Connected {
  readonly network: SimNetwork;
  readonly alice: SimHost;
  readonly bob: SimHost;
  readonly listener: Listener;
  /** The side that dialed. */
  readonly near: StreamLog;
  readonly far: StreamLog;
}

/** Connects alice to bob. */
export async function connected(options: SimNetworkOptions = {}): Promise<Connected> {
  const network = new SimNetwork(options);
  const { clock } = network;
  const [alice, bob] = [network.host("alice"), network.host("bob")];
  const accepted: ByteStream[] = [];
  const listener = await bob.listen(bob.address(9735), (stream) => accepted.push(stream));
  const dialed = alice.dialer(at("bob"));
  await clock.runUntilIdle();
  const near = new StreamLog(await dialed, () => clock.now());
  const far = new StreamLog(accepted[0] as ByteStream, () => clock.now());
  return { network, alice, bob, listener, near, far };
}
