/** The part of a request of the client that can be interrupted. */
interface Interruptible {
  setSignal?(signal: AbortSignal): void;
}

/** Options of the client that interrupt the request when the signal aborts. They are added to the settings of the client. */
export function optionsWith(signal: AbortSignal): object {
  const settled = <T>(value: T) => ({ toPromise: () => Promise.resolve(value) });
  const middleware = {
    pre(request: Interruptible) {
      request.setSignal?.(signal);
      return settled(request);
    },
    post: settled,
  };
  return { middleware: [middleware], middlewareMergeStrategy: "append" };
}
