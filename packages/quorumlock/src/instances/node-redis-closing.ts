/** The members of a node-redis client for a single server that this file uses. */
interface ClosableClient {
  destroy(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/**
 * Returns the function that closes a client of node-redis. Call this before `connect`.
 *
 * A client that is destroyed while it opens a socket does not know this socket. The socket would stay open, and version 5 can then
 * not close it any more. So the client is destroyed when the attempt has ended.
 */
export function closerOf(client: ClosableClient): () => void {
  let isDialing = true;
  let isClosed = false;
  const destroy = (): void => {
    try {
      client.destroy();
    } catch {
      // The client is already closed.
    }
  };
  const onDialed = (): void => {
    isDialing = false;
    if (isClosed) destroy();
  };
  client.on("reconnecting", () => (isDialing = true));
  client.on("connect", onDialed);
  client.on("error", onDialed);
  return () => {
    isClosed = true;
    if (!isDialing) destroy();
  };
}
