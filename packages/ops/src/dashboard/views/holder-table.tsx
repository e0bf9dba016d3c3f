import type { JSX } from "preact";
import type { LockDetail } from "../../monitor/api.ts";
import { formatSeconds, formatWholeSeconds } from "../../format/duration.ts";
import { useClock, useStore } from "../page/hooks.ts";
import type { Freshness } from "../state/freshness.ts";
import { ReleaseButton } from "./release-button.tsx";
import { Name } from "./text.tsx";
import { Votes } from "./votes.tsx";

/** All holders of a lock that several can hold. Each is released by its own token. */
export function HolderTable({
  detail,
  receivedAt,
  freshness,
}: {
  readonly detail: LockDetail;
  readonly receivedAt: number;
  readonly freshness: Freshness;
}): JSX.Element {
  const servers = useStore((state) => state.servers);
  const elapsed = Math.max(0, useClock(250) - receivedAt);
  return (
    <section class="card" aria-label="Holders">
      <header class="section-header">
        <h2>Holders: {detail.holders.length}</h2>
      </header>
      <ul class="holder-list">
        {detail.holders.map((holder) => (
          <li key={holder.id} class="holder-row">
            <span>
              {holder.owner === undefined ? "unknown owner" : <Name name={holder.owner} maxLength={40} />}
              <span class="quiet"> id {holder.id}</span>
            </span>
            <span class="quiet">{holder.slots !== undefined && formatSlots(holder.slots)}</span>
            <Votes votes={holder.votes} servers={servers} />
            <span class="figure">
              {holder.remainingMs === undefined
                ? "no expiry"
                : `${formatSeconds(holder.remainingMs - elapsed)} left`}
            </span>
            <span class="quiet">
              {holder.reportedMs !== undefined &&
                `held for ${formatWholeSeconds(holder.reportedMs + elapsed)}`}
            </span>
            <ReleaseButton
              name={detail.name}
              holderId={holder.id}
              canRelease={detail.canRelease}
              freshness={freshness}
              isSmall
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `permits 0, 1, 2 and 40 more` */
function formatSlots(slots: readonly number[]): string {
  if (slots.length === 1) return `permit ${slots[0]}`;
  const shown = slots.slice(0, 6).join(", ");
  return slots.length > 6 ? `permits ${shown} and ${slots.length - 6} more` : `permits ${shown}`;
}
