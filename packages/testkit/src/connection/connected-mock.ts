import type { KnownMessage, MessageBase } from "@satwire/lnwire";
import type { MockConnectionConfig } from "./mock-config.ts";
import { MockConnection } from "./mock-connection.ts";

/** A mock that is connected already. @throws RangeError as the constructor of `MockConnection` */
export function connectedMock<M extends MessageBase = KnownMessage>(
  config: Omit<MockConnectionConfig<M>, "isConnected"> = {},
): MockConnection<M> {
  return new MockConnection<M>({ ...config, isConnected: true });
}
