import type { JSX } from "preact";
import { formatClock, formatUtc } from "../../format/clock-time.ts";
import { formatDuration, formatWholeSeconds } from "../../format/duration.ts";
import type { LastRunView } from "../../monitor/api.ts";
import { useClock } from "../page/hooks.ts";
import { Mark } from "./mark.tsx";
import { Name, Sentence, useClockAhead } from "./text.tsx";

const STATES = {
  done: { state: "good", word: "Done" },
  failed: { state: "bad", word: "Failed" },
  lost: { state: "bad", word: "Lost its lock" },
} as const;

/** How the latest run of the job of this name ended. */
export function LastRun({ run }: { readonly run: LastRunView }): JSX.Element {
  const ahead = useClockAhead();
  const now = useClock(1_000) + ahead;
  const { state, word } = STATES[run.state];
  return (
    <section class="card" aria-label="Last run">
      <header class="section-header">
        <h2>Last run</h2>
      </header>
      <p class="last-run">
        <Mark state={state} /> <strong>{word}</strong>{" "}
        {formatWholeSeconds(now - run.startedAt - run.durationMs)} ago
        <span class="quiet">
          {" "}
          · began <time title={formatUtc(run.startedAt)}>{formatClock(run.startedAt, now)}</time> · took{" "}
          {formatDuration(run.durationMs)} · by <Name name={run.by} maxLength={48} />
        </span>
      </p>
      {run.error !== undefined && (
        <p class="last-run-error">
          <Sentence text={run.error} />
        </p>
      )}
    </section>
  );
}
