import { connect, createServer, type Server, type Socket } from "node:net";
import {
  type ByteStream,
  defaultDialer,
  type HostPort,
  listenTcp,
  parseHostPort,
} from "@satwire/net";
import { faultyDialer, faultyListen, type SimStream } from "../../src/index.ts";
import { type EndLog, StreamEnd } from "../support/end-log.ts";
import { SocketEnd } from "../support/socket-end.ts";
import { describeFaults, type FaultyConnection } from "./faults.suite.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });

/** A promise and what fulfils it. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

/** A server of sockets that allow half-open connections. */
async function serve(onSocket: (socket: Socket) => void): Promise<[Server, HostPort]> {
  const server = createServer({ allowHalfOpen: true }, onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const info = server.address();
  if (info === null || typeof info === "string") throw new Error("no address");
  return [server, { kind: "ipv4", host: "127.0.0.1", port: info.port }];
}

/** A round trip of another connection: what was sent before on this machine has arrived. */
async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const [server, { port }] = await serve((socket) => socket.pipe(socket));
    const socket = connect({ port, host: "127.0.0.1" });
    socket.end("x");
    await new Promise((resolve) => socket.resume().once("close", resolve));
    await new Promise((resolve) => server.close(resolve));
  }
}

function connection(near: SimStream, far: EndLog, close: () => unknown): FaultyConnection {
  return {
    near,
    far,
    settled,
    async close() {
      near.reset();
      far.destroy();
      await close();
    },
  };
}

describeFaults("TCP, faults of the dialing side", async (plan) => {
  const accepted = promised<ByteStream>();
  const listener = await listenTcp(anyPort, accepted.resolve);
  const near = promised<SimStream>();
  await faultyDialer(defaultDialer, plan, { onStream: near.resolve })(listener.address);
  const far = new StreamEnd(await accepted.promise);
  return connection(await near.promise, far, () => listener.close());
});

describeFaults("TCP, faults of the accepting side", async (plan) => {
  const near = promised<SimStream>();
  const listen = faultyListen(listenTcp, plan, { onStream: near.resolve });
  const listener = await listen(anyPort, () => {});
  const far = new StreamEnd(await defaultDialer(listener.address));
  return connection(await near.promise, far, () => listener.close());
});

describeFaults("a socket of Node, dialed with faults", async (plan) => {
  const socket = promised<Socket>();
  const [server, address] = await serve(socket.resolve);
  const near = promised<SimStream>();
  await faultyDialer(defaultDialer, plan, { onStream: near.resolve })(address);
  return connection(await near.promise, new SocketEnd(await socket.promise), () => server.close());
});

describeFaults("a socket of Node, accepted with faults", async (plan) => {
  const near = promised<SimStream>();
  const listen = faultyListen(listenTcp, plan, { onStream: near.resolve });
  const listener = await listen(anyPort, () => {});
  const socket = connect({ host: "127.0.0.1", port: listener.address.port, allowHalfOpen: true });
  const far = new SocketEnd(socket);
  return connection(await near.promise, far, () => listener.close());
});
