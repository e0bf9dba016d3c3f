import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { quickPeers } from "./contenders/index.ts";
import { describeMachine } from "./environment.ts";
import type { Flags } from "./flags.ts";
import { pin } from "./pinning.ts";
import type { Report, Section } from "./report/report.ts";
import type { Result, Scenario, Stage } from "./scenario.ts";

/**
 * Runs scenarios on servers of its own, which are stopped whatever happens.
 *
 * @param command what was typed, for the report.
 * @param progress told in a few words what begins.
 */
export async function runBench(
  flags: Omit<Flags, "out" | "docs">,
  command: string,
  progress: (what: string) => void,
): Promise<Report> {
  const plan = flags.scenario.map((scenario) => ({ scenario, counts: countsOf(scenario, flags) }));
  const most = Math.max(1, ...plan.flatMap(({ counts }) => counts));
  const servers: RedisServers = await startRedisServers(most);
  try {
    const [first] = servers;
    if (first === undefined) throw new Error("no server was started");
    // Before pinning takes cores away.
    const machine = await describeMachine(first);
    const environment = { ...machine, pin: pin(flags.pin, servers), command };
    const sections: Section[] = [];
    for (const { scenario, counts } of plan) {
      const results: Result[] = [];
      for (const count of counts) {
        progress(`${scenario.name}, ${count} ${count === 1 ? "server" : "servers"}`);
        const stage = {
          servers: servers.slice(0, count),
          seconds: flags.seconds ?? (flags.quick ? scenario.quickSeconds : scenario.seconds),
          quick: flags.quick,
          concurrency: flags.concurrency,
          admits: admission(flags),
        };
        results.push(...(await scenario.run(stage)));
      }
      sections.push({ scenario, results });
    }
    return { environment, sections };
  } finally {
    await servers.stop();
  }
}

/** A quick run leaves out what is like something else in it. */
function admission({ contenders, quick }: Pick<Flags, "contenders" | "quick">): Stage["admits"] {
  if (contenders !== undefined) return (contender) => contenders.includes(contender);
  return (contender) => !quick || contender.kind !== "peer" || quickPeers.includes(contender);
}

function countsOf(
  scenario: Scenario,
  { servers, quick }: Pick<Flags, "servers" | "quick">,
): readonly number[] {
  const counts = servers ?? (quick ? scenario.quickServers : scenario.servers);
  return counts.filter((count) => count >= scenario.leastServers);
}
