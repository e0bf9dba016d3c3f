/**
 * Runs `work` with a signal that aborts after `limitMs`, or as soon as `signal` aborts.
 *
 * `AbortSignal.any([signal, AbortSignal.timeout(limitMs)])` would be shorter. But nothing keeps its parts from being garbage
 * collected, and then the limit never ends the request (nodejs/node#57736, seen with Node 20).
 */
export async function withTimeLimit<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${limitMs} ms`)), limitMs);
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
