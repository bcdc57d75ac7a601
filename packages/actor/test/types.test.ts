import {
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type AnyMessage,
  type Behavior,
  type DeferredReply,
  failure,
  type Handlers,
  handlers,
  type Member,
  type Message,
  type Outcome,
  type Receive,
  type ReplyOf,
  type ReplyTo,
  type ServiceKey,
  serviceKey,
  setup,
  type Spawnable,
  type Stashed,
  type TellRef,
} from "@satwire/actor";
import { describe, expect, expectTypeOf, test } from "vitest";

// The compiler checks this file (`pnpm types`): a `@ts-expect-error` above a line without an error is one. What
// must not run is inside functions that nobody calls.

interface Status {
  readonly connected: boolean;
}
interface GetStatus extends Message<Status> {
  readonly type: "getStatus";
}
interface GetName extends Message<string> {
  readonly type: "getName";
}
interface Close extends Message {
  readonly type: "close";
  readonly reason: string;
}
type PeerMessage = GetStatus | GetName | Close;

type Peer = ActorRef<PeerMessage>;
declare const peer: Peer;
declare const statusOnly: ActorRef<GetStatus>;
declare const context: ActorContext<PeerMessage>;

const peerTable: Handlers<PeerMessage> = {
  getStatus: () => ({ connected: true }),
  getName: () => "alice",
  close: () => {},
};

/** What is type-checked and must not run: it is made here, and called by nobody. */
const never = (unrun: () => unknown): void => {
  expectTypeOf(unrun).toBeFunction();
};

describe("refs", () => {
  test("a wrong message cannot be told or asked", () => {
    never(() => {
      void peer.tell({ type: "close", reason: "done" });
      // @ts-expect-error no message has this type
      void peer.tell({ type: "open" });
      // @ts-expect-error a field is missing
      void peer.tell({ type: "close" });
      // @ts-expect-error a field is of another type
      peer.tryTell({ type: "close", reason: 1 });
      // @ts-expect-error no message has this type
      void peer.ask({ type: "open" });
      // @ts-expect-error a field that the message does not have
      peer.tryTell({ type: "getName", loud: true });
    });
    expectTypeOf<Peer["tell"]>().parameter(0).toEqualTypeOf<PeerMessage>();
  });

  test("the reply of an ask follows from the literal", () => {
    never(async () => {
      expectTypeOf(await peer.ask({ type: "getStatus" })).toEqualTypeOf<Status>();
      expectTypeOf((await peer.ask({ type: "getStatus" })).connected).toBeBoolean();
      expectTypeOf(await peer.ask({ type: "getName" })).toBeString();
      expectTypeOf(await peer.ask({ type: "close", reason: "done" })).toBeVoid();
      const typed: GetName = { type: "getName" };
      expectTypeOf(await peer.ask(typed)).toBeString();
      // @ts-expect-error a status is no string
      const wrong: string = await peer.ask({ type: "getStatus" });
      // @ts-expect-error a void reply has nothing to offer
      const nothing = (await peer.ask({ type: "close", reason: "done" })).connected;
      return [wrong, nothing];
    });
  });

  test("an undefined that is part of a reply stays", () => {
    interface Find extends Message<string | undefined> {
      readonly type: "find";
    }
    interface Forget extends Message<undefined> {
      readonly type: "forget";
    }
    never(async () => {
      const ref = {} as ActorRef<Find | Forget | Close>;
      expectTypeOf(await ref.ask({ type: "find" })).toEqualTypeOf<string | undefined>();
      expectTypeOf(await ref.ask({ type: "forget" })).toEqualTypeOf<undefined>();
      expectTypeOf(await ref.ask({ type: "close", reason: "" })).toEqualTypeOf<void>();
    });
  });

  test("a message that is one of several has the replies of all", () => {
    never(async () => {
      const either = {} as GetStatus | GetName;
      expectTypeOf(await peer.ask(either)).toEqualTypeOf<Status | string>();
    });
  });

  test("a ref takes the place of one that takes less, not of one that takes more", () => {
    expectTypeOf<Peer>().toExtend<ActorRef<GetStatus>>();
    expectTypeOf<Peer>().toExtend<TellRef<GetStatus>>();
    expectTypeOf<Peer>().toExtend<TellRef<Close | GetName>>();
    expectTypeOf<Peer>().toExtend<ActorRef<never>>();
    never(() => {
      // @ts-expect-error it would be told what it does not take
      const wider: ActorRef<PeerMessage> = statusOnly;
      // @ts-expect-error the same for one that is told only
      const widerTold: TellRef<PeerMessage> = statusOnly;
      // @ts-expect-error nobody takes everything
      const any: TellRef<AnyMessage> = peer;
      // @ts-expect-error what can be told cannot be asked
      const asked: ActorRef<GetStatus> = statusOnly as TellRef<GetStatus>;
      return [wider, widerTold, any, asked];
    });
  });
});

