// One connection of a simulated network: two streams and the TCP between them.
import { type HostPort, memoryPair, type MemoryStream, NetError, type Path } from "@satwire/net";
import { netFailure } from "./net-failure.ts";
import { TcpSender } from "./tcp-sender.ts";
import type { Wire } from "./wire.ts";

/** A host and the address that one end of a connection has there. */
export interface SimEndpoint {
  /** Name of the host. */
  readonly host: string;
  readonly address: HostPort;
}

/** An open connection, as `SimNetwork.connections` shows it. */
export interface SimConnectionInfo {
  /** Number of the connection, from 1, as in the trace. */
  readonly id: number;
  /** Who dialed. */
  readonly from: SimEndpoint;
  /** Who was dialed. */
  readonly to: SimEndpoint;
}

/** What a {@link SimConnection} is made from. */
export interface SimConnectionOptions extends SimConnectionInfo {
  readonly wire: Wire;
  readonly capacityBytes: number;
  readonly retransmitMs: number;
  /** Called once when both ends are over. */
  readonly onOver: () => void;
}

class Side {
  readonly endpoint: SimEndpoint;
  readonly sender: TcpSender;
  stream!: MemoryStream; // set by the connection, which needs both sides for it
  hasEnded = false;
  isPeerEndHere = false;
  isOver = false;

  constructor(endpoint: SimEndpoint, sender: TcpSender) {
    this.endpoint = endpoint;
    this.sender = sender;
  }
}

/** Two ends that see each other through a {@link Wire}. */
export class SimConnection {
  readonly info: SimConnectionInfo;
  readonly #options: SimConnectionOptions;
  readonly #near: Side;
  readonly #far: Side;
  #isOver = false;
  /** Called once when the side that was dialed is over. */
  onFarOver: () => void = () => {};

  constructor(options: SimConnectionOptions) {
    const { id, from, to, capacityBytes } = options;
    this.info = { id, from, to };
    this.#options = options;
    this.#near = new Side(
      from,
      this.#sender(from, to, () => this.#near),
    );
    this.#far = new Side(
      to,
      this.#sender(to, from, () => this.#far),
    );
    const addresses = [from.address, to.address] as const;
    const paths = [this.#path(this.#near, this.#far), this.#path(this.#far, this.#near)] as const;
    const [near, far] = memoryPair({ addresses, capacityBytes, paths });
    this.#near.stream = near;
    this.#far.stream = far;
  }

  /** The stream of the side that dialed. */
  get stream(): MemoryStream {
    return this.#near.stream;
  }

  /**
   * Tells the other host that the connection is there: `accept` is called with its stream when that arrives, before
   * anything else does. It returns false when nobody wants the stream any more.
   */
  open(accept: (stream: MemoryStream) => boolean): void {
    const [near, far] = [this.#near, this.#far];
    near.sender.send("ack", new Uint8Array(0), () => {
      if (!far.isOver && accept(far.stream)) return;
      this.#finish(far);
      far.sender.reset(() => {
        near.sender.stop();
        near.stream.fail(netFailure("ECONNRESET", "the connection"));
        this.#finish(near);
      });
    });
  }

  /** The host is gone with all that it knew; nobody is told. */
  crash(host: string): void {
    for (const side of [this.#near, this.#far]) {
      if (side.endpoint.host !== host) continue;
      side.sender.stop();
      side.stream.fail(new NetError("closed", "the host of this stream crashed"));
      this.#finish(side);
    }
  }

  #sender(from: SimEndpoint, to: SimEndpoint, side: () => Side): TcpSender {
    const { wire, id, capacityBytes, retransmitMs } = this.#options;
    return new TcpSender({
      wire,
      route: {
        from: from.host,
        to: to.host,
        fromAddress: from.address,
        toAddress: to.address,
        connection: id,
      },
      windowBytes: capacityBytes,
      retransmitMs,
      onGiveUp: () => {
        wire.record({ kind: "give-up", from: from.host, to: to.host, connection: id });
        side().stream.fail(netFailure("ETIMEDOUT", "the connection", { syscall: "read" }));
        this.#finish(side());
      },
    });
  }

  #path(side: Side, other: Side): Path {
    return {
      carry: (segment, arrive) => {
        switch (segment.kind) {
          case "data":
            side.sender.send("data", segment.bytes, (bytes) => arrive({ kind: "data", bytes }));
            return;
          case "end":
            side.hasEnded = true;
            side.sender.send("fin", new Uint8Array(0), () => {
              other.isPeerEndHere = true;
              arrive(segment);
              this.#finishInOrder(other);
            });
            this.#finishInOrder(side);
            return;
          case "reset":
            this.#finish(side);
            side.sender.reset(() => {
              other.sender.stop();
              arrive(segment);
              this.#finish(other);
            });
            return;
        }
      },
    };
  }

  #finishInOrder(side: Side): void {
    if (!side.hasEnded || !side.isPeerEndHere) return;
    const peer = side === this.#near ? this.#far : this.#near;
    peer.stream.whenTaken(() => this.#finish(side)); // a host that crashes before has not read all
  }

  #finish(side: Side): void {
    if (side.isOver) return;
    side.isOver = true;
    if (side === this.#far) this.onFarOver();
    if (this.#isOver || !this.#near.isOver || !this.#far.isOver) return;
    this.#isOver = true;
    this.#options.onOver();
  }
}
