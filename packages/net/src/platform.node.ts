/** What `#platform` is in Node. Must export the same names with the same types as `platform.ts`. */
export { defaultDialer, tcpDialer } from "./tcp-dialer.ts";
export { listenTcp } from "./tcp-listener.ts";
