import type { JSX } from "preact";
import type { ClassFigures } from "../../monitor/api.ts";
import { formatCount, formatPercent, formatRate } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { THIN_SPACE } from "../../format/spaces.ts";
import { useStore } from "../page/hooks.ts";
import { Name } from "./text.tsx";

const SHOWN_CLASSES = 20;

/** Which classes cost callers the most time. */
export function Classes(): JSX.Element {
  const figures = useStore((state) => state.figures);
  const classes = (figures?.classes ?? []).toSorted((a, b) => b.waitingOnAverage - a.waitingOnAverage);
  const { reporting = 0, known = 0 } = figures?.processes ?? {};
  return (
    <section class="card classes" aria-label="Classes by waiting time">
      <header class="section-header">
        <h2>Classes by waiting time</h2>
        <p class="extent quiet">
          {reporting < known
            ? `${formatCount(reporting)} of ${formatCount(known)} processes report`
            : `${formatCount(reporting)} ${reporting === 1 ? "process reports" : "processes report"}`}
        </p>
      </header>
      {reporting === 0 ? (
        <div class="empty">
          <p>Counts of waits and failures need reports from your processes:</p>
          <pre tabIndex={0}>report(redlock, stats)</pre>
          <p>Locks and servers are shown without them.</p>
        </div>
      ) : (
        <div class="class-scroller" tabIndex={0} role="region" aria-label="Table of classes">
          <table class="class-table">
            <thead>
              <tr>
                <th scope="col">Class</th>
                <th scope="col" title="Seconds waited per second: the mean number of waiters">
                  Waiting
                </th>
                <th scope="col">Wait p99</th>
                <th scope="col">Success</th>
                <th scope="col">Lost</th>
              </tr>
            </thead>
            <tbody>
              {classes.slice(0, SHOWN_CLASSES).map((each) => (
                <ClassRow key={each.class} figures={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function ClassRow({ figures }: { readonly figures: ClassFigures }): JSX.Element {
  const { waitingOnAverage, waitP99Ms, success, lost } = figures;
  return (
    <tr>
      <th scope="row">
        <Name name={figures.class} maxLength={28} />
      </th>
      <td>{formatRate(waitingOnAverage)}</td>
      <td>{waitP99Ms === undefined ? "–" : formatDuration(waitP99Ms)}</td>
      <td>{success === undefined ? "–" : formatPercent(success)}</td>
      <td>{lost === 0 ? "0" : formatCount(lost)}</td>
    </tr>
  );
}

/** The figures of one class in a few lines, for the page of a lock. */
export function classSummary(figures: ClassFigures): readonly (readonly [label: string, value: string])[] {
  const duration = (ms: number | undefined): string => (ms === undefined ? "–" : formatDuration(ms));
  return [
    ["granted", formatCount(figures.granted)],
    ["timed out", formatCount(figures.timedOut)],
    ["no quorum", formatCount(figures.noQuorum)],
    ["skipped", formatCount(figures.skipped)],
    ["lost", formatCount(figures.lost)],
    ["success", figures.success === undefined ? `–${THIN_SPACE}` : formatPercent(figures.success)],
    ["wait p50", duration(figures.waitP50Ms)],
    ["wait p99", duration(figures.waitP99Ms)],
    ["hold p50", duration(figures.holdP50Ms)],
    ["hold p99", duration(figures.holdP99Ms)],
  ];
}
