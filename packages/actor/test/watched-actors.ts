import {
  ActorError,
  type ActorContext,
  type ActorEvent,
  type ActorRef,
  ActorSystem,
  type Behavior,
  failure,
} from "@satwire/actor";
import { type ActorPlan, type Job, optionsOf, type Sending } from "./actor-plan.ts";
import type { ChosenOrder } from "./chosen-order.ts";
import { ManualClock } from "./manual-clock.ts";

/** What became of one message. */
interface Fate {
  readonly job: Job;
  readonly actorId: string;
  readonly verb: Sending["verb"];
  isEnqueued: boolean;
  /** Handled to its end, that is, not put aside. */
  finished: number;
  /** Reasons of its dead letters. */
  letters: string[];
  /** What the sender was told: "accepted", a reply, or the code or text of an error. */
  word: string | { readonly reply: number } | undefined;
}

/** Actors that are watched over: each broken promise of the package becomes a line in `faults`. */
export class WatchedActors {
  readonly faults: string[] = [];
  readonly system: ActorSystem;
  readonly clock: ManualClock = new ManualClock();
  readonly refs: ActorRef<Job>[];
  readonly #order: ChosenOrder;
  readonly #plans: readonly ActorPlan[];
  readonly #fates = new Map<number, Fate>();
  readonly #busy = new Map<string, number>();
  readonly #ended = new Set<string>();
  readonly #over = new Set<string>();
  /** The messages that each actor took in, and those that it began with, in order. */
  readonly #enqueued = new Map<string, number[]>();
  readonly #begun = new Map<string, number[]>();
  /** What each actor has put aside, and what it has taken up again, oldest first. */
  readonly #aside = new Map<string, number[]>();
  readonly #again = new Map<string, number[]>();
  #controller = new AbortController();
  #nextId = 1;
  #droppedEvents = 0;

