import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { quickPeers } from "./contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "./contenders/ioredis-clients.ts";
import { describeMachine } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { pin } from "./pinning.ts";
import type { Report, Section } from "./report/report.ts";
import type { Result, RunSettings, Scenario } from "./scenario.ts";

/**
 * Runs scenarios on servers that it starts. It stops the servers even if a scenario fails.
 *
 * @param command the command line, for the report.
 * @param onProgress called with a short text when a scenario begins.
 */
export async function runBench(
  flags: Omit<Flags, "out" | "docs">,
  command: string,
  onProgress: (what: string) => void,
): Promise<Report> {
  const plan = flags.scenario.map((scenario) => ({ scenario, counts: serverCounts(scenario, flags) }));
  const serverCount = Math.max(1, ...plan.flatMap(({ counts }) => counts));
  const servers: RedisServers = await startRedisServers(serverCount);
  try {
    const [first] = servers;
    if (first === undefined) throw new Error("no server was started");
    // Before pinning, which reduces the number of cores that Node.js reports.
    const machine = await describeMachine(first);
    const environment = { ...machine, pin: pin(flags.pin, servers), command };
    const sections: Section[] = [];
    for (const { scenario, counts } of plan) {
      const results: Result[] = [];
      for (const count of counts) {
        for (const variant of variantsOf(scenario, flags)) {
          onProgress(describeRun(scenario, count, variant));
          const settings: RunSettings = {
            ...variant,
            servers: servers.slice(0, count),
            seconds: flags.seconds ?? (flags.quick ? scenario.quickSeconds : scenario.seconds),
            quick: flags.quick,
            concurrency: flags.concurrency,
            includes: contenderFilter(flags),
          };
          results.push(...(await scenario.run(settings)));
          await emptyServers(servers);
        }
      }
      sections.push({ scenario, results });
    }
    return { environment, sections };
  } finally {
    await servers.stop();
  }
}

type Variant = Pick<RunSettings, "names" | "warmUp">;

/** The values of `names` and `warmUp` to run a scenario with. A scenario that does not vary them runs once. */
function variantsOf({ varies = [] }: Scenario, flags: Pick<Flags, "names" | "warm">): readonly Variant[] {
  const names = varies.includes("names") ? flags.names : (["new"] as const);
  const warmUps = varies.includes("warmUp") ? flags.warm : (["warm"] as const);
  return names.flatMap((kind) => warmUps.map((warmUp) => ({ names: kind, warmUp })));
}

function describeRun({ name, varies = [] }: Scenario, servers: number, variant: Variant): string {
  const parts = [name, `${servers} ${servers === 1 ? "server" : "servers"}`];
  if (varies.includes("names")) parts.push(`${variant.names} names`);
  if (varies.includes("warmUp")) parts.push(variant.warmUp);
  return parts.join(", ");
}

/** A quick run leaves out contenders that resemble another one. */
function contenderFilter({
  contenders,
  quick,
}: Pick<Flags, "contenders" | "quick">): RunSettings["includes"] {
  if (contenders !== undefined) return (contender) => contenders.includes(contender);
  return (contender) => !quick || contender.kind !== "peer" || quickPeers.includes(contender);
}

function serverCounts(
  scenario: Scenario,
  { servers, quick }: Pick<Flags, "servers" | "quick">,
): readonly number[] {
  const counts = servers ?? (quick ? scenario.quickServers : scenario.servers);
  return counts.filter((count) => count >= scenario.minServers);
}

/** Keys of one run must not slow down the next. */
async function emptyServers(servers: RedisServers): Promise<void> {
  const clients = await connectIoredis([...servers]);
  await Promise.all(clients.map((client) => client.flushall()));
  disconnectIoredis(clients);
}
