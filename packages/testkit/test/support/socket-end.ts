// An end that is a socket of Node, so that not only our own streams are believed.
import type { Socket } from "node:net";
import { EndLog } from "./end-log.ts";

/** The end is a socket that allows half-open connections. */
export class SocketEnd extends EndLog {
  readonly #socket: Socket;
  #failure: string | undefined;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket
      .on("data", (chunk: Uint8Array) => this.take(chunk))
      .on("end", () => this.takeEnd())
      .on("error", (error: NodeJS.ErrnoException) => (this.#failure ??= error.code))
      .on("close", () => this.takeClose(this.#failure));
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#failure ??= "closed"; // Node has no word for it
    this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
