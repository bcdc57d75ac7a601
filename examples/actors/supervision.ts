// A worker that fails is started anew, after a wait that grows, and given up when that does not help.
import { ActorSystem, Backoff, handlers, type Message, setup } from "@satwire/actor";

interface Connect extends Message<number> {
  readonly type: "connect";
  readonly works: boolean;
}
interface WorkerGone extends Message {
  readonly type: "workerGone";
  readonly because: string;
}
interface GetNews extends Message<string> {
  readonly type: "getNews";
}

const worker = setup<Connect>(() => {
  let attempts = 0; // begins at 0 in each life
  return ({ works }) => {
    attempts++;
    if (!works) throw new Error(`no connection at attempt ${attempts}`);
    return attempts;
  };
});

await using system = new ActorSystem();
const watching = system.events();

const parent = setup<Connect | WorkerGone | GetNews>((context) => {
  let news = "all is well";
  const child = context.spawn<Connect>("worker", worker, {
    supervision: {
      directive: (error) => (error instanceof TypeError ? "escalate" : "restart"),
      maxRestarts: 2,
      withinMs: 60_000,
      backoff: () => new Backoff({ initialMs: 1, maxMs: 10 }),
    },
  });
  context.watch(child, ({ error }) => ({ type: "workerGone", because: String(error) }));
  return handlers<Connect | WorkerGone | GetNews>({
    connect: (message) => child.ask(message),
    workerGone: ({ because }) => {
      news = because;
    },
    getNews: () => news,
  });
});

const ref = system.spawn("parent", parent, { supervision: { directive: "resume" } });
console.log("attempts:", await ref.ask({ type: "connect", works: true }));
for (const _try of [1, 2, 3]) {
  await ref
    .ask({ type: "connect", works: false })
    .catch((error: unknown) => console.log("failed:", String(error)));
}

for await (const event of watching) {
  if (event.actorId !== "parent/worker") continue;
  if (event.type === "error") console.log("directive:", event.directive);
  else console.log("event:", event.type);
  if (event.type === "terminated") break;
}
console.log("the parent has heard:", await ref.ask({ type: "getNews" }));

// Prints:
// attempts: 1
// failed: Error: no connection at attempt 2
// failed: Error: no connection at attempt 1
// failed: Error: no connection at attempt 1
// event: spawned
// directive: restart
// event: restarted
// directive: restart
// event: restarted
// directive: stop
// event: terminated
// the parent has heard: Error: no connection at attempt 1
