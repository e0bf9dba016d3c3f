import {
  unobserved,
  withOpenTelemetry,
  withPrometheus,
  withStats,
} from "../contenders/quorumlock-observed.ts";
import { countMessages } from "../exclusion-checker.ts";
import { ratio, ratioCells } from "../report/format.ts";
import { runRounds, selectContenders, withConnections } from "../rounds.ts";
import { atMost, type Result, type Scenario, verdictOf } from "../scenario.ts";
import { compareTurns } from "../statistics.ts";
import { emptySeries, PHASES, runTurn } from "./uncontended-turn.ts";

const CONTENDERS = [unobserved, withStats, withPrometheus, withOpenTelemetry];
/** The largest ratio of the cycle to one without anything that observes it, for figures and metrics. */
const STATS_LIMIT = 1.1;

export interface ObserveOptions {
  readonly cyclesPerTurn?: number;
  readonly minRounds?: number;
  readonly warmUpCycles?: number;
}

export function observe(options: ObserveOptions = {}): Scenario {
  const { cyclesPerTurn = 200, minRounds = 5, warmUpCycles = 3_000 } = options;
  return {
    name: "observe",
    docsBlock: "observe",
    about:
      `What figures, metrics and traces cost: acquire and release of a free lock, one cycle after another, in turns of ${cyclesPerTurn} cycles. ` +
      "Columns with × are medians of the rounds' ratios to the same client that nothing observes, with p25–p75. " +
      "The spans are made and not exported. " +
      `Target: at most ${STATS_LIMIT}× with \`LockStats\`, also with prom-client.`,
    columns: ["servers", "observed by", "cycle ×", "p25–p75", "acquire ×", "release ×", "n", "target"],
    servers: [3],
    quickServers: [3],
    minServers: 1,
    seconds: 20,
    quickSeconds: 3,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const all = new Map(contenders.map((contender) => [contender, emptySeries()]));
      await withConnections(contenders, settings, async (participants) => {
        const cycles = settings.quick ? warmUpCycles / 4 : warmUpCycles;
        for (const participant of participants)
          await runTurn(participant, cycles, settings.names, emptySeries());
        await runRounds(participants, { seconds: settings.seconds, minRounds }, (participant) =>
          runTurn(
            participant,
            cyclesPerTurn,
            settings.names,
            all.get(participant.contender) ?? emptySeries(),
          ),
        );
      });
      return contenders.map((contender): Result => {
        const own = all.get(contender) ?? emptySeries();
        const base = contender.baseline && all.get(contender.baseline);
        const [acquire, release, cycle] = PHASES.map(
          (phase) => base && compareTurns(own.turnMedians[phase], base.turnMedians[phase]),
        );
        const isLimited = contender === withStats || contender === withPrometheus;
        const targets = isLimited ? [atMost("cycle", cycle?.median ?? Number.NaN, STATS_LIMIT, "×")] : [];
        const servers = settings.servers.length;
        return {
          cells: [
            String(servers),
            contender.name,
            ...ratioCells(cycle),
            acquire ? ratio(acquire.median) : "",
            release ? ratio(release.median) : "",
            String(own.cycleTimes.length),
            verdictOf(targets),
          ],
          figures: {
            servers,
            contender: contender.name,
            ratios: { acquire, release, cycle },
            n: own.cycleTimes.length,
          },
          targets,
          notes: countMessages(contender.name, [...own.errors, ...own.violations]),
        };
      });
    },
  };
}
