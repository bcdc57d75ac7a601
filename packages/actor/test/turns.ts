// Natives taken at import: a test runner's fake timers must not stop it.
const nativeImmediate = (globalThis as { setImmediate?: (run: () => void) => unknown })
  .setImmediate;
const NativeChannel = globalThis.MessageChannel;

/** Lets the event loop turn `n` times: all that needs no more than that has happened by then. */
export async function turns(n = 4): Promise<void> {
  for (let i = 0; i < n; i++) await macrotask();
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (nativeImmediate !== undefined) {
      nativeImmediate(resolve);
      return;
    }
    const { port1, port2 } = new NativeChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
