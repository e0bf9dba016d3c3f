import { setTimeout as sleep } from "node:timers/promises";
import { nowMs } from "../monotonic.ts";
import type { WorkerProcess } from "../processes/worker-process.ts";
import type { WorkerProcesses } from "../processes/worker-processes.ts";
import { connectAdmin } from "../servers/admin-connection.ts";
import type { TestServer } from "../servers/test-servers.ts";
import type { MemoryLosses } from "./memory-losses.ts";
import type { FaultKind } from "./phases.ts";
import type { PlannedFault } from "./schedule.ts";

/** A fault that was injected. Times are monotonic, in ms. */
export interface Fault {
  readonly kind: FaultKind;
  /** "127.0.0.1:12345, 127.0.0.1:12346", or "pid 4711". */
  readonly target: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly jumpMs?: number;
}

export interface FaultContext {
  readonly servers: readonly TestServer[];
  readonly processes: WorkerProcesses;
  readonly signal: AbortSignal;
  /** Servers that a fault currently affects. A second fault does not touch them. */
  readonly faultyServers: Set<TestServer>;
  /** The servers that lost their memory lately. */
  readonly losses: MemoryLosses;
}

/** How long to wait for a holder, in ms. After that the fault hits any worker process. */
const FIND_HOLDER_TIMEOUT_MS = 1_000;

/**
 * Injects one fault and waits for its end. Returns `undefined` without a fault if another fault affects one of its servers,
 * or if too many servers would lose their memory within a short time.
 */
export async function injectFault(plan: PlannedFault, context: FaultContext): Promise<Fault | undefined> {
  const { processes, faultyServers, losses, signal } = context;
  const targets = plan.servers.flatMap((index) => context.servers[index] ?? []);
  if (targets.some((target) => faultyServers.has(target))) return undefined;
  if (!losses.allows(plan, nowMs())) return undefined;
  losses.begin(plan);
  for (const target of targets) faultyServers.add(target);
  try {
    const process = targets.length === 0 ? await findHolder(processes) : undefined;
    signal.throwIfAborted();
    const startedAt = nowMs();
    switch (plan.kind) {
      case "server-pause":
        for (const { server } of targets) server.pause();
        await sleep(plan.durationMs, undefined, { signal });
        for (const { server } of targets) server.resume();
        break;
      // One server at a time: a majority stays up, but within one long hold a majority loses the lock.
      case "restart-empty":
        if (targets.length > 1) await processes.nextHolder({ isLongHold: true }, FIND_HOLDER_TIMEOUT_MS);
        for (const { server } of targets) {
          await server.kill();
          await sleep(plan.durationMs, undefined, { signal });
          await server.restart();
        }
        break;
      case "restart-snapshot": {
        const save = async ({ server, snapshot }: TestServer): Promise<void> => {
          if (snapshot?.exists !== true || !plan.keepsSnapshot) await snapshot?.save(server);
        };
        await Promise.all(targets.map(save));
        await sleep(plan.durationMs, undefined, { signal });
        if (targets.length > 1) await processes.nextHolder({ isLongHold: true }, FIND_HOLDER_TIMEOUT_MS);
        for (const { server, snapshot } of targets) {
          signal.throwIfAborted();
          await snapshot?.restart(server);
        }
        break;
      }
      case "restart-aof":
        await Promise.all(targets.map(({ server }) => server.kill()));
        await sleep(plan.durationMs, undefined, { signal });
        await Promise.all(targets.map(({ server }) => server.restart()));
        break;
      case "flush":
        for (const { server } of targets) {
          await flushAll(server.port);
          await sleep(plan.durationMs, undefined, { signal });
        }
        break;
      case "client-pause":
        process?.pause();
        await sleep(plan.durationMs, undefined, { signal });
        process?.resume();
        break;
      case "client-kill":
        if (process !== undefined) processes.replace(process);
        break;
      case "clock-jump":
        for (const { clock } of targets) clock?.setOffset(plan.jumpMs);
        await sleep(plan.durationMs, undefined, { signal });
        for (const { clock } of targets) clock?.setOffset(0);
        break;
      case "connection-drop":
        await Promise.all(targets.map(({ server }) => dropConnections(server.port)));
        break;
    }
    const addresses = targets.map(({ server }) => `127.0.0.1:${server.port}`).join(", ");
    const target = process === undefined ? addresses : `pid ${process.pid}`;
    const fault = { kind: plan.kind, target, startedAt, endedAt: nowMs() };
    return plan.kind === "clock-jump" ? { ...fault, jumpMs: plan.jumpMs } : fault;
  } finally {
    losses.end(plan, nowMs());
    for (const target of targets) faultyServers.delete(target);
  }
}

/** Finds a process that holds a lock. If none does in time, returns any process that runs. */
async function findHolder(processes: WorkerProcesses): Promise<WorkerProcess | undefined> {
  const holder = await processes.nextHolder({ isLongHold: false }, FIND_HOLDER_TIMEOUT_MS);
  return holder ?? processes.all.find(({ isAlive, isPaused }) => isAlive && !isPaused);
}

/** Deletes all keys, also in the append-only file. */
async function flushAll(port: number): Promise<void> {
  await using admin = await connectAdmin(port);
  await admin.redis.flushall();
}

/** Closes every client connection, also the subscribed ones, with all requests that are in flight. */
async function dropConnections(port: number): Promise<void> {
  await using admin = await connectAdmin(port);
  await Promise.all([
    admin.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
    admin.redis.call("CLIENT", "KILL", "TYPE", "pubsub"),
  ]);
}
