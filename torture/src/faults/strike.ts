import { setTimeout as sleep } from "node:timers/promises";
import { adminOf } from "../admin.ts";
import type { Crew } from "../crew.ts";
import type { Member } from "../fleet.ts";
import { nowMs } from "../monotonic.ts";
import type { WorkerProcess } from "../worker-process.ts";
import type { FaultKind } from "./kinds.ts";
import type { Strike } from "./schedule.ts";

/** A fault that struck. Times are monotonic, in ms. */
export interface Fault {
  readonly kind: FaultKind;
  /** "127.0.0.1:12345, 127.0.0.1:12346", "pid 4711" */
  readonly who: string;
  readonly from: number;
  readonly to: number;
  readonly jumpMs?: number;
}

export interface Scene {
  readonly members: readonly Member[];
  readonly crew: Crew;
  readonly signal: AbortSignal;
  /** Servers that something is done to at this moment. */
  readonly busy: Set<Member>;
}

/** How long a strike waits for a worker that holds a lock, in ms; then it takes any. */
const FIND_HOLDER_MS = 1_000;

/** Lets one strike happen, from its beginning to its end. `undefined` where another fault has its servers. */
export async function strike(plan: Strike, scene: Scene): Promise<Fault | undefined> {
  const { crew, busy, signal } = scene;
  const members = plan.servers.flatMap((place) => scene.members[place] ?? []);
  if (members.some((member) => busy.has(member))) return undefined;
  for (const member of members) busy.add(member);
  try {
    const worker = members.length === 0 ? await holder(crew) : undefined;
    signal.throwIfAborted();
    const from = nowMs();
    switch (plan.kind) {
      case "server-pause":
        for (const { server } of members) server.pause();
        await sleep(plan.lastsMs, undefined, { signal });
        for (const { server } of members) server.resume();
        break;
      // One after the other: a majority is never down at once, and forgets nevertheless what is held for so long.
      case "restart-empty":
        if (members.length > 1) await crew.nextAtWork(true, FIND_HOLDER_MS);
        for (const { server } of members) {
          await server.kill();
          await sleep(plan.lastsMs, undefined, { signal });
          await server.restart();
        }
        break;
      case "restart-aof":
        await Promise.all(members.map(({ server }) => server.kill()));
        await sleep(plan.lastsMs, undefined, { signal });
        await Promise.all(members.map(({ server }) => server.restart()));
        break;
      case "client-pause":
        worker?.pause();
        await sleep(plan.lastsMs, undefined, { signal });
        worker?.resume();
        break;
      case "client-kill":
        if (worker !== undefined) crew.replace(worker);
        break;
      case "clock-jump":
        for (const { clock } of members) clock?.set(plan.jumpMs);
        await sleep(plan.lastsMs, undefined, { signal });
        for (const { clock } of members) clock?.set(0);
        break;
      case "connection-drop":
        await Promise.all(members.map(({ server }) => cut(server.port)));
        break;
    }
    const servers = members.map(({ server }) => `127.0.0.1:${server.port}`).join(", ");
    const who = worker === undefined ? servers : `pid ${worker.pid}`;
    const fault = { kind: plan.kind, who, from, to: nowMs() };
    return plan.kind === "clock-jump" ? { ...fault, jumpMs: plan.jumpMs } : fault;
  } finally {
    for (const member of members) busy.delete(member);
  }
}

/** A worker in the middle of its work under a lock; any, where nobody comes to work. */
async function holder(crew: Crew): Promise<WorkerProcess | undefined> {
  const atWork = await crew.nextAtWork(false, FIND_HOLDER_MS);
  return atWork ?? crew.workers.find(({ alive, paused }) => alive && !paused);
}

/** Cuts every connection of clients, also those that are told of releases, whatever is under way on them. */
async function cut(port: number): Promise<void> {
  await using admin = await adminOf(port);
  await Promise.all([
    admin.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
    admin.redis.call("CLIENT", "KILL", "TYPE", "pubsub"),
  ]);
}
