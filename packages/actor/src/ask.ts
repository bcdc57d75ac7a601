// A question on its way to its reply. Settles once, whoever comes first: behaviour, deadline, signal, the end.
import type { Clock, Timer } from "./clock.ts";
import { Deferred } from "./deferred.ts";
import type { ActorError } from "./errors.ts";
import type { AnyMessage } from "./message.ts";
import { abortedBy } from "./rejections.ts";

/** A message with someone who waits: for its reply, or for room. */
export class PendingAsk extends Deferred<unknown> {
  readonly message: AnyMessage;
  /** There when something other than a reply may end the wait. */
  #bounds: Bounds | undefined;
  /** Takes it from where it waits, when it need not wait there any more. */
  leave: (() => void) | undefined;

  constructor(message: AnyMessage) {
    super();
    this.message = message;
  }

  /** Aborts with `life`, or when the asker gives up. Made when somebody looks, as it costs more than the ask. */
  signalWith(life: AbortSignal): AbortSignal {
    const bounds = (this.#bounds ??= {});
    bounds.controller ??= new AbortController();
    if (bounds.abandoned !== undefined) bounds.controller.abort(bounds.abandoned);
    return (bounds.turnSignal ??= AbortSignal.any([life, bounds.controller.signal]));
  }

  /** Ends the wait when the signal aborts. */
  abandonOn(signal: AbortSignal): void {
    (this.#bounds ??= {}).signal = signal;
    signal.addEventListener("abort", this);
  }

  /** Ends the wait when the time is over. */
  abandonAfter(timeoutMs: number, clock: Clock, toError: () => ActorError): void {
    (this.#bounds ??= {}).timer = clock.setTimer(() => this.#abandon(toError()), timeoutMs);
  }

  /** Called by the signal. */
  handleEvent(): void {
    this.#abandon(abortedBy(this.#bounds?.signal));
  }

  protected override onSettled(): void {
    super.onSettled();
    this.#bounds?.timer?.cancel();
    this.#bounds?.signal?.removeEventListener("abort", this);
    this.leave?.();
    this.leave = undefined;
  }

  #abandon(error: ActorError): void {
    this.reject(error);
    (this.#bounds ??= {}).abandoned = error;
    this.#bounds.controller?.abort(error);
  }
}

interface Bounds {
  signal?: AbortSignal;
  timer?: Timer;
  /** Aborts when the asker gives up. */
  controller?: AbortController;
  turnSignal?: AbortSignal;
  /** Why the asker gave up. */
  abandoned?: ActorError;
}

/** What waits in mailboxes and stashes: a message that was told, or one that was asked. */
export type Letter = AnyMessage | PendingAsk;

export function messageOf(letter: Letter): AnyMessage {
  return letter instanceof PendingAsk ? letter.message : letter;
}

/** Tells whoever waits for a reply that there is none. */
export function refuse(letter: Letter, error: unknown): void {
  if (letter instanceof PendingAsk) letter.reject(error);
}
