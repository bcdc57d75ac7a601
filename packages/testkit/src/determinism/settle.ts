// Waiting for what is ready to run, without a timer.

// Taken at import, so that a runner's fake timers do not stop it. Those of sinon (vitest, jest) mark what they fake
// with `clock`: where they were there before us the channel has to do, which nobody fakes.
const nativeImmediate = /* @__PURE__ */ unlessFaked(
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate,
);
const NativeChannel: typeof MessageChannel = globalThis.MessageChannel;

function unlessFaked<F extends object>(native: F | undefined): F | undefined {
  return native !== undefined && "clock" in native ? undefined : native;
}

/**
 * Lets everything run that is ready to: microtasks, and those they queue, for 16 turns of the event loop. In each turn
 * a memory pair makes up to 256 callbacks, and an actor system works for 2 ms. It waits for no timer, for no other
 * process and for no thread: not for real sockets, files or WebCrypto.
 *
 * Runners' fake timers do not stop it. They do stop memory pairs when they fake `queueMicrotask`, as jest's do:
 * `jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] })`.
 *
 * @param turns turns of the event loop, 1 or more
 * @throws RangeError if `turns` is no such number
 */
export async function settle(turns: number = 16): Promise<void> {
  checkTurns("turns", turns);
  await eventLoopTurns(turns);
}

/** The same for arguments that have been checked. */
export function eventLoopTurns(turns: number): Promise<void> {
  return new Promise((resolve) => {
    let left = turns;
    if (nativeImmediate !== undefined) {
      const immediate = nativeImmediate;
      const turn = (): void => {
        left -= 1;
        if (left === 0) resolve();
        else immediate(turn);
      };
      immediate(turn);
      return;
    }
    const { port1, port2 } = new NativeChannel();
    port1.onmessage = () => {
      left -= 1;
      if (left > 0) {
        port2.postMessage(undefined);
      } else {
        port1.close(); // an open port would keep a Node process alive
        resolve();
      }
    };
    port2.postMessage(undefined);
  });
}

/** @throws RangeError unless the number is a positive integer */
export function checkTurns(name: string, turns: number): void {
  if (!Number.isSafeInteger(turns) || turns < 1) {
    throw new RangeError(`${name} of ${turns} is not 1 or more`);
  }
}