describe("handlers", () => {
  test("a table is exhaustive", () => {
    expect(typeof handlers<PeerMessage>(peerTable)).toBe("function");
    never(() => {
      // @ts-expect-error no handler for close
      handlers<PeerMessage>({ getStatus: () => ({ connected: true }), getName: () => "alice" });
      handlers<PeerMessage>({
        ...peerTable,
        // @ts-expect-error a handler that no message has a use for
        open: () => {},
      });
    });
    expectTypeOf<keyof Handlers<PeerMessage>>().toEqualTypeOf<PeerMessage["type"]>();
  });

  test("a handler gives the reply that its message declares", () => {
    never(() => {
      // @ts-expect-error a number is no status
      handlers<PeerMessage>({ ...peerTable, getStatus: () => 1 });
      // @ts-expect-error a status without its field
      handlers<PeerMessage>({ ...peerTable, getStatus: () => ({}) });
      // @ts-expect-error nothing is no status
      handlers<PeerMessage>({ ...peerTable, getStatus: () => {} });
      // @ts-expect-error the same as a promise
      handlers<PeerMessage>({ ...peerTable, getStatus: () => Promise.resolve("yes") });
      // @ts-expect-error the same from an async function
      handlers<PeerMessage>({ ...peerTable, getName: async () => 1 });
    });
  });

  test("a handler knows its message and its context", () => {
    handlers<PeerMessage>({
      ...peerTable,
      close: (message, ctx) => {
        expectTypeOf(message).toEqualTypeOf<Close>();
        expectTypeOf(ctx).toEqualTypeOf<ActorContext<PeerMessage>>();
        expectTypeOf(ctx.self).toEqualTypeOf<ActorRef<PeerMessage>>();
        // @ts-expect-error the timer's message must be one of the actor's
        ctx.timers.once("later", 1, { type: "open" });
        ctx.timers.once("later", 1, { type: "close", reason: "late" });
        // @ts-expect-error so must what a promise is made to
        ctx.pipeToSelf(Promise.resolve(1), (value) => ({ type: "close", reason: value }));
        ctx.pipeToSelf(Promise.resolve("r"), (reason) => ({ type: "close", reason }));
        // @ts-expect-error and a watch
        ctx.watch(peer, ({ actorId }) => ({ type: "gone", actorId }));
        ctx.watch(peer, ({ actorId }) => ({ type: "close", reason: actorId }));
        ctx.become(handlers(peerTable));
        // @ts-expect-error the next behaviour must take the actor's messages
        ctx.become((next: GetName) => next.type);
      },
    });
  });

  test("stash, deferReply, failure and promises of them stand for any reply", () => {
    handlers<PeerMessage>({
      getStatus: (_message, ctx) => ctx.stash(),
      getName: (_message, ctx) => ctx.deferReply<string>(),
      close: (_message, ctx) => ctx.stash(),
    });
    handlers<PeerMessage>({
      ...peerTable,
      getStatus: () => failure(new Error("no")),
      getName: async (_message, ctx) => ctx.deferReply<string>(),
    });
    handlers<PeerMessage>({
      ...peerTable,
      getStatus: async () => ({ connected: false }),
      getName: (_message, ctx) => (ctx.children.length > 0 ? "alice" : ctx.stash()),
    });
    never(() => {
      // @ts-expect-error a promise of another reply
      handlers<PeerMessage>({ ...peerTable, getName: (_m, ctx) => ctx.deferReply<number>() });
      const later: DeferredReply<Status> = context.deferReply<Status>();
      later.resolve({ connected: true });
      // @ts-expect-error a name is no status
      later.resolve("alice");
    });
    expectTypeOf<ActorContext<PeerMessage>["stash"]>().returns.toEqualTypeOf<Stashed>();
  });

  test("a reply of void leaves the handler free", () => {
    expectTypeOf<Outcome<void>>().toBeUnknown();
    handlers<Close>({ close: () => 1 });
    handlers<Close>({ close: async () => {} });
    expectTypeOf<Outcome<Status>>().not.toBeUnknown();
  });
});

