// A process that attaches locks. It reads one line of JSON for each on stdin: the description of a lock, or a command. It prints a
// line of JSON for each. argv: the ports of the servers.
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { type Lock, type LockDescription, Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const clients = process.argv.slice(2).map((port) => new Redis(Number(port)));
const redlock = new Redlock(clients, { ...FRESH, owner: "another process" });
let lock: Lock | undefined;

async function answer(line: string): Promise<unknown> {
  const order = JSON.parse(line) as LockDescription | "start" | "release" | "detach";
  if (order === "start") return process.pid;
  if (order === "release") return lock?.release();
  if (order === "detach") return lock?.detach();
  lock = await redlock.attach(order);
  return lock;
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(line).catch((error: unknown) => ({ error: String(error) }));
  console.log(JSON.stringify(result));
}
await redlock.close();
for (const client of clients) client.disconnect();
