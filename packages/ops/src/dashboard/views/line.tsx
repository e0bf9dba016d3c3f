import type { JSX } from "preact";
import type { LockDetail } from "../../monitor/api.ts";
import { formatPlural } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { useClock } from "../page/hooks.ts";
import { LockLink, Name } from "./text.tsx";

/** The processes that wait for the lock, first in line first. */
export function Line({
  detail,
  receivedAt,
}: {
  readonly detail: LockDetail;
  readonly receivedAt: number;
}): JSX.Element {
  const now = useClock(1_000);
  const { line } = detail;
  const callers = line.reduce((sum, waiter) => sum + waiter.callers, 0);
  return (
    <section class="card" aria-label="Waiting">
      <header class="section-header">
        <h2>Waiting: {formatPlural(line.length, "process", "processes")}</h2>
        {callers > 0 && <p class="extent quiet">{formatPlural(callers, "caller")} reported</p>}
      </header>
      {line.length === 0 ? (
        <p class="empty">Nobody waits.</p>
      ) : (
        <ol class="line-list">
          {line.map((waiter, index) => (
            <li key={waiter.id} class="line-row">
              <span class="line-place quiet">{index + 1}</span>
              <span class="line-owner">
                <Name name={waiter.owner ?? `id ${waiter.id}`} maxLength={32} />
                {waiter.isNext && <span class="next-mark">next in line</span>}
                {waiter.holds !== undefined && (
                  <span class="quiet line-holds">
                    holds <LockLink name={waiter.holds} maxLength={24} />
                  </span>
                )}
              </span>
              <span class="line-callers">
                {waiter.callers === 0 ? "" : formatPlural(waiter.callers, "caller")}
              </span>
              <span class="line-oldest">
                {waiter.oldestWaitMs !== undefined &&
                  `oldest ${formatDuration(waiter.oldestWaitMs + Math.max(0, now - receivedAt))}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
