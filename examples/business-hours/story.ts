import { count, plural } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story } from "../harness/story.ts";
import { DAY, TABLES, type Task } from "./tables.ts";

const TTL_MS = 500;
const PROCESSES = 3;
/** How long an hour of the simulated day takes, in ms. */
const HOUR_MS = { short: 300, full: 1_250 };
/** When one holder is killed. */
const KILL_HOUR = 11;

interface Facts {
  readonly isKilled: boolean;
  readonly jobs: number;
  readonly outside: number;
  /** The latest start of a job, in hours. */
  readonly latest: number;
  readonly jobsAfterKill: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Requests of living processes without an answer. */
  readonly unanswered: number;
}

export const businessHours: Story<Facts> = {
  name: "business-hours",
  summary: "jobs run one at a time from 9:00 to 18:00, and callers wait for hours",
  columns: { ours: "checked under lock", antiPattern: "checked before wait" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const hourMs = scene.isShort ? HOUR_MS.short : HOUR_MS.full;
    const task: Task = { hourMs, isCheckedOnce: variant === "antiPattern" };
    const processes = Array.from({ length: PROCESSES }, (_, index) =>
      scene.start(`caller-${index}`, import.meta.resolve("./worker.ts"), task),
    );
    await Promise.all(processes.map(({ ready }) => ready));
    const { started } = await oneRow<{ started: number }>(
      scene.sql,
      "INSERT INTO day VALUES (now_ms()) RETURNING started_ms AS started",
    );
    await scene.go(processes);
    const [victim, ...others] = processes;
    if (victim === undefined) throw new Error("there is no process to kill");
    await scene.pause((KILL_HOUR - DAY.start) * hourMs);
    // On a machine that stands still, the day may be over before this process holds the lock again.
    const isKilled = await scene.orFail(
      victim.reach("holds", "kill").then(
        () => true,
        () => false,
      ),
    );
    const { killed } = await oneRow<{ killed: number }>(scene.sql, "SELECT now_ms() AS killed");
    await scene.allEnded(others);
    return { isKilled, ...(await readFacts(scene, { hourMs, started, killed, victim: victim.pid })) };
  },

  figures: ({ jobs, outside, latest, outcomes }) => [
    ["jobs", count(jobs)],
    ["jobs outside of business hours", count(outside)],
    ["latest start of a job", formatHour(latest)],
    ["callers whose job ran", count(outcomes["done"] ?? 0)],
    ["refused: closed (LOCK_CONDITION)", count(outcomes["LOCK_CONDITION"] ?? 0)],
    ["refused: others first (LOCK_TIMEOUT)", count(outcomes["LOCK_TIMEOUT"] ?? 0)],
    ["gave up when the day was over", count(outcomes["gave up"] ?? 0)],
  ],

  judge: ({ isKilled, outside, jobsAfterKill, outcomes, unanswered }) => [
    {
      claim: "no job begins outside of business hours",
      holds: outside === 0,
      found: `${count(outside)} jobs`,
    },
    {
      claim: "after a holder was killed, others go on",
      holds: isKilled && jobsAfterKill > 0,
      found: isKilled ? "no job after the kill" : "no holder was killed",
      needsSteadyTime: true,
    },
    {
      claim: "callers after closing time are told that the condition does not hold",
      holds: (outcomes["LOCK_CONDITION"] ?? 0) > 0,
      found: "no LOCK_CONDITION",
      needsSteadyTime: true,
    },
    {
      claim: "every caller of a living process has an answer",
      holds: unanswered === 0,
      found: `${count(unanswered)} without`,
    },
  ],

  damage: ({ outside, latest }) =>
    `${plural(outside, "job")} began outside of business hours, the last one at ${formatHour(latest)}.`,
};

/** 9.5 → "9:30" */
function formatHour(hour: number): string {
  const minutes = Math.floor(hour * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

async function readFacts(
  { sql }: Scene,
  moments: {
    readonly hourMs: number;
    readonly started: number;
    readonly killed: number;
    readonly victim: number;
  },
): Promise<Omit<Facts, "isKilled">> {
  const { hourMs, started, killed, victim } = moments;
  const work = await sql.rows<{ at_ms: number }>("SELECT at_ms FROM work");
  const hours = work.map(({ at_ms }) => DAY.start + (at_ms - started) / hourMs);
  const outcomes = await sql.rows<{ outcome: string; n: number }>(
    "SELECT outcome, count(*) AS n FROM requests WHERE outcome IS NOT NULL GROUP BY outcome",
  );
  const { unanswered } = await oneRow<{ unanswered: number }>(
    sql,
    "SELECT count(*) AS unanswered FROM requests WHERE outcome IS NULL AND pid <> $1",
    [victim],
  );
  return {
    jobs: work.length,
    outside: hours.filter((hour) => hour < DAY.open || hour > DAY.close).length,
    latest: Math.max(...hours),
    jobsAfterKill: work.filter(({ at_ms }) => at_ms > killed).length,
    outcomes: Object.fromEntries(outcomes.map(({ outcome, n }) => [outcome, n])),
    unanswered,
  };
}
