import { Redlock } from "quorumlock";

// Clients of ioredis or node-redis, or URLs. One entry for each independent server.
const redlock = new Redlock(["redis://127.0.0.1:22189", "redis://127.0.0.1:30716", "redis://127.0.0.1:26556"]);

// Only if the lock is free: no waiting.
const outcome = await redlock.tryUsing("nightly-job", () => "the report");
console.log(outcome.acquired ? `we made ${outcome.value}` : "another process makes it");

// Two names at once, all or nothing. Waits at most 2 s. A dead holder keeps the names for 5 s (ttl).
const lock = await redlock.acquire(["user:1", "user:2"], { wait: 2_000, ttl: 5_000 });
try {
  console.log(`${lock.names.join(" and ")} are ours`);
} finally {
  await lock.release();
}

// The same without `finally`, in TypeScript and in Node 24: released at the end of the block.
{
  await using order = await redlock.acquire("order:42");
  console.log(`order 42 is ours: ${order.isHeld}`);
}

await redlock.close();

