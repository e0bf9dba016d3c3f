import { count, milliseconds, plural } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story, Variant } from "../harness/story.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import { EMPTY_DAY, ONE_NOTICE_A_DAY, TABLES, type Task, type Times } from "./tables.ts";

const TTL_MS = 700;
/** How far the clocks of the four servers are ahead. The first one is always the first, so it is the one that is killed. */
const CLOCKS_MS = [5_000, 3_000, 0, -3_000] as const;
/** The short form divides the clocks and the pauses of the careless reader by this. */
const SHORT_DIVISOR = 10;
const TIMES: { readonly short: Times; readonly full: Times } = {
  short: { days: 5, dayMs: 250, reportMs: 50, pollMs: 5_000 / SHORT_DIVISOR },
  full: { days: 8, dayMs: 2_000, reportMs: 200, pollMs: 5_000 },
};
/** The time between the start of the servers and the first day of the fastest clock. */
const LEAD_MS = 200;
const MAX_ORDERS = 500;

/** What the database knows of one day. */
interface DayFacts {
  readonly day: number;
  readonly reports: number;
  readonly failures: number;
  readonly starts: number;
  readonly notices: number;
  /** Whether the report has the right growth. `null` if there is no report. */
  readonly is_right: boolean | null;
  /** Whether the reader got what became of the report. */
  readonly is_read: boolean;
  /** How long after the report, or its failure, the reader got it. `null`: never. */
  readonly late_ms: number | null;
}

interface Facts {
  readonly days: readonly DayFacts[];
}

export const cronReport: Story<Facts> = {
  name: "cron-report",
  summary: "four servers make a daily report, and their clocks are seconds apart",
  columns: { ours: "schedule", antiPattern: "lock for the day" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const times = scene.isShort ? TIMES.short : TIMES.full;
    const task: Task = { ...times, isCareless: variant === "antiPattern" };
    const divisor = scene.isShort ? SHORT_DIVISOR : 1;
    const startServer = (clockMs: number, armed: Readonly<Record<string, "kill">>): StoryProcess =>
      scene.start(`server ${clockMs}`, import.meta.resolve("./worker.ts"), task, {
        clockOffsetMs: clockMs / divisor,
        armed,
      });
    const servers = CLOCKS_MS.map((clockMs, index) =>
      startServer(clockMs, index === 0 ? { half: "kill" } : {}),
    );
    const reader = scene.start("reader", import.meta.resolve("./reader.ts"), task);
    const [victim, ...others] = servers;
    if (victim === undefined) throw new Error("there is no server to kill");
    await putFacts(scene, times, variant);
    await scene.orFail(Promise.all([...servers, reader].map(({ ready }) => ready)));
    await scene.sql.change("INSERT INTO calendar SELECT now_ms() + $1", [CLOCKS_MS[0] / divisor + LEAD_MS]);
    await scene.go([...servers, reader]);
    // The first server dies in the middle of its first report, and is started again.
    await scene.orFail(victim.ended);
    const successor = startServer(CLOCKS_MS[0], {});
    await scene.go([successor]);
    await scene.allEnded([successor, ...others]);
    await untilRead(scene, task);
    await reader.stop();
    return { days: await readDays(scene) };
  },

  figures: ({ days }) => [
    ["days, one with a failure", count(days.length)],
    ["finished reports", count(sum(days, "reports"))],
    ["  most for one day", count(Math.max(...days.map(({ reports }) => reports)))],
    ["notices", count(sum(days, "notices"))],
    ["starts, one killed halfway", count(sum(days, "starts"))],
    ["wrong growth against yesterday", count(wrongGrowth(days))],
    ["reader's longest wait after the report", milliseconds(longestWait(days))],
    ["days of which the reader heard nothing", count(unread(days))],
  ],

  judge: ({ days }) => [
    {
      claim: "one report and one notice a day, and none for the day that failed",
      holds: days.every(({ reports, failures, notices }) => reports + failures === 1 && notices === reports),
      found: describeDays(days),
    },
    { claim: "one day has failed", holds: sum(days, "failures") === 1, found: `${sum(days, "failures")}` },
    {
      claim: `the reader gets each report, or its failure, in less than a ttl (${TTL_MS} ms)`,
      holds: unread(days) === 0 && days.every(({ late_ms }) => late_ms !== null && late_ms < TTL_MS),
      found: `${milliseconds(longestWait(days))}, and nothing on ${count(unread(days))} days`,
      needsSteadyTime: true,
    },
    {
      claim: "the growth is right, and null if there were no orders yesterday",
      holds: wrongGrowth(days) === 0,
      found: `${count(wrongGrowth(days))} wrong`,
    },
  ],

  damage: ({ days }) =>
    `${count(sum(days, "reports"))} reports and ${count(sum(days, "notices"))} notices for ${count(days.length - 1)} days, because each clock finds the lock free again. The reader waits for up to ${milliseconds(longestWait(days))}, and hears nothing of ${plural(unread(days), "day")}.`,
};