describe("behaviours", () => {
  test("a function gives one of the replies", () => {
    const receive: Receive<PeerMessage> = (message) => {
      switch (message.type) {
        case "getStatus":
          return { connected: true };
        case "getName":
          return "alice";
        case "close":
          expectTypeOf(message).toEqualTypeOf<Close>();
          return undefined;
      }
    };
    expect(typeof receive).toBe("function");
    never(() => {
      // @ts-expect-error no message has such a reply
      const wrong: Receive<GetStatus | GetName> = () => 1;
      return wrong;
    });
  });

  test("objects, setups and children are typed alike", async () => {
    await using system = new ActorSystem();
    const object: Behavior<PeerMessage> = {
      receive: handlers(peerTable),
      onStart: (ctx) => expectTypeOf(ctx).toEqualTypeOf<ActorContext<PeerMessage>>(),
    };
    const made = setup<PeerMessage>((ctx) => {
      const child = ctx.spawn<GetName>("child", () => "bob");
      expectTypeOf(child).toEqualTypeOf<ActorRef<GetName>>();
      return { ...object, receive: (message, inner) => object.receive(message, inner) };
    });
    expectTypeOf(system.spawn("object", object)).toEqualTypeOf<ActorRef<PeerMessage>>();
    expectTypeOf(system.spawn("made", made)).toEqualTypeOf<ActorRef<PeerMessage>>();
    never(() => {
      // @ts-expect-error such a behaviour takes less than what the ref would promise
      const promised: ActorRef<PeerMessage> = system.spawn("less", {} as Receive<GetName>);
      return promised;
    });
    never(() => {
      // Methods, which compilers compare loosely, too.
      const narrow = { receive(_message: Close): void {} };
      // @ts-expect-error it takes less than the messages of the ref
      const spawnable: Spawnable<Close | GetName> = narrow;
      // @ts-expect-error so does what is written there
      const written: Spawnable<Close | GetName> = { receive(_message: Close) {} };
      // @ts-expect-error and what setup creates
      const created = setup<Close | GetName>(() => ({ receive(_message: Close) {} }));
      return [spawnable, written, created];
    });
    expect(await system.spawn<GetName>("function", () => "carol").ask({ type: "getName" })).toBe(
      "carol",
    );
  });
});

