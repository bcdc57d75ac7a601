// What a peer answers during a download: the messages that matter, one after the other, in time.
import type { Clock, Timer } from "@satwire/actor";
import type {
  ChannelAnnouncement,
  ChannelUpdate,
  KnownMessage,
  NodeAnnouncement,
  ReplyChannelRange,
  ReplyShortChannelIdsEnd,
} from "@satwire/lnwire";
import { PeerError } from "./errors.ts";
import type { SendableMessage } from "./peer-machine.ts";

/** The announcements that gossip consists of. */
export type GossipMessage = ChannelAnnouncement | NodeAnnouncement | ChannelUpdate;

/** What a download needs of a connection: any `P2PConnection` has it, whatever its messages are. */
export interface GossipSource {
  sendMessage(
    message: SendableMessage<KnownMessage>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<void>;
  receiveMessages(): AsyncIterableIterator<{ readonly type: string }, undefined>;
}

/** What a {@link GossipAnswers} waits by. */
export interface GossipAnswersOptions {
  readonly clock: Clock;
  /** How long to wait for one answer. */
  readonly idleMs: number;
  readonly signal: AbortSignal | undefined;
}

type Answer = GossipMessage | ReplyChannelRange | ReplyShortChannelIdsEnd;

/** Reads the messages of a connection and picks out the answers. */
export class GossipAnswers {
  readonly #source: GossipSource;
  readonly #options: GossipAnswersOptions;
  readonly #messages: AsyncIterableIterator<{ readonly type: string }, undefined>;

  /** @throws PeerError `already_receiving` */
  constructor(source: GossipSource, options: GossipAnswersOptions) {
    this.#source = source;
    this.#options = options;
    this.#messages = source.receiveMessages();
  }

  /**
   * The next answer; queries of the peer are answered with nothing, other messages are dropped.
   *
   * @throws PeerError `download_timeout`, `aborted`, `closed` and what the connection ends with
   */
  next(): Promise<Answer> {
    const { clock, idleMs, signal } = this.#options;
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const settle = (): void => {
        timer?.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (code: "aborted" | "download_timeout", text: string, cause?: unknown): void => {
        settle();
        reject(new PeerError(code, text, { phase: "connected", cause }));
      };
      const onAbort = (): void => fail("aborted", "the download was aborted", signal?.reason);
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      const text = `the peer answered nothing for ${idleMs} ms`;
      timer = clock.setTimer(() => fail("download_timeout", text), idleMs);
      this.#pick().then(
        (answer) => (settle(), resolve(answer)),
        (error: unknown) => (settle(), reject(error)),
      );
    });
  }

  /** Lets go of the messages; a call of `next` that still waits takes none with it. */
  async release(): Promise<void> {
    await this.#messages.return?.();
  }

  async #pick(): Promise<Answer> {
    for (;;) {
      const result = await this.#messages.next();
      if (result.done === true) {
        throw new PeerError("closed", "the connection ended during the download");
      }
      // A set of messages of one's own names BOLT 7's as BOLT 7 does.
      const message = result.value as KnownMessage;
      switch (message.type) {
        case "channel_announcement":
        case "channel_update":
        case "node_announcement":
        case "reply_channel_range":
        case "reply_short_channel_ids_end":
          return message;
        default:
          await this.#answerNothing(message);
      }
    }
  }

  /** The honest answer of a client without a graph, so that the peer does not wait for one. */
  async #answerNothing(message: KnownMessage): Promise<void> {
    if (message.type === "query_channel_range") {
      const { chainHash, firstBlocknum, numberOfBlocks } = message;
      await this.#source.sendMessage({
        type: "reply_channel_range",
        chainHash,
        firstBlocknum,
        numberOfBlocks,
        syncComplete: true,
        shortChannelIds: [],
      });
    } else if (message.type === "query_short_channel_ids") {
      const { chainHash } = message;
      await this.#source.sendMessage({
        type: "reply_short_channel_ids_end",
        chainHash,
        fullInformation: false,
      });
    }
  }
}
