import { Redlock } from "quorumlock";

const redlock = new Redlock(["redis://127.0.0.1:22189", "redis://127.0.0.1:30716", "redis://127.0.0.1:26556"]);

const total = await redlock.using("order:42", async (lock, signal) => {
  console.log("order 42 is ours");
  await new Promise((resolve) => setTimeout(resolve, 3_000)); // the work
  signal.throwIfAborted(); // stop here if the lock was lost
  return 99;
});

console.log(`done: ${total}`);
await redlock.close();

