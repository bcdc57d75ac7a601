/** lnd on simnet, over a btcd: a full Lightning node, driven by its REST interface and by `lncli`. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Btcd, startBtcd } from "./btcd.ts";
import { type AskOptions, Daemon } from "./daemon.ts";
import { makeFolder } from "./folders.ts";
import { freePort } from "./free-port.ts";
import { goPrograms } from "./provided.ts";

const run = promisify(execFile);
const host = "127.0.0.1";

export interface LndOptions {
  /** @default one of its own, which ends with it */
  readonly btcd?: Btcd;
  /** At most 32 bytes. @default "satwire" */
  readonly alias?: string;
  /** Further flags, e.g. "--protocol.custom-message=513". */
  readonly args?: readonly string[];
}

/** What `GET /v1/getinfo` says, as far as it is used. */
interface LndInfo {
  readonly identity_pubkey: string;
  readonly version: string;
  readonly synced_to_chain: boolean;
  readonly block_height: number;
}

/** A running lnd. */
export class Lnd implements AsyncDisposable {
  /** 33 bytes. */
  readonly nodeId: Uint8Array;
  readonly host: string = host;
  /** Where peers connect to. */
  readonly port: number;
  /** E.g. "0.21.0-beta commit=". */
  readonly version: string;
  /** The chain that it follows. */
  readonly btcd: Btcd;
  readonly #isBtcdOwn: boolean;
  readonly #rest: string;
  readonly #rpcPort: number;
  readonly #folder: string;
  readonly #daemon: Daemon;

  private constructor(
    info: LndInfo,
    ports: { readonly peers: number; readonly rest: number; readonly rpc: number },
    folder: string,
    daemon: Daemon,
    btcd: Btcd,
    isBtcdOwn: boolean,
  ) {
    this.btcd = btcd;
    this.#isBtcdOwn = isBtcdOwn;
    this.nodeId = Uint8Array.from(Buffer.from(info.identity_pubkey, "hex"));
    this.version = info.version;
    this.port = ports.peers;
    this.#rest = `http://${host}:${ports.rest}`;
    this.#rpcPort = ports.rpc;
    this.#folder = folder;
    this.#daemon = daemon;
  }

  /** Resolves when it follows the chain and takes peers. A chain without blocks gets one. */
  static async start(options: LndOptions): Promise<Lnd> {
    if (options.btcd !== undefined) return await Lnd.#over(options.btcd, false, options);
    const btcd = await startBtcd();
    try {
      return await Lnd.#over(btcd, true, options);
    } catch (error) {
      await btcd[Symbol.asyncDispose]();
      throw error;
    }
  }

  static async #over(
    btcd: Btcd,
    isBtcdOwn: boolean,
    { alias = "satwire", args = [] }: LndOptions,
  ): Promise<Lnd> {
    // The genesis block is years old: lnd takes a chain that ends there for one that is still loading.
    if ((await btcd.call<number>("getblockcount")) === 0) await btcd.mine(1);
    const folder = await makeFolder("lnd");
    const ports = { peers: await freePort(), rest: await freePort(), rpc: await freePort() };
    const daemon = new Daemon({
      program: goPrograms()["lnd/lnd"]!,
      folder,
      args: [
        `--lnddir=${folder}`,
        "--noseedbackup",
        "--no-macaroons",
        "--no-rest-tls",
        "--nobootstrap",
        "--debuglevel=info,PEER=debug,DISC=debug",
        `--alias=${alias}`,
        `--listen=${host}:${ports.peers}`,
        `--externalip=${host}:${ports.peers}`,
        `--restlisten=${host}:${ports.rest}`,
        `--rpclisten=${host}:${ports.rpc}`,
        "--bitcoin.simnet",
        "--bitcoin.node=btcd",
        `--btcd.rpchost=${btcd.rpc.host}:${btcd.rpc.port}`,
        `--btcd.rpcuser=${btcd.rpc.user}`,
        `--btcd.rpcpass=${btcd.rpc.password}`,
        `--btcd.rpccert=${btcd.rpc.certificate}`,
        "--trickledelay=50", // ms between batches of gossip, instead of 90 s
        ...args,
      ],
    });
    const info = await daemon.ready(async () => {
      const state = await getJson<{ readonly state: string }>(ports.rest, "/v1/state");
      if (state.state !== "SERVER_ACTIVE") return undefined;
      const info = await getJson<LndInfo>(ports.rest, "/v1/getinfo");
      return info.synced_to_chain ? info : undefined;
    });
    return new Lnd(info, ports, folder, daemon, btcd, isBtcdOwn);
  }

  /**
   * One call of the REST interface: GET without a body, POST with one. Bytes are base64 in JSON.
   *
   * @throws what lnd answers instead
   */
  async rest<T>(path: string, body?: object): Promise<T> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${this.#rest}${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** A call of the REST interface that answers again and again, until the loop is left. */
  async *restStream<T>(
    path: string,
    signal?: AbortSignal,
  ): AsyncGenerator<T, undefined, undefined> {
    const response = await fetch(`${this.#rest}${path}`, signal === undefined ? {} : { signal });
    if (response.body === null) throw new Error(`${path}: ${response.status} without a body`);
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const { result, error } = JSON.parse(line) as { result?: T; error?: unknown };
        if (result === undefined) throw new Error(`${path}: ${JSON.stringify(error)}`);
        yield result;
      }
    }
    return undefined;
  }

  /** Runs `lncli`, and returns what it printed. @throws what it printed when it failed */
  async lncli(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(goPrograms()["lnd/lncli"]!, [
      `--lnddir=${this.#folder}`,
      "--network=simnet",
      "--no-macaroons",
      `--rpcserver=${host}:${this.#rpcPort}`,
      ...args,
    ]);
    return stdout;
  }

  /** Resolves when its log has a line that matches, with the match. The log begins with its start. */
  logged(pattern: RegExp, options?: AskOptions): Promise<RegExpExecArray> {
    return this.#daemon.logged(pattern, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    if (this.#isBtcdOwn) await this.btcd[Symbol.asyncDispose]();
  }
}

/** Starts an lnd on free ports in a folder of its own. */
export function startLnd(options: LndOptions = {}): Promise<Lnd> {
  return Lnd.start(options);
}

async function getJson<T>(port: number, path: string): Promise<T> {
  const response = await fetch(`http://${host}:${port}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