  constructor(order: ChosenOrder, plans: readonly ActorPlan[]) {
    this.#order = order;
    this.#plans = plans;
    this.system = new ActorSystem({
      scheduler: order,
      clock: this.clock,
      deadLetterDrops: true,
      instrumentation: {
        onEnqueue: (actorId, message, waiting) => this.#onEnqueue(actorId, message as Job, waiting),
        onEvent: (event) => this.#onEvent(event),
      },
    });
    this.refs = plans.map((plan, i) =>
      this.system.spawn(`a${i}`, this.#behavior(), optionsOf(plan)),
    );
  }

  send(sender: string, { verb, actor, deed, isBound, timeoutMs }: Sending): Promise<unknown> {
    const ref = this.refs[actor % this.refs.length] as ActorRef<Job>;
    const job: Job = { type: "job", id: this.#nextId++, sender, deed };
    return this.#send(ref, verb, job, isBound ? this.#controller.signal : undefined, timeoutMs);
  }

  abort(): void {
    this.#controller.abort(new Error("enough"));
    this.#controller = new AbortController();
  }

  stop(actor: number): void {
    const ref = this.refs[actor % this.refs.length] as ActorRef<Job>;
    this.#ended.add(ref.id);
    void this.system.stop(ref);
  }

  /** What holds at any time. */
  check(): void {
    for (const { actorId, waiting } of this.system.actors) {
      const plan = this.#plans[Number(actorId.slice(1))] as ActorPlan;
      if (waiting > plan.mailbox.capacity) this.#fault(`${actorId} holds ${waiting}`);
    }
  }

  /** What holds when nothing is under way: who could go on has gone on. */
  checkIdle(): void {
    this.check();
    for (const { actorId, state, isBusy, waiting } of this.system.actors) {
      if (state === "running" && !isBusy && waiting > 0)
        this.#fault(`${actorId} sleeps, with ${waiting} waiting`);
      if (state === "running" && !isBusy && listOf(this.#again, actorId).length > 0)
        this.#fault(`${actorId} sleeps, with some taken up again`);
      if (state === "stopping" && !isBusy) this.#fault(`${actorId} does not end`);
    }
    for (const { job, actorId, isEnqueued, finished, word } of this.#fates.values()) {
      if (word !== undefined) continue;
      if (finished > 0 && job.deed !== "keepReply")
        this.#fault(`${job.id} (${job.deed}) was handled, and nobody was told`);
      const { waiting } = this.system.actors.find((info) => info.actorId === actorId) ?? {};
      const { capacity } = (this.#plans[Number(actorId.slice(1))] as ActorPlan).mailbox;
      if (!isEnqueued && waiting !== capacity)
        this.#fault(`the sender of ${job.id} waits for room that is there`);
    }
  }

  /** Shuts down and checks what holds in the end. */
  async end(): Promise<readonly string[]> {
    let isOver = false;
    for (const { id } of this.refs) this.#ended.add(id);
    void this.system.shutdown().then(() => {
      isOver = true;
    });
    await this.#order.untilIdle();
    if (!isOver) this.#fault(`no end: ${this.system.actors.map(({ actorId }) => actorId).join()}`);
    for (const [i] of this.refs.entries()) {
      const late = { actor: i, deed: "reply", isBound: false } as const;
      void this.send("late", { ...late, verb: "tell" });
      void this.send("late", { ...late, verb: "tryTell" });
      void this.send("late", { ...late, verb: "ask" });
    }
    await this.#order.untilIdle();
    const { recent, total } = this.system.deadLetters;
    if (recent.length !== total) this.#fault(`${total - recent.length} dead letters were not kept`);
    for (const { reason, message } of recent)
      this.#fates.get((message as Job).id)?.letters.push(reason);
    for (const fate of this.#fates.values()) this.#checkFate(fate);
    for (const [actorId, enqueued] of this.#enqueued) this.#checkOrder(actorId, enqueued);
    const timers = this.clock.pendingMs.length;
    if (timers > 0) this.#fault(`${timers} timers are left`);
    if (this.#droppedEvents !== this.system.stats.dropped)
      this.#fault("dropped events are missing");
    return this.faults;
  }

  #send(
    ref: ActorRef<Job>,
    verb: Sending["verb"],
    job: Job,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
  ): Promise<unknown> {
    const fate: Fate = {
      job,
      actorId: ref.id,
      verb,
      isEnqueued: false,
      finished: 0,
      letters: [],
      word: undefined,
    };
    this.#fates.set(job.id, fate);
    if (verb === "tryTell") {
      fate.word = ref.tryTell(job) ? "accepted" : "refused";
      return Promise.resolve();
    }
    const sent: Promise<unknown> =
      verb === "ask" ? ref.ask(job, { signal, timeoutMs }) : ref.tell(job, { signal });
    return sent.then(
      (reply) => {
        if (fate.word !== undefined) this.#fault(`${job.id} settled twice`);
        fate.word = verb === "ask" ? { reply: reply as number } : "accepted";
      },
      (error: unknown) => {
        fate.word = error instanceof ActorError ? error.code : String((error as Error).message);
      },
    );
  }

  #behavior(): Behavior<Job> {
    return {
      receive: (job, context) => this.#receive(job, context),
      onStart: (context) => this.#hook(context.self.id, "onStart"),
      onRestart: (_error, context) => this.#hook(context.self.id, "onRestart"),
      onStop: async (context) => {
        const { id } = context.self;
        await this.#hook(id, "onStop");
        if (this.#over.has(id)) this.#fault(`${id} stopped twice`);
        this.#over.add(id);
      },
    };
  }

  async #hook(actorId: string, name: string): Promise<void> {
    this.#enter(actorId, name);
    await this.#order.pause(`${actorId}.${name}`);
    this.#leave(actorId);
  }

  #receive(job: Job, context: ActorContext<Job>): ReturnType<Behavior<Job>["receive"]> {
    const { id: actorId } = context.self;
    if (this.#ended.has(actorId)) this.#fault(`${actorId} began ${job.id} after its stop`);
    const begun = listOf(this.#begun, actorId);
    begun.push(job.id);
    const again = listOf(this.#again, actorId);
    const isPiped = !this.#fates.has(job.id);
    if (again.length > 0 && !isPiped && again.shift() !== job.id)
      this.#fault(`${actorId} began ${job.id} before what it had taken up again`);
    this.#enter(actorId, `job ${job.id}`);
    let isLater = false;
    const leave = (): void => {
      this.#leave(actorId);
      this.#finish(job);
    };
    try {
      if (job.deed === "stash" && begun.indexOf(job.id) === begun.length - 1) {
        const stashed = context.stash();
        listOf(this.#aside, actorId).push(job.id);
        this.#leave(actorId);
        isLater = true;
        return stashed;
      }
      const done = this.#act(job, context);
      if (!(done instanceof Promise)) return done as number;
      isLater = true;
      return done.finally(leave) as Promise<number>;
    } finally {
      if (!isLater) leave();
    }
  }

  #act(job: Job, context: ActorContext<Job>): unknown {
    const { id, deed } = job;
    const label = `${context.self.id} ${deed} ${id}`;
    const pause = (): Promise<void> => this.#order.pause(label);
    switch (deed) {
      case "reply":
      case "stash":
        return id;
      case "replyLater":
        return pause().then(() => id);
      case "deferReply": {
        const later = context.deferReply<number>();
        void pause().then(() => later.resolve(id));
        return later;
      }
      case "fail":
        return failure(new Error(`failed ${id}`));
      case "throw":
        throw new Error(`failed ${id}`);
      case "rejectLater":
        return pause().then(() => {
          throw new Error(`failed ${id}`);
        });
      case "keepReply":
        return context.deferReply<number>();
      case "unstash": {
        const aside = listOf(this.#aside, context.self.id).splice(0);
        if (context.unstashAll() !== aside.length) this.#fault(`not ${aside.length} were aside`);
        listOf(this.#again, context.self.id).unshift(...aside);
        return id;
      }
      case "pipeToSelf": {
        const piped: Job = { type: "job", id: this.#nextId++, sender: "", deed: "replyLater" };
        context.pipeToSelf(pause(), () => piped);
        return id;
      }
      case "tellOther":
      case "askOther": {
        const verb = deed === "askOther" ? "ask" : "tell";
        const other = this.refs[id % this.refs.length] as ActorRef<Job>;
        const next: Job = {
          type: "job",
          id: this.#nextId++,
          sender: context.self.id,
          deed: "reply",
        };
        // Without the signal, a circle of askers would never end.
        const { signal } = context;
        const send = (): Promise<unknown> => this.#send(other, verb, next, signal, undefined);
        return (id % 2 === 0 ? send() : pause().then(send)).then(() => id);
      }
      case "stop":
        this.#ended.add(context.self.id);
        context.stop();
        return pause().then(() => id);
    }
  }

  #enter(actorId: string, what: string): void {
    const inside = (this.#busy.get(actorId) ?? 0) + 1;
    this.#busy.set(actorId, inside);
    if (inside > 1) this.#fault(`${what} began within another turn of ${actorId}`);
    if (this.#over.has(actorId)) this.#fault(`${what} began after the end of ${actorId}`);
  }

  #leave(actorId: string): void {
    this.#busy.set(actorId, (this.#busy.get(actorId) ?? 0) - 1);
  }

  #finish(job: Job): void {
    const fate = this.#fates.get(job.id);
    if (fate !== undefined) fate.finished++;
  }

  #onEnqueue(actorId: string, job: Job, waiting: number): void {
    const { capacity } = (this.#plans[Number(actorId.slice(1))] as ActorPlan).mailbox;
    if (waiting > capacity) this.#fault(`${actorId} took in ${job.id} as number ${waiting}`);
    const fate = this.#fates.get(job.id) as Fate;
    if (fate.isEnqueued) this.#fault(`${job.id} was taken in twice`);
    if (this.#ended.has(actorId)) this.#fault(`${actorId} took in ${job.id} after its stop`);
    fate.isEnqueued = true;
    listOf(this.#enqueued, actorId).push(job.id);
  }

  #onEvent(event: ActorEvent): void {
    if (event.type === "dropped") this.#droppedEvents++;
    if (event.type !== "error") return;
    if (event.directive === "stop") this.#ended.add(event.actorId);
    if (event.directive !== "restart") return;
    this.#aside.delete(event.actorId);
    this.#again.delete(event.actorId);
  }

  /** Each message has one end, and its sender the word that belongs to it. */
  #checkFate({ job, verb, isEnqueued, finished, letters, word }: Fate): void {
    const ends = [...Array.from<string>({ length: finished }).fill("handled"), ...letters];
    const told = typeof word === "object" ? `reply ${word.reply}` : (word ?? "nothing");
    const about = `${verb} ${job.id} (${job.deed}) was told ${told}, ends: ${ends.join()}`;
    if (word === undefined) this.#fault(`never settled: ${about}`);
    if (typeof word === "object" && told !== `reply ${job.id}`)
      this.#fault(`not its reply: ${about}`);
    if (isEnqueued) {
      if (ends.length !== 1) this.#fault(`not one end: ${about}`);
      const refusals: Fate["word"][] = ["refused", "mailbox_full", "actor_terminated"];
      if (verb !== "ask" && word !== "accepted") this.#fault(`taken in all the same: ${about}`);
      if (verb === "ask" && finished === 1 && refusals.includes(word) && !isLate(job.deed))
        this.#fault(`handled all the same: ${about}`);
      return;
    }
    // Not taken in: nobody may have seen it, and a dead letter says so where there is a reason to.
    const expected =
      word === "actor_terminated"
        ? ["stopped"]
        : word === "message_dropped"
          ? ["dropped"]
          : word === "refused" && ends.length > 0 && ends[0] !== "handled"
            ? [ends[0]]
            : [];
    if (ends.join() !== expected.join()) this.#fault(`not taken in, but: ${about}`);
    if (word === "accepted" || typeof word === "object") this.#fault(`not taken in: ${about}`);
  }

  /** First come, first begun; and each sender's messages come in the order they were sent. */
  #checkOrder(actorId: string, enqueued: readonly number[]): void {
    const own = new Set(enqueued);
    const begun = [...new Set(this.#begun.get(actorId))].filter((id) => own.has(id));
    const place = new Map(enqueued.map((id, i) => [id, i]));
    if (!isRising(begun.map((id) => place.get(id) as number)))
      this.#fault(`${actorId} took in ${enqueued.join()} and began with ${begun.join()}`);
    const senderOf = (id: number): string | undefined => this.#fates.get(id)?.job.sender;
    for (const sender of new Set(enqueued.map(senderOf))) {
      const ids = enqueued.filter((id) => senderOf(id) === sender);
      if (!isRising(ids)) this.#fault(`${actorId} took in ${ids.join()} of ${sender}`);
    }
  }

  #fault(text: string): void {
    this.faults.push(text);
  }
}

function listOf(lists: Map<string, number[]>, actorId: string): number[] {
  const list = lists.get(actorId) ?? [];
  lists.set(actorId, list);
  return list;
}

/** May the sender have been told that the actor ended, although its message was handled? */
function isLate(deed: Job["deed"]): boolean {
  return deed === "deferReply" || deed === "keepReply" || deed === "stop";
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((n, i) => i === 0 || n > (numbers[i - 1] as number));
}
