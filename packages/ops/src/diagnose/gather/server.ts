import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import type { InstanceHealth } from "quorumlock";
import type { ConnectedServer } from "../../cli/connect.ts";
import { addressOf, callNode, keyNodesOf, mastersOf } from "../../cli/server-call.ts";
import { parseServerInfo } from "../../monitor/servers/server-info.ts";
import type { MissingRight, NodeFacts, ServerFacts, SlowCommand } from "../facts.ts";
import { missingRights, RIGHTS_SCRIPT, wordsOfCommands } from "../rights.ts";
import { shellQuote } from "../shell-quote.ts";
import { contactOf } from "./contact.ts";

/** How many replies show the latency. They are sent one after another. */
const PINGS = 20;
const PINGS_MS = 1_000;
const SLOWLOG_ENTRIES = 64;
const SLOWLOG_WINDOW_MS = 600_000;

export interface ServerGatherOptions {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks one server about itself. A question that is refused or not answered leaves its fact `undefined`. */
export async function gatherServer(
  server: ConnectedServer,
  health: InstanceHealth | undefined,
  options: ServerGatherOptions,
): Promise<ServerFacts> {
  const { label, settings } = server;
  const connected = await contactOf(server, options.timeoutMs);
  const connections = connected.state === "connected" ? keyNodesOf(server) : [];
  const masters = connected.state === "connected" ? mastersOf(server) : [];
  const found = await Promise.all(
    connections.map((node) => gatherNode(node, placeOf(server, node), options)),
  );
  const nodes = found.filter((node) => node !== undefined);
  const answered = new Set(
    connections.flatMap((node, index) => (found[index] === undefined ? [] : addressOf(node))),
  );
  // The client gives up a node that is away, and tries it again: it can be missing among the connections.
  const silent = [...new Set([...masters, ...connections.map(addressOf)])].filter(
    (each) => !answered.has(each),
  );
  const isSilent = connected.state === "connected" && nodes.length === 0;
  return {
    label,
    user: settings.username ?? "default",
    isCluster: settings.isCluster,
    contact: isSilent ? { state: "silent", message: `no reply in ${options.timeoutMs} ms` } : connected,
    health,
    nodes,
    silentNodes: isSilent ? [] : silent.map((address) => nodeLabel(label, address)),
  };
}

/** What a node is called, and how `redis-cli` reaches it. */
type NodePlace = Pick<NodeFacts, "label" | "cli">;

function placeOf({ label, settings }: ConnectedServer, node: Redis): NodePlace {
  const { options } = node;
  const { hostname, port, protocol } = new URL(settings.url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const cli = (at: string, on: string | number): string =>
    `redis-cli -h ${shellQuote(at)} -p ${on}${protocol === "rediss:" ? " --tls" : ""}`;
  if (!settings.isCluster) return { label, cli: cli(host, port || "6379") };
  return { label: nodeLabel(label, addressOf(node)), cli: cli(options.host ?? "", options.port ?? "") };
}

function nodeLabel(label: string, address: string): string {
  return `${label} (node ${address})`;
}

/** `undefined` if the node does not answer. After a question without an answer it is asked no more. */
async function gatherNode(
  node: Redis,
  place: NodePlace,
  options: ServerGatherOptions,
): Promise<NodeFacts | undefined> {
  let hasFailed = false;
  const ask = async (...command: [string, ...string[]]): Promise<unknown> => {
    if (hasFailed) return undefined;
    const reply = await callNode(node, options.timeoutMs, command).catch(() => {
      hasFailed = true;
    });
    return reply instanceof Error ? undefined : reply;
  };
  const info = await ask("INFO");
  const fsync = await ask("CONFIG", "GET", "appendfsync");
  const slow = await ask("SLOWLOG", "GET", String(SLOWLOG_ENTRIES));
  const { latenciesMs, clockLeadMs } = await measure(ask, options.signal);
  if (hasFailed) return undefined;
  const serverNow = Date.now() + (clockLeadMs ?? 0);
  return {
    ...place,
    info: typeof info === "string" ? parseServerInfo(info) : undefined,
    latenciesMs,
    clockLeadMs,
    appendFsync: Array.isArray(fsync) && typeof fsync[1] === "string" ? fsync[1] : undefined,
    slowCommands: Array.isArray(slow) ? slowCommandsOf(slow, serverNow) : undefined,
    missingRights: await gatherRights(node, options),
  };
}

/** TIME shows the latency and the clock. The fastest reply has the least error. */
async function measure(
  ask: (...command: [string, ...string[]]) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Pick<NodeFacts, "latenciesMs" | "clockLeadMs">> {
  const latenciesMs: number[] = [];
  let clockLeadMs: number | undefined;
  const end = performance.now() + PINGS_MS;
  for (let sent = 0; sent < PINGS && performance.now() < end && !signal.aborted; sent += 1) {
    const startedAt = performance.now();
    const time = await ask("TIME");
    const tookMs = performance.now() - startedAt;
    if (!Array.isArray(time)) continue;
    const isFastest = latenciesMs.every((each) => each >= tookMs);
    latenciesMs.push(tookMs);
    const serverMs = Number(time[0]) * 1_000 + Number(time[1]) / 1_000;
    if (isFastest) clockLeadMs = serverMs - (Date.now() - tookMs / 2);
  }
  return { latenciesMs, clockLeadMs };
}

/** An entry is its number, its time in seconds, how long it took in µs, and its words. The words can have values, so only the first is kept. */
function slowCommandsOf(entries: readonly unknown[], serverNow: number): readonly SlowCommand[] {
  return entries.flatMap((entry) => {
    if (!Array.isArray(entry)) return [];
    const [, seconds, micros, words] = entry as unknown[];
    if (Number(seconds) * 1_000 < serverNow - SLOWLOG_WINDOW_MS) return [];
    const name = Array.isArray(words) ? String(words[0]).toUpperCase() : "a command";
    return [{ name, tookMs: Number(micros) / 1_000 }];
  });
}

async function gatherRights(
  node: Redis,
  { prefix, timeoutMs }: ServerGatherOptions,
): Promise<readonly MissingRight[] | undefined> {
  const words = JSON.stringify(wordsOfCommands(prefix));
  const reply = await callNode(node, timeoutMs, ["EVAL", RIGHTS_SCRIPT, "0", words]).catch(() => undefined);
  if (Array.isArray(reply)) return missingRights(reply.map(String), prefix);
  const isRefused = reply instanceof Error && /NOPERM|permission/i.test(reply.message);
  return isRefused ? [{ rule: "+eval", isRequired: true }] : undefined;
}
