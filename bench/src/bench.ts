import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { describeEnvironment } from "./environment.ts";
import type { Flags } from "./flags.ts";
import type { Report, Section } from "./report/report.ts";
import type { Result } from "./scenario.ts";

/**
 * Runs scenarios on servers of its own, which are stopped whatever happens.
 *
 * @param progress told in a few words what begins.
 */
export async function runBench(
  { scenario: scenarios, servers: counts, seconds }: Omit<Flags, "out">,
  progress: (what: string) => void,
): Promise<Report> {
  const servers: RedisServers = await startRedisServers(Math.max(...counts));
  try {
    const [first] = servers;
    if (first === undefined) throw new Error("no server was started");
    const environment = await describeEnvironment(first);
    const sections: Section[] = [];
    for (const scenario of scenarios) {
      const results: Result[] = [];
      for (const count of counts) {
        progress(`${scenario.name}, ${count} ${count === 1 ? "server" : "servers"}`);
        results.push(...(await scenario.run({ servers: servers.slice(0, count), seconds })));
      }
      sections.push({ scenario, results });
    }
    return { environment, seconds, sections };
  } finally {
    await servers.stop();
  }
}