describe("service keys", () => {
  test("keys of different messages are different types, both ways", () => {
    const wide = serviceKey<PeerMessage>("peer");
    const narrow = serviceKey<GetStatus>("peer");
    expectTypeOf(wide).toEqualTypeOf<ServiceKey<PeerMessage>>();
    never(() => {
      // @ts-expect-error what was found by it would be told more than it takes
      const widened: ServiceKey<PeerMessage> = narrow;
      // @ts-expect-error what was registered by it would take less than the others expect
      const narrowed: ServiceKey<GetStatus> = wide;
      return [widened, narrowed];
    });
  });

  test("a key types what is spawned, registered and found by it", () => {
    const key = serviceKey<PeerMessage>("peer", { types: ["getStatus", "getName", "close"] });
    never(async () => {
      const system = new ActorSystem();
      const table = handlers(peerTable);
      expectTypeOf(system.spawn("a", key, table)).toEqualTypeOf<ActorRef<PeerMessage>>();
      expectTypeOf(system.receptionist.find(key)).toEqualTypeOf<readonly ActorRef<PeerMessage>[]>();
      expectTypeOf(key.ref(system)).toEqualTypeOf<ActorRef<PeerMessage>>();
      expectTypeOf(await key.ref(system).ask({ type: "getName" })).toBeString();
      // @ts-expect-error no type of the service
      serviceKey<PeerMessage>("peer", { types: ["open"] });
      // @ts-expect-error it takes less than the service
      system.receptionist.register(key, statusOnly);
      // @ts-expect-error its behaviour takes less than the service
      key.spawn(system, "b", handlers<GetName>({ getName: () => "dave" }));
      // @ts-expect-error no message of the service
      await key.broadcast(system, { type: "open" });
    });
    // What the system itself needs of it is not for programs.
    const { receptionist } = new ActorSystem();
    expectTypeOf(receptionist).not.toHaveProperty("close");
    expectTypeOf(receptionist).not.toHaveProperty("forget");
    expectTypeOf(receptionist).not.toHaveProperty("listen");
    expect(key.name).toBe("peer");
  });
});

describe("messages", () => {
  class GetHeight implements Message<number> {
    readonly type = "getHeight";
  }

  test("may be objects of a class", async () => {
    await using system = new ActorSystem();
    const chain = system.spawn<GetHeight | Close>("chain", (message) =>
      message instanceof GetHeight ? 840_000 : undefined,
    );
    expect(await chain.ask(new GetHeight())).toBe(840_000);
  });

  // Messages of a wire say nothing of replies.
  interface ChannelUpdate {
    readonly type: "channel_update";
    readonly feeBaseMsat: number;
    readonly unknown?: readonly Uint8Array[];
  }
  interface Pong {
    readonly type: "pong";
    readonly ignored: Uint8Array;
  }

  test("may be plain objects of others, whose reply is unknown", async () => {
    expectTypeOf<ChannelUpdate>().toExtend<AnyMessage>();
    await using system = new ActorSystem();
    const seen: string[] = [];
    const sink = system.spawn<ChannelUpdate | Pong>(
      "sink",
      handlers<ChannelUpdate | Pong>({
        channel_update: ({ feeBaseMsat }) => seen.push(`fee ${feeBaseMsat}`),
        pong: ({ ignored }) => seen.push(`pong ${ignored.length}`),
      }),
    );
    const update: ChannelUpdate = { type: "channel_update", feeBaseMsat: 1000 };
    await sink.tell(update);
    const reply = await sink.ask({ type: "pong", ignored: new Uint8Array(3) });
    expectTypeOf(reply).toBeUnknown();
    expect(seen).toEqual(["fee 1000", "pong 3"]);
    expectTypeOf(sink).toExtend<TellRef<Pong>>();
    never(() => {
      // @ts-expect-error a field is missing
      sink.tryTell({ type: "channel_update" });
    });
  });

  test("are looked up by their type", () => {
    expectTypeOf<Member<PeerMessage, "close">>().toEqualTypeOf<Close>();
    expectTypeOf<Member<PeerMessage, "open">>().toBeNever();
    expectTypeOf<ReplyTo<PeerMessage, { type: "getName" }>>().toBeString();
    // What nobody has declared promises nothing.
    expectTypeOf<ReplyTo<PeerMessage, { type: "open" }>>().toBeUnknown();
    expectTypeOf<ReplyTo<AnyMessage, { type: "open" }>>().toBeUnknown();
    expectTypeOf<ReplyOf<GetStatus | GetName>>().toEqualTypeOf<Status | string>();
    expectTypeOf<Message<string>>().toExtend<AnyMessage>();
    expectTypeOf<Message<string>>().not.toExtend<Message<number>>();
  });
});
