// How many listen for a signal's abort: what Node tells, or what is seen from now on.

type Listener = EventListenerOrEventListenerObject;

interface NodeEvents {
  getEventListeners?: (target: EventTarget, type: string) => unknown[];
}

/** A function that counts the listeners for `abort` of a signal. Outside Node it counts those added from now on. */
export function abortListenerCount(signal: AbortSignal): () => number {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (id: string) => NodeEvents | undefined };
  };
  const list = process?.getBuiltinModule?.("node:events")?.getEventListeners;
  return list === undefined ? watchedListenerCount(signal) : () => list(signal, "abort").length;
}

/** Counts those that are added from now on, for which it puts functions of its own onto the signal. */
export function watchedListenerCount(signal: AbortSignal): () => number {
  // A listener may be there twice: for the capturing phase and for the other.
  const listening: [Map<Listener, { isOnce: boolean }>, Map<Listener, { isOnce: boolean }>] = [
    new Map(),
    new Map(),
  ];
  const group = (options: boolean | EventListenerOptions | undefined) =>
    listening[(typeof options === "object" ? options.capture : options) === true ? 1 : 0];
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  add("abort", () => {
    for (const listeners of listening) {
      for (const [listener, { isOnce }] of listeners) if (isOnce) listeners.delete(listener);
    }
  });
  signal.addEventListener = (
    type: string,
    listener: Listener | null,
    options?: boolean | AddEventListenerOptions,
  ): void => {
    add(type, listener as Listener, options);
    const { once = false, signal: until } = typeof options === "object" ? options : {};
    const listeners = group(options);
    if (type !== "abort" || listener === null || until?.aborted === true) return;
    if (listeners.has(listener)) return;
    listeners.set(listener, { isOnce: once });
    until?.addEventListener("abort", () => listeners.delete(listener), { once: true });
  };
  signal.removeEventListener = (
    type: string,
    listener: Listener | null,
    options?: boolean | EventListenerOptions,
  ): void => {
    remove(type, listener as Listener, options);
    if (type === "abort" && listener !== null) group(options).delete(listener);
  };
  return () => listening[0].size + listening[1].size;
}
