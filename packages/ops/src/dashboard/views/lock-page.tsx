import type { ComponentChildren, JSX } from "preact";
import type { LockDetail, LockRow } from "../../monitor/api.ts";
import { formatWholeSeconds } from "../../format/duration.ts";
import { NARROW, useClock, useMedia, useStore } from "../page/hooks.ts";
import type { Freshness } from "../state/freshness.ts";
import { CopyButton } from "./copy-button.tsx";
import { EventList } from "./events.tsx";
import { HolderTable } from "./holder-table.tsx";
import { LeaseBar } from "./lease-bar.tsx";
import { LastRun } from "./last-run.tsx";
import { Line } from "./line.tsx";
import { Age } from "./lock-row.tsx";
import { Mark } from "./mark.tsx";
import { ReleaseButton } from "./release-button.tsx";
import { ServerVotes } from "./server-votes.tsx";
import { describeAbsent, describeLock } from "./states.ts";
import { LockLink, Name, Sentence, useClockAhead } from "./text.tsx";
import { classSummary } from "./classes.tsx";
import { BackLink } from "./back-link.tsx";

/** One lock, read from all servers each second. */
export function LockPage({
  name,
  freshness,
}: {
  readonly name: string;
  readonly freshness: Freshness;
}): JSX.Element {
  const isNarrow = useMedia(NARROW);
  const received = useStore((state) => state.detail);
  const detail = received?.name === name ? received : undefined;
  return (
    <>
      <div class="title-row">
        <BackLink label="Locks" />
        <h1>
          <Name name={name} />
        </h1>
        <CopyButton text={name} label="Copy the name" />
        {detail?.detail !== undefined && (
          <span class="quiet title-more">
            class <Name name={detail.detail.class} />
            {detail.detail.lock !== undefined && ` · ${detail.detail.lock.kind}`}
          </span>
        )}
        {!isNarrow && detail?.detail !== undefined && (
          <Release detail={detail.detail} freshness={freshness} />
        )}
      </div>
      {detail === undefined && <p class="card empty">Reading it from all servers …</p>}
      {detail?.problem !== undefined && (
        <p class="card notice">
          <Mark state="bad" /> It could not be read: {detail.problem}. The next try follows.
        </p>
      )}
      {detail?.detail !== undefined && (
        <LockView
          detail={detail.detail}
          receivedAt={detail.receivedAt}
          freshness={freshness}
          // On a phone the state comes before what can be done about it.
          below={isNarrow && <Release detail={detail.detail} freshness={freshness} />}
        />
      )}
    </>
  );
}

/** A lock with several holders has a button for each of them in their table. */
function Release({
  detail,
  freshness,
}: {
  readonly detail: LockDetail;
  readonly freshness: Freshness;
}): JSX.Element | null {
  const holder = detail.lock?.holder;
  if (holder === undefined || detail.holders.length > 1 || detail.lock?.health === "lost") return null;
  return (
    <ReleaseButton
      name={detail.name}
      holderId={holder.id}
      canRelease={detail.canRelease}
      freshness={freshness}
    />
  );
}

interface LockViewProps {
  readonly detail: LockDetail;
  readonly receivedAt: number;
  readonly freshness: Freshness;
  readonly below: ComponentChildren;
}

