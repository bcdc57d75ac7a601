/** bitcore-p2p 10.10.7: its messages, without its sockets. */
import { createRequire } from "node:module";
import { changed, type Difference, isAscii, type Reading, type Rival } from "./rival.ts";

interface Message {
  getPayload(): Buffer;
}
interface Messages {
  _buildFromBuffer(command: string, payload: Buffer): Message;
}

const require = createRequire(import.meta.url);
const Factory = require("bitcore-p2p/lib/messages") as new () => Messages;
const messages = new Factory();

// It is read as U+FFFD, of which the low byte is written.
const withoutFd = (text: string): string => text.replaceAll("\xfd", "");

const differences: readonly Difference[] = [
  {
    commands: ["version"],
    what: "ends in front of `startHeight`",
    effect: "refuses",
    without: (message) =>
      message.type !== "version" || message.startHeight !== undefined
        ? message
        : changed(message, {
            addrFrom: message.addrFrom ?? message.addrRecv,
            nonce: message.nonce ?? 1n,
            userAgent: message.userAgent ?? "",
            startHeight: 0,
          }),
  },
  {
    commands: ["version"],
    what: "a `timestamp` beyond 32 bits",
    effect: "spoils",
    without: (message) =>
      message.type === "version" && BigInt.asUintN(32, message.timestamp) !== message.timestamp
        ? changed(message, { timestamp: 1_700_000_000n })
        : message,
  },
  {
    commands: ["version"],
    what: "no `relay`, or bytes of `userAgent` above 0x7f that are not 0xfd",
    effect: "rewrites",
    without: (message) => {
      if (message.type !== "version") return message;
      const { userAgent = "", relay } = message;
      if (relay !== undefined && isAscii(withoutFd(userAgent))) return message;
      return changed(message, {
        userAgent: isAscii(withoutFd(userAgent)) ? userAgent : "/test:1/",
        relay: relay ?? true,
      });
    },
  },
  {
    commands: ["headers"],
    what: "`transactionCount` that is not 0",
    effect: "refuses",
    without: (message) => {
      if (message.type !== "headers") return message;
      if (message.headers.every(({ transactionCount }) => transactionCount === undefined)) {
        return message;
      }
      const headers = message.headers.map(({ transactionCount: _count, ...header }) => header);
      return changed(message, { headers });
    },
  },
  {
    commands: ["reject"],
    what: "bytes above 0x7f in a text",
    effect: "rewrites",
    without: (message) =>
      message.type !== "reject" || isAscii(message.message + message.reason)
        ? message
        : changed(message, { message: "version", reason: "a reason" }),
  },
  {
    commands: ["filterload"],
    what: "no hash functions",
    effect: "refuses",
    without: (message) =>
      message.type === "filterload" && message.nHashFuncs === 0
        ? changed(message, { nHashFuncs: 1 })
        : message,
  },
];

export const bitcore: Rival = {
  name: "bitcore-p2p",
  commands: [
    "version",
    "verack",
    "ping",
    "pong",
    "block",
    "tx",
    "getdata",
    "headers",
    "notfound",
    "inv",
    "addr",
    "reject",
    "merkleblock",
    "filterload",
    "filteradd",
    "filterclear",
    "getblocks",
    "getheaders",
    "mempool",
    "getaddr",
  ],
  differences,
  read(command, payload): Reading {
    const message = messages._buildFromBuffer(command, Buffer.from(payload));
    return { bytes: message.getPayload(), fields: {} };
  },
};
