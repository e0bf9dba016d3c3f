import { formatMemory, formatPlural } from "../../format/count.ts";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import type { Check } from "../check.ts";
import type { Facts, NodeFacts } from "../facts.ts";
import type { Problem } from "../finding.ts";

/** Clocks, memory, latency, and commands that block. */
export const LOAD_CHECKS: readonly Check[] = [
  { code: "QL112", find: wrongClocks },
  { code: "QL113", find: (facts) => nodesOf(facts).flatMap(lowMemory) },
  { code: "QL114", find: slowServers },
  { code: "QL117", find: blockingCommands },
];

const MAX_CLOCK_OFFSET_MS = 1_000;
const MAX_MEMORY_SHARE = 0.9;
/** A request that takes a larger part of the ttl leaves too little time for retries. */
const MAX_LATENCY_PART = 1 / 20;
/** A single slow reply can be the fault of this process. */
const MIN_SLOW_REPLIES = 2;
const MAX_COMMAND_MS = 5;
/** So few commands may have waited for the processor. One that took much longer has blocked the server by itself. */
const MIN_SLOW_COMMANDS = 3;
const LONG_COMMAND_MS = 50;

function nodesOf({ servers }: Facts): readonly NodeFacts[] {
  return servers.flatMap(({ nodes }) => nodes);
}

function wrongClocks(facts: Facts): readonly Problem[] {
  const clocks = nodesOf(facts).flatMap(({ label, clockLeadMs, latenciesMs }) =>
    clockLeadMs === undefined
      ? []
      : [{ label, leadMs: clockLeadMs, errorMs: Math.max(0, ...latenciesMs) / 2 }],
  );
  const sorted = clocks.map(({ leadMs }) => leadMs).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return clocks.flatMap(({ label, leadMs, errorMs }) => {
    const offsetMs = leadMs - median;
    if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS + errorMs) return [];
    const direction = offsetMs > 0 ? "ahead of" : "behind";
    return [
      {
        subject: label,
        cause: `The clock of ${label} is ${formatSeconds(Math.abs(offsetMs))} ${direction} that of the median server. Leases do not need equal clocks, but a clock that is wrong may jump.`,
        remedy: "Run NTP (chrony or systemd-timesyncd) on that host, and let it slew the clock slowly.",
      },
    ];
  });
}

function lowMemory({ label, cli, info }: NodeFacts): readonly Problem[] {
  if (info?.usedBytes === undefined || info.limitBytes === undefined) return [];
  if (info.usedBytes <= info.limitBytes * MAX_MEMORY_SHARE) return [];
  return [
    {
      subject: label,
      cause: `${label} uses ${formatMemory(info.usedBytes, info.limitBytes)} of its memory. At the limit it refuses every lock.`,
      remedy:
        "Find out what else is stored there, or raise `maxmemory`. The memory of its container or machine must be twice as large: raise that first.",
      commands: [`${cli} CONFIG SET maxmemory ${Math.ceil(info.limitBytes * 1.5)}`],
    },
  ];
}

function slowServers(facts: Facts): readonly Problem[] {
  const limitMs = facts.ttlMs * MAX_LATENCY_PART;
  return nodesOf(facts).flatMap(({ label, cli, latenciesMs }) => {
    const slow = latenciesMs.filter((each) => each > limitMs);
    if (slow.length < MIN_SLOW_REPLIES) return [];
    return [
      {
        subject: label,
        cause: `${label} is slow: ${slow.length} of ${latenciesMs.length} replies took more than ${formatDuration(limitMs)}, the slowest ${formatDuration(Math.max(...slow))}. The ttl is ${formatDuration(facts.ttlMs)}.`,
        remedy: "Look for what blocks it, or use a longer ttl.",
        commands: [`${cli} SLOWLOG GET 10`],
      },
    ];
  });
}

function blockingCommands(facts: Facts): ReturnType<Check["find"]> {
  const nodes = nodesOf(facts);
  if (nodes.every(({ slowCommands }) => slowCommands === undefined))
    return { unchecked: "the user may not run SLOWLOG" };
  return nodes.flatMap(({ label, cli, slowCommands = [] }) => {
    const slow = slowCommands.filter(({ tookMs }) => tookMs > MAX_COMMAND_MS);
    const [worst] = slow.toSorted((a, b) => b.tookMs - a.tookMs);
    if (worst === undefined) return [];
    if (slow.length < MIN_SLOW_COMMANDS && worst.tookMs < LONG_COMMAND_MS) return [];
    return [
      {
        subject: label,
        cause: `${label}: ${formatPlural(slow.length, "command")} blocked the server for more than ${MAX_COMMAND_MS} ms in the last 10 minutes, the longest ${worst.name} for ${formatDuration(worst.tookMs)}.`,
        remedy:
          "Avoid these commands on lock servers, or give locks servers of their own. An EVALSHA of this library takes well below 1 ms, unless the processor is busy.",
        commands: [`${cli} SLOWLOG GET 10`],
      },
    ];
  });
}
