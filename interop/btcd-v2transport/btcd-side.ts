/** The other side: connections of btcd's `v2transport`, in a program that is told what to do. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Conditions } from "../conditions.ts";
import { goPrograms } from "../daemons/provided.ts";

const timeoutMs = 30_000;

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
  #port: number | undefined;
  #sessionId: string | undefined;
  #end: BtcdEnd | undefined;
  readonly #conditions = new Conditions();

  /** Where it listens. */
  async port(): Promise<number> {
    await this.#until(() => this.#port !== undefined);
    return this.#port!;
  }

  /** The session id in hex, after the handshake. @throws when that fails, with what btcd says */
  async ready(): Promise<string> {
    await this.#until(() => this.#sessionId !== undefined || this.#end !== undefined);
    if (this.#sessionId === undefined) throw new Error(this.#end?.error);
    return this.#sessionId;
  }

  async end(): Promise<BtcdEnd> {
    await this.#until(() => this.#end !== undefined);
    return this.#end!;
  }

  /** Takes what the program says. */
  tell(fact: Fact): void {
    const { event, port, sessionId, stage = "connect", error = "", downgrade = false } = fact;
    if (event === "listening") this.#port = port;
    if (event === "ready") this.#sessionId = sessionId;
    if (event === "end") {
      const { received = 0, digest = "" } = fact;
      this.#end = { stage, error, downgrade, received, digest };
    }
    this.#conditions.recheck();
  }

  /** Ends all waits, now and later. */
  abandon(error: Error): void {
    this.#conditions.end(error);
  }

  async #until(isMet: () => boolean): Promise<void> {
    await this.#conditions.until(isMet, { signal: AbortSignal.timeout(timeoutMs) });
  }
}

/** The running program. */
export class BtcdSide implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #connections = new Map<number, BtcdConnection>();
  readonly #ended: Promise<unknown>;
  #complaint = "";
  #last = 0;

  constructor() {
    const program = goPrograms()["btcd/v2transport"]!;
    const child = spawn(program, [], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
    child.stdin.on("error", () => {}); // it has ended, which `#ended` tells
    createInterface({ input: child.stdout }).on("line", (line) => {
      const fact = JSON.parse(line) as Fact;
      this.#connections.get(fact.id)?.tell(fact);
      if (fact.event === "end") this.#connections.delete(fact.id);
    });
    this.#ended = once(child, "close").then(() => {
      const error = new Error(`btcd's v2transport ended: ${this.#complaint}`);
      for (const connection of this.#connections.values()) connection.abandon(error);
    });
    this.#ended.catch(() => {});
  }

  /** Begins one connection. */
  order({ dial, magic, ...others }: BtcdOrder): BtcdConnection {
    const connection = new BtcdConnection();
    const id = ++this.#last;
    this.#connections.set(id, connection);
    const order = {
      id,
      ...others,
      dial: dial === undefined ? "" : `127.0.0.1:${dial}`,
      magic: Buffer.from(magic).readUInt32LE(0),
    };
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    return connection;
  }

  /** Ends the program and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}
