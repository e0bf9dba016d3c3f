/**
 * Runs several callers in this process at the same time, and waits until all of them have ended.
 * @throws the error of the first caller that failed.
 */
export async function runCallers(callers: number, run: (caller: number) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(Array.from({ length: callers }, (_, caller) => run(caller)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
