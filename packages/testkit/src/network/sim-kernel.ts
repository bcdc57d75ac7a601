// What the hosts of one simulated network share. No implementation is in this file.
import type { ByteStream } from "@satwire/net";
import type { HostCore } from "./host-core.ts";
import type { Names } from "./names.ts";
import type { SimEndpoint } from "./sim-connection.ts";

import type { Wire } from "./wire.ts";

/** The inside of a network, as its hosts see it. */
export interface SimKernel {
  readonly wire: Wire;
  readonly names: Names;
  hostAt(ip: string): HostCore | undefined;
  takeConnectionId(): number;
  /** A connection whose handshake is done at the side that dials; returns that side's stream. */
  connect(id: number, from: SimEndpoint, to: SimEndpoint): ByteStream;
}
