/** The other side: connections of btcd's `v2transport`, in a program that is told what to do. */
import { Lines } from "../daemons/lines.ts";
import { goPrograms } from "../daemons/provided.ts";

/** What btcd's side of a connection does. */
export interface BtcdOrder {
  /** Port to dial. Without one it listens for one connection. */
  readonly dial?: number;
  /** The network's magic, 4 bytes. */
  readonly magic: Uint8Array;
  /** Length of its garbage. @default 0 */
  readonly garbage?: number;
  /** Lengths of decoys in front of the version packet. */
  readonly decoys?: readonly number[];
  /** Lengths of decoys in front of each packet of the application. */
  readonly between?: readonly number[];
  /** Send back the contents of every packet. */
  readonly echo?: boolean;
  /** Seed and lengths of contents to send: `Seeded` makes the same. */
  readonly seed?: number;
  readonly sizes?: readonly number[];
}

/** How a connection of btcd has ended. */
export interface BtcdEnd {
  readonly stage: "connect" | "handshake" | "packets";
  /** btcd's text. */
  readonly error: string;
  /** `ShouldDowngradeToV1`. */
  readonly downgrade: boolean;
  /** Packets that came, and `Digest` of their contents. */
  readonly received: number;
  readonly digest: string;
}

interface Fact extends Partial<BtcdEnd> {
  readonly id: number;
  readonly event: "listening" | "ready" | "end";
  readonly port?: number;
  readonly sessionId?: string;
}

/** One connection of btcd's. */
export class BtcdConnection {
  readonly #facts: Lines<Fact>;
  readonly #id: number;

  constructor(facts: Lines<Fact>, id: number) {
    this.#facts = facts;
    this.#id = id;
  }

  /** Where it listens. This, as what follows, can be asked for once. */
  async port(): Promise<number> {
    const { port } = await this.#take("listening");
    return port!;
  }

  /** The session id in hex, after the handshake. @throws when that fails, with what btcd says */
  async ready(): Promise<string> {
    const { event, sessionId, error } = await this.#take("ready", "end");
    if (event === "end") throw new Error(error);
    return sessionId!;
  }

  async end(): Promise<BtcdEnd> {
    const fact = await this.#take("end");
    const { stage = "connect", error = "", downgrade = false, received = 0, digest = "" } = fact;
    return { stage, error, downgrade, received, digest };
  }

  #take(...events: readonly Fact["event"][]): Promise<Fact> {
    return this.#facts.take(({ id, event }) => id === this.#id && events.includes(event));
  }
}

/** The running program. */
export class BtcdSide implements AsyncDisposable {
  readonly #program = new Lines<Fact>(goPrograms()["btcd/v2transport"]!);
  #last = 0;

  /** Begins one connection. */
  order({ dial, magic, ...others }: BtcdOrder): BtcdConnection {
    const id = ++this.#last;
    this.#program.say({
      id,
      ...others,
      dial: dial === undefined ? "" : `127.0.0.1:${dial}`,
      magic: Buffer.from(magic).readUInt32LE(0),
    });
    return new BtcdConnection(this.#program, id);
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
