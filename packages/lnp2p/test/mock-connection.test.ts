// testkit stands below this package and writes down the shape of its connections once more: both are the same.
import {
  type ConnectionError,
  type ConnectionEvent as PeerConnectionEvent,
  type ConnectionState as PeerConnectionState,
  connectedMock,
  LoopbackLightningNode,
  MockConnection,
  type PeerConnection,
  type PeerErrorCode as ConnectionErrorCode,
} from "@satwire/testkit";
import {
  type ConnectionEvent,
  type ConnectionState,
  type P2PConnection,
  PeerError,
  type PeerErrorCode,
  SimplePeer,
} from "@satwire/lnp2p";
import type { Init, MessageBase, Ping } from "@satwire/lnwire";
import { MemoryNetwork } from "@satwire/net";
import { expect, expectTypeOf, test } from "vitest";
import { failure } from "./collect.ts";

interface Greeting extends MessageBase<"greeting"> {
  readonly text: string;
}

test("the types of both are the same", () => {
  expectTypeOf<PeerErrorCode>().toEqualTypeOf<ConnectionErrorCode>();
  expectTypeOf<ConnectionState>().toEqualTypeOf<PeerConnectionState>();
  expectTypeOf<PeerError>().toExtend<ConnectionError>();
  expectTypeOf<ConnectionError>().toExtend<PeerError>();
  expectTypeOf<ConnectionEvent>().toExtend<PeerConnectionEvent>();
  expectTypeOf<PeerConnectionEvent>().toExtend<ConnectionEvent>();
  expectTypeOf<P2PConnection>().toExtend<PeerConnection>();
  expectTypeOf<PeerConnection>().toExtend<P2PConnection>();
  type Other = Greeting | Init | Ping;
  expectTypeOf<P2PConnection<Other>>().toExtend<PeerConnection<Other>>();
  expectTypeOf<PeerConnection<Other>>().toExtend<P2PConnection<Other>>();
  expectTypeOf<keyof P2PConnection>().toEqualTypeOf<keyof PeerConnection>();
});

test("a mock goes wherever a peer goes, and a peer wherever a connection of testkit goes", async () => {
  await using mock = connectedMock();
  const connection: P2PConnection = mock;
  expect(connection.isConnected).toBe(true);

  const network = new MemoryNetwork();
  await using node = new LoopbackLightningNode();
  const address = await node.listen({ listen: network.listen });
  await using peer = new SimplePeer({ target: address, dialer: network.dialer });
  const other: PeerConnection = peer;
  await other.connect();
  expect(other.state).toBe("connected");
});

test("a mock makes the errors of this package if it is told to", async () => {
  await using mock = new MockConnection({
    createError: (code, text, details) => new PeerError(code, text, details),
    connectError: "dial_failed",
  });
  const error = await failure(mock.connect());
  expect(error).toBeInstanceOf(PeerError);
  expect(error).toMatchObject({ code: "dial_failed", phase: "connecting" });
});