function sum(days: readonly DayFacts[], field: "reports" | "failures" | "starts" | "notices"): number {
  return days.reduce((total, day) => total + day[field], 0);
}

function wrongGrowth(days: readonly DayFacts[]): number {
  return days.filter((day) => day.is_right === false).length;
}

function unread(days: readonly DayFacts[]): number {
  return days.filter((day) => !day.is_read).length;
}

function longestWait(days: readonly DayFacts[]): number | undefined {
  const waits = days.flatMap(({ late_ms }) => (late_ms === null ? [] : [late_ms]));
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function describeDays(days: readonly DayFacts[]): string {
  return days
    .map(({ day, reports, failures, notices }) => `day ${day}: ${reports}/${failures}/${notices}`)
    .join(", ");
}

async function putFacts({ sql, random }: Scene, { days }: Times, variant: Variant): Promise<void> {
  for (let day = 0; day <= days; day += 1) {
    const orders = day === EMPTY_DAY ? 0 : random.whole(1, MAX_ORDERS);
    await sql.change("INSERT INTO facts VALUES ($1, $2)", [day, orders]);
  }
  if (variant === "ours") await sql.script(ONE_NOTICE_A_DAY);
}

/** The careless reader never gets an answer about the day that failed. */
async function untilRead(scene: Scene, { days, isCareless, pollMs }: Task): Promise<void> {
  const wanted = isCareless ? days - 1 : days;
  const deadline = performance.now() + 2 * pollMs;
  const reads = async (): Promise<number> =>
    (await oneRow<{ n: number }>(scene.sql, "SELECT count(*) AS n FROM reads")).n;
  await scene.until(
    "the reader has looked",
    async () => (await reads()) >= wanted || performance.now() > deadline,
  );
}

async function readDays({ sql }: Scene): Promise<readonly DayFacts[]> {
  return sql.rows<DayFacts>(`
    SELECT today.day,
      (SELECT count(*) FROM history WHERE day = today.day AND state = 'done') AS reports,
      (SELECT count(*) FROM history WHERE day = today.day AND state = 'failed') AS failures,
      (SELECT count(*) FROM history WHERE day = today.day AND state = 'running') AS starts,
      (SELECT count(*) FROM notices WHERE day = today.day) AS notices,
      CASE WHEN report.body IS NULL THEN NULL
        WHEN yesterday.orders = 0 THEN report.body -> 'growth' = 'null'
        ELSE coalesce(abs((report.body ->> 'growth')::numeric
          - (today.orders - yesterday.orders) * 100.0 / yesterday.orders) < 0.001, false)
      END AS is_right,
      reads.day IS NOT NULL AS is_read,
      reads.at_ms - (
        SELECT min(at_ms) FROM history WHERE day = today.day AND state IN ('done', 'failed')
      ) AS late_ms
    FROM facts AS today
    JOIN facts AS yesterday ON yesterday.day = today.day - 1
    LEFT JOIN reports AS report ON report.day = today.day
    LEFT JOIN reads ON reads.day = today.day
    ORDER BY today.day`);
}
