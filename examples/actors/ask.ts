// Asking: the reply's type follows from the message, and every way in which no reply comes has a code.
import {
  ActorError,
  ActorSystem,
  type DeferredReply,
  failure,
  handlers,
  type Message,
  setup,
} from "@satwire/actor";

interface Lookup extends Message<string> {
  readonly type: "lookup";
  readonly host: string;
}
interface Resolved extends Message {
  readonly type: "resolved";
  readonly host: string;
  readonly address: string;
}

/** Answers later, and takes other messages in the meantime. */
const resolver = setup<Lookup | Resolved>(() => {
  const waiting = new Map<string, DeferredReply<string>>();
  return handlers<Lookup | Resolved>({
    lookup: ({ host }, context) => {
      if (host === "") return failure(new RangeError("no host was named"));
      const reply = context.deferReply<string>();
      waiting.set(host, reply);
      return reply;
    },
    resolved: ({ host, address }) => {
      waiting.get(host)?.resolve(address);
      waiting.delete(host);
    },
  });
});

await using system = new ActorSystem();
const ref = system.spawn("resolver", resolver);

const address = ref.ask({ type: "lookup", host: "node.example" });
ref.tryTell({ type: "resolved", host: "node.example", address: "192.0.2.1" });
console.log("address:", (await address).toUpperCase()); // a string, as Lookup says

const outcome = (asked: Promise<string>): Promise<string> =>
  asked.catch((error: unknown) => (error instanceof ActorError ? error.code : String(error)));

console.log("said no:", await outcome(ref.ask({ type: "lookup", host: "" })));
console.log(
  "too late:",
  await outcome(ref.ask({ type: "lookup", host: "slow.example" }, { timeoutMs: 10 })),
);

const controller = new AbortController();
const given = ref.ask({ type: "lookup", host: "any.example" }, { signal: controller.signal });
controller.abort();
console.log("given up:", await outcome(given));

const open = ref.ask({ type: "lookup", host: "never.example" });
await system.stop(ref);
console.log("stopped:", await outcome(open));

// Prints:
// address: 192.0.2.1
// said no: RangeError: no host was named
// too late: ask_timeout
// given up: aborted
// stopped: actor_terminated