function LockView({ detail, receivedAt, freshness, below }: LockViewProps): JSX.Element {
  const { lock, figures } = detail;
  return (
    <>
      {lock === undefined ? (
        <Absent detail={detail} />
      ) : (
        <HeldState detail={detail} lock={lock} receivedAt={receivedAt} />
      )}
      {below}
      {detail.lastRun !== undefined && <LastRun run={detail.lastRun} />}
      {detail.holders.length > 1 && (
        <HolderTable detail={detail} receivedAt={receivedAt} freshness={freshness} />
      )}
      <div class="columns even">
        <ServerVotes detail={detail} receivedAt={receivedAt} />
        <Line detail={detail} receivedAt={receivedAt} />
      </div>
      <div class="columns even">
        <section class="card" aria-label="This class">
          <header class="section-header">
            <h2>
              Class <Name name={detail.class} maxLength={30} />, 5 min
            </h2>
          </header>
          {figures === undefined ? (
            <p class="empty">Counts of waits and failures need reports from your processes.</p>
          ) : (
            <dl class="facts">
              {classSummary(figures).map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </section>
        <section class="card" aria-label="Seen here">
          <header class="section-header">
            <h2>Seen here, newest first</h2>
          </header>
          {detail.events.length === 0 ? (
            <p class="empty">Nothing was seen yet.</p>
          ) : (
            <EventList events={detail.events.toSorted((a, b) => b.id - a.id)} hasNames={false} />
          )}
        </section>
      </div>
    </>
  );
}

function HeldState({
  detail,
  lock,
  receivedAt,
}: {
  readonly detail: LockDetail;
  readonly lock: LockRow;
  readonly receivedAt: number;
}): JSX.Element {
  const { state, word } = describeLock(lock);
  const isHeld = lock.holder !== undefined && lock.health !== "lost" && lock.health !== "uncertain";
  const title = isHeld && lock.health !== "held" ? `Held, ${word.toLowerCase()}` : word;
  return (
    <section class={`card lock-state ${state}`} aria-label="State">
      <div class="lock-state-title">
        <Mark state={state} large />
        <p class="lock-word">{lock.health === "minority" ? "On a minority" : title}</p>
      </div>
      <dl class="lock-facts">
        {lock.holder !== undefined && (
          <div>
            <dt>Holder</dt>
            <dd>
              {lock.holder.owner === undefined ? (
                "unknown owner"
              ) : (
                <strong>
                  <Name name={lock.holder.owner} maxLength={48} />
                </strong>
              )}
              <span class="quiet">
                {" "}
                id {lock.holder.id}
                {lock.holders > 1 && `, oldest of ${lock.holders}`}
              </span>
            </dd>
          </div>
        )}
        <div>
          <dt>{lock.health === "lost" ? "Was held for" : "Held for"}</dt>
          <dd>
            <strong>
              <Age
                ageMs={lock.ageMs}
                source={lock.ageSource}
                receivedAt={receivedAt}
                isStill={lock.health === "lost"}
              />
            </strong>
            <span class="quiet"> {lock.ageSource === "report" ? "reported" : "since first seen"}</span>
          </dd>
        </div>
        <div>
          <dt>Fence</dt>
          <dd>
            {lock.fence === undefined ? (
              "–"
            ) : (
              <>
                <strong class="figure">{lock.fence}</strong>{" "}
                <CopyButton text={String(lock.fence)} label="Copy the fence" />
              </>
            )}
          </dd>
        </div>
        <ReportAge detail={detail} receivedAt={receivedAt} />
      </dl>
      <div class="lock-lease">
        <LeaseBar
          remainingMs={lock.remainingMs}
          ttlMs={lock.ttlMs}
          receivedAt={receivedAt}
          state={state}
          isEndless={lock.health === "no-expiry"}
          isSmooth
        />
        <p class="next">
          <span class="next-label">What happens next</span>
          <Sentence text={detail.next} />
        </p>
      </div>
      {lock.deadlock !== undefined && (
        <p class="notice">
          <Mark state="bad" />
          <Sentence text={`Deadlock: ${lock.deadlock}`} />
        </p>
      )}
    </section>
  );
}

function ReportAge({
  detail,
  receivedAt,
}: {
  readonly detail: LockDetail;
  readonly receivedAt: number;
}): JSX.Element | null {
  const now = useClock(1_000);
  if (detail.reportedMsAgo === undefined) return null;
  return (
    <div>
      <dt>Its process reported</dt>
      <dd>
        <strong>{formatWholeSeconds(detail.reportedMsAgo + Math.max(0, now - receivedAt))}</strong>
        <span class="quiet"> ago</span>
      </dd>
    </div>
  );
}

/** No server that answered has a key of the name. */
function Absent({ detail }: { readonly detail: LockDetail }): JSX.Element {
  const ahead = useClockAhead();
  const now = useClock(1_000);
  const { state, word, isFree } = describeAbsent(detail);
  return (
    <section class={`card lock-state ${state}`} aria-label="State">
      <div class="lock-state-title">
        <Mark state={state} large />
        <p class="lock-word">{word}</p>
      </div>
      {!isFree && (
        <p class="next">
          <Sentence text={detail.next} />
        </p>
      )}
      <p class="next">
        No server that answered has a key of this name (read {formatWholeSeconds(now + ahead - detail.readAt)}{" "}
        ago).
      </p>
      {detail.similar.length > 0 && (
        <p class="next">
          Names in use that look alike:{" "}
          {detail.similar.map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <LockLink name={name} />
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
