/** Resolves after `count` turns of the event loop. Each turn reads the sockets. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Resolves when `condition` is true. Rejects with `what` after `limitMs`, which is much longer than expected. `pauseMs`: between two looks.
 * With a longer one, the looks do not take the machine from those for whom the test waits.
 */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 60_000,
  pauseMs = 2,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** `eventually` for tests of many processes, which need the machine themselves. */
export function patiently(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 150_000,
): Promise<void> {
  return eventually(what, condition, limitMs, 25);
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** The reason with which a promise rejects. Throws if it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}

/** A promise that the test settles. Node 20 has no `Promise.withResolvers`. */
export function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
