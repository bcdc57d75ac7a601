/** bcoin 1.0.2, in JavaScript: its native parts are not built. */
import { createRequire } from "node:module";

process.env["NODE_BACKEND"] = "js"; // what it reads when it is loaded
const require = createRequire(import.meta.url);

const modules = {
  "net/packets": (): unknown => require("bcoin/lib/net/packets"),
  "net/parser": (): unknown => require("bcoin/lib/net/parser"),
  "net/framer": (): unknown => require("bcoin/lib/net/framer"),
  "net/netaddress": (): unknown => require("bcoin/lib/net/netaddress"),
} as const;

/** A module of bcoin. It has no types: who loads it says which. */
export function loadBcoin(path: keyof typeof modules): unknown {
  return modules[path]();
}
