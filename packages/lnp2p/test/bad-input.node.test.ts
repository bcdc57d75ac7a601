// The same over real sockets.
import { defaultDialer, listenTcp, parseHostPort } from "@satwire/net";
import { describeBadInput } from "./bad-input.suite.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });

describeBadInput(
  "TCP",
  () => ({
    dialer: defaultDialer,
    listen: (_address, onStream, options) => listenTcp(anyPort, onStream, options),
  }),
  { withReset: false }, // what a reset finds unread in the system's buffers is gone
);
