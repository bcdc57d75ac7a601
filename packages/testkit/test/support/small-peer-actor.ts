// A small peer actor, enough to prove the verbs of the harness with: the real one stands above this package.
import { type ActorRef, handlers, type ServiceKey, setup } from "@satwire/actor";
import type {
  ConnectionResult,
  ConnectResponse,
  MessageReceived,
  PeerActorConfig,
  PeerActorLike,
  PeerActorRequest,
  PeerMessageSink,
} from "@satwire/testkit";

export class SmallPeerActor implements PeerActorLike {
  readonly ref: ActorRef<PeerActorRequest>;
  readonly #config: PeerActorConfig;
  #sinks: PeerMessageSink[];
  #attempt: Promise<ConnectionResult> | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(config: PeerActorConfig) {
    this.#config = config;
    this.#sinks = [...config.messageSinks];
    this.ref = config.system.spawn(
      config.actorId,
      setup<PeerActorRequest>(() => ({
        receive: handlers<PeerActorRequest>({
          ConnectRequest: () => this.#connect(),
          SendMessageRequest: ({ message }) => config.connection.sendMessage(message),
        }),
        onStop: () => this.#close(),
      })),
    );
  }

  async start(): Promise<ConnectionResult | undefined> {
    if (!this.#config.autoConnect) return undefined;
    const { connection } = await this.ref.ask({ type: "ConnectRequest" });
    return connection;
  }

  async stop(): Promise<void> {
    await this.#config.system.stop(this.ref);
  }

  addServiceKey(key: ServiceKey<MessageReceived>): boolean {
    if (this.#sinks.some(({ serviceKey }) => serviceKey.name === key.name)) return false;
    this.#sinks.push({ serviceKey: key });
    return true;
  }

  removeServiceKey(key: ServiceKey<MessageReceived>): boolean {
    const { length } = this.#sinks;
    this.#sinks = this.#sinks.filter(({ serviceKey }) => serviceKey.name !== key.name);
    return this.#sinks.length < length;
  }

  getServiceKeys(): ServiceKey<MessageReceived>[] {
    return this.#sinks.map(({ serviceKey }) => serviceKey);
  }

  getStatus(): { readonly isConnected: boolean } {
    return { isConnected: this.#config.connection.isConnected };
  }

  #connect(): ConnectResponse {
    const { connection } = this.#config;
    const alreadyConnected = connection.isConnected;
    this.#attempt ??= this.#dial();
    return { success: true, alreadyConnected, connection: this.#attempt };
  }

  async #dial(): Promise<ConnectionResult> {
    const { connection } = this.#config;
    try {
      if (!connection.isConnected) await connection.connect();
    } catch (error) {
      return { success: false, error };
    }
    this.#reading = this.#read().catch(() => {}); // the events tell why it ended
    return { success: true, remotePublicKey: connection.remotePublicKey };
  }

  async #read(): Promise<void> {
    const { connection, system } = this.#config;
    for await (const message of connection.receiveMessages()) {
      const from = connection.remotePublicKey ?? new Uint8Array(0);
      const receivedAt = system.clock.now();
      const notice: MessageReceived = { type: "MessageReceived", message, from, receivedAt };
      for (const { serviceKey, filter } of this.#sinks) {
        if (filter?.(message) === false) continue;
        for (const sink of serviceKey.find(system)) sink.tryTell(notice);
      }
    }
  }

  async #close(): Promise<void> {
    await this.#config.connection.close();
    await this.#reading;
  }
}
