// Mock connections with the side that a test of connections plays.
import type { LightningMessage } from "@satwire/lnwire";
import type { PeerConnectionCase } from "../../src/compliance/index.ts";
import { MockConnection } from "../../src/connection/mock-connection.ts";
import type { PeerConnection } from "../../src/connection/peer-connection.ts";

/** A mock that is not connected, seen as a connection by way of `wrap`. */
export function mockCase(
  wrap: (mock: MockConnection) => PeerConnection = (mock) => mock,
): PeerConnectionCase {
  const mock = new MockConnection();
  return {
    connection: wrap(mock),
    remote: {
      send: (message) => void mock.push(message as Parameters<MockConnection["push"]>[0]),
      next: (type) => mock.nextSent(({ type: sent }) => sent === type) as Promise<LightningMessage>,
      end: () => mock.end(),
      reset: () => mock.end("connection_lost"),
    },
    dispose: () => mock.close(),
  };
}
