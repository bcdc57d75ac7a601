// What one end of a connection was told, in the same words for every kind of end.
import type { ByteStream, NetError } from "@satwire/net";
import { Conditions } from "../../src/index.ts";

/** One end of a connection: what it was told, and what a test does with it. */
export abstract class EndLog {
  text = "";
  isEnded = false;
  isClosed = false;
  /** Why it closed: the system's name where there is one, else the code; undefined if in order. */
  failure: string | undefined;
  protected readonly conditions: Conditions = new Conditions();

  abstract write(text: string): void;
  abstract end(): void;
  abstract destroy(): void;
  abstract pause(): void;
  abstract resume(): void;

  got(text: string): Promise<void> {
    const what = `"${text}" (it has "${this.text}", ${this.failure ?? "no failure"})`;
    return this.conditions.until(() => this.text.length >= text.length, what);
  }

  ended(): Promise<void> {
    return this.conditions.until(() => this.isEnded, "the end");
  }

  closed(): Promise<void> {
    return this.conditions.until(() => this.isClosed, "the close");
  }

  /** All of it in one text, such as `0123 end close ECONNRESET`. */
  get log(): string {
    const close = this.isClosed ? ["close", this.failure] : [];
    const all = [this.text, this.isEnded && "end", ...close];
    return all.filter((each) => each !== false && each !== "" && each !== undefined).join(" ");
  }

  protected take(bytes: Uint8Array): void {
    this.text += new TextDecoder().decode(bytes);
    this.conditions.recheck();
  }

  protected takeEnd(): void {
    this.isEnded = true;
    this.conditions.recheck();
  }

  protected takeClose(failure: string | undefined): void {
    this.isClosed = true;
    this.failure = failure;
    this.conditions.recheck();
  }
}

/** The end is a byte stream. */
export class StreamEnd extends EndLog {
  readonly #stream: ByteStream;

  constructor(stream: ByteStream) {
    super();
    this.#stream = stream;
    stream.start({
      onData: (chunk) => this.take(chunk),
      onEnd: () => this.takeEnd(),
      onDrain: () => {},
      onClose: (error) => this.takeClose(error && nameOf(error)),
    });
  }

  write(text: string): void {
    this.#stream.write(new TextEncoder().encode(text));
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }
}

function nameOf(error: NetError): string {
  const { cause } = error;
  if (!(cause instanceof Error && "code" in cause)) return error.code;
  return cause.code === "EPIPE" ? "ECONNRESET" : String(cause.code); // Linux says EPIPE when the peer had ended before
}
