// Scripts on connections of `@satwire/lnp2p` and on mocks of them.
import type { KnownMessage, MessageBase } from "@satwire/lnwire";
import { AssertionError } from "../assertion-error.ts";
import type {
  PeerConnection,
  ReceivedMessage,
  SendableMessage,
} from "../connection/peer-connection.ts";
import type { WaitOptions } from "../conditions.ts";
import {
  type ScriptedConnection,
  ScriptedSide,
  type ScriptedSideOptions,
} from "./scripted-connection.ts";

/** What a script on a connection can be told. */
export type ScriptedPeerOptions = Pick<ScriptedSideOptions<never>, "clock" | "maxMessages">;

/** What both directions of a connection may carry: scripts have one type for them. */
export type PeerScriptMessage<M extends MessageBase = KnownMessage> =
  | SendableMessage<M>
  | ReceivedMessage<M>;

/** How a connection ended: with nothing, or with what its messages ended with. */
export interface ScriptedPeerEnd {
  readonly error: unknown;
}

/**
 * The side of a connection that uses it, as a `SimplePeer` or a mock: what it receives from now on is the script's.
 *
 * @throws RangeError if `maxMessages` is not 1 or more
 */
export function scriptedPeer<M extends MessageBase = KnownMessage>(
  connection: Pick<PeerConnection<M>, "sendMessage" | "receiveMessages" | "close">,
  options: ScriptedPeerOptions = {},
): ScriptedConnection<PeerScriptMessage<M>> {
  const side = new ScriptedSide<PeerScriptMessage<M>>({
    ...options,
    send: (message) => connection.sendMessage(message as SendableMessage<M>),
    end: () => connection.close(),
  });
  const read = async (): Promise<void> => {
    for await (const message of connection.receiveMessages()) side.receive(message);
  };
  read().then(
    () => side.close({ error: undefined }),
    (error: unknown) => side.close({ error }),
  );
  return side;
}

/** What a script needs of a mock: `MockConnection` has it. */
export interface ScriptableMock<M extends MessageBase = KnownMessage> {
  push(...messages: readonly (M | ReceivedMessage<M>)[]): boolean;
  nextSent(match: undefined, options?: WaitOptions): Promise<SendableMessage<M>>;
  end(): void;
}

/** The peer of a mock: what the script sends the mock receives, and what is sent through the mock the script expects. */
export function scriptedMock<M extends MessageBase = KnownMessage>(
  mock: ScriptableMock<M>,
): ScriptedConnection<PeerScriptMessage<M>> {
  let ending: ScriptedPeerEnd | undefined;
  return {
    send: (message) => mock.push(message as ReceivedMessage<M>),
    async nextMessage(options) {
      try {
        return await mock.nextSent(undefined, options);
      } catch (error) {
        // A wait that nothing can end has a reason; one whose time is up has none.
        if (!(error instanceof AssertionError) || error.cause === undefined) throw error;
        ending ??= { error: error.cause };
        return undefined;
      }
    },
    end: () => mock.end(),
    get ending() {
      return ending;
    },
  };
}
