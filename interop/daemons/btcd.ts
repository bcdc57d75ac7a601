/** btcd on simnet: a full node of Bitcoin that mines when told to. */
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import type { Transaction } from "bitcoinjs-lib";
import { type AskOptions, Daemon } from "./daemon.ts";
import { makeFolder } from "./folders.ts";
import { freePort } from "./free-port.ts";
import { goPrograms } from "./provided.ts";
import { type Payment, Wallet } from "./wallet.ts";

const user = "satwire";
const host = "127.0.0.1";

export interface BtcdOptions {
  /** On simnet btcd mines, and neither tells nor asks of addresses; on regtest it does not mine. @default "simnet" */
  readonly network?: "simnet" | "regtest";
  /** Offer BIP 324's transport. @default false, as btcd has it */
  readonly v2?: boolean;
  /** Further flags, e.g. "--nobanning". */
  readonly args?: readonly string[];
}

/** Where and how to ask a btcd. */
export interface BtcdRpc {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Path of the certificate. */
  readonly certificate: string;
}

/** One call of JSON-RPC. */
export type Call = <T>(method: string, ...params: readonly unknown[]) => Promise<T>;

/** A running btcd. */
export class Btcd implements AsyncDisposable {
  /** Where peers connect to. */
  readonly port: number;
  readonly host: string = host;
  readonly rpc: BtcdRpc;
  readonly #wallet: Wallet;
  readonly #daemon: Daemon;

  private constructor(port: number, rpc: BtcdRpc, wallet: Wallet, daemon: Daemon) {
    this.port = port;
    this.rpc = rpc;
    this.#wallet = wallet;
    this.#daemon = daemon;
  }

  /** Resolves when it answers. */
  static async start({ network = "simnet", v2 = false, args = [] }: BtcdOptions): Promise<Btcd> {
    const folder = await makeFolder("btcd");
    const port = await freePort();
    const rpc: BtcdRpc = {
      host,
      port: await freePort(),
      user,
      password: crypto.randomUUID(),
      certificate: join(folder, "rpc.cert"),
    };
    const wallet = new Wallet();
    const configuration = join(folder, "btcd.conf");
    await writeFile(configuration, ""); // without one, btcd looks for a sample of it
    const daemon = new Daemon({
      program: goPrograms()["btcd/btcd"]!,
      folder,
      args: [
        `--${network}`,
        `--configfile=${configuration}`,
        `--datadir=${join(folder, "data")}`,
        `--logdir=${join(folder, "logs")}`,
        `--listen=${host}:${port}`,
        `--rpclisten=${host}:${rpc.port}`,
        `--rpcuser=${user}`,
        `--rpcpass=${rpc.password}`,
        `--rpccert=${rpc.certificate}`,
        `--rpckey=${join(folder, "rpc.key")}`,
        "--debuglevel=PEER=debug",
        ...(v2 ? ["--v2transport"] : []),
        ...(network === "simnet" ? [`--miningaddr=${wallet.address}`] : []),
        ...args,
      ],
    });
    const btcd = new Btcd(port, rpc, wallet, daemon);
    await daemon.ready(() => btcd.call<number>("getblockcount"));
    return btcd;
  }

  /**
   * One call of JSON-RPC.
   *
   * @throws what btcd answers instead
   */
  async call<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    const certificate = await readFile(this.rpc.certificate);
    const body = JSON.stringify({ jsonrpc: "1.0", id: 1, method, params });
    const text = await post(this.rpc, certificate, body);
    const answer = JSON.parse(text) as {
      readonly result: T;
      readonly error: { readonly code: number; readonly message: string } | null;
    };
    const { error, result } = answer;
    if (error !== null) throw new Error(`${method}: ${error.message} (${error.code})`);
    return result;
  }

  /** Mines `count` blocks on top of the chain, and returns their hashes, in hex as RPC has them. */
  async mine(count: number): Promise<readonly string[]> {
    const hashes: string[] = [];
    while (hashes.length < count) {
      hashes.push(...(await this.call<string[]>("generate", Math.min(count - hashes.length, 500))));
    }
    return hashes;
  }

  /**
   * A signed transaction that spends a coinbase and gives the rest back. It is not sent.
   *
   * @throws when no coinbase is left that has its 100 confirmations
   */
  pay(to: readonly Payment[]): Promise<Transaction> {
    return this.#wallet.pay((method, ...params) => this.call(method, ...params), to);
  }

  /** Resolves when its log has a line that matches, with the match. The log begins with its start. */
  logged(pattern: RegExp, options?: AskOptions): Promise<RegExpExecArray> {
    return this.#daemon.logged(pattern, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
  }
}

/** Starts a btcd on free ports in a folder of its own. */
export function startBtcd(options: BtcdOptions = {}): Promise<Btcd> {
  return Btcd.start(options);
}

function post(rpc: BtcdRpc, ca: Buffer, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      host: rpc.host,
      port: rpc.port,
      method: "POST",
      ca,
      auth: `${rpc.user}:${rpc.password}`,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      agent: false as const, // no connection outlives its answer
    };
    const sent = request(options, (response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (chunk: string) => (text += chunk));
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200 || text.startsWith("{")) resolve(text);
        else reject(new Error(`btcd answered ${response.statusCode}: ${text}`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
