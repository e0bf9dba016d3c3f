import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MonitorEvent } from "../../monitor/api.ts";
import { formatCount, formatRate } from "../../format/count.ts";
import { useDashboardChanges, useStore } from "../page/hooks.ts";
import { MarkedWord } from "./mark.tsx";
import { EVENT_WORDS } from "./states.ts";
import { Clock, LockLink, Name, Sentence, useClockAhead } from "./text.tsx";

const SHOWN_EVENTS = 40;

export function Events(): JSX.Element {
  const dashboard = useDashboardChanges();
  const events = useRecentEvents();
  const perS = useStore((state) => state.figures?.eventsPerS);
  const omitted = useStore((state) => state.omittedEvents);
  const isTrouble = dashboard.view.events === "trouble";
  const shown = (isTrouble ? events.filter(({ level }) => level !== "info") : events).slice(0, SHOWN_EVENTS);
  return (
    <section class="card events" id="events" tabIndex={-1} aria-label="Events">
      <header class="section-header">
        <h2>Events</h2>
        <label>
          <input
            type="checkbox"
            checked={isTrouble}
            onChange={() => dashboard.setView({ events: isTrouble ? "all" : "trouble" })}
          />
          only trouble
        </label>
        <p class="extent quiet">
          {perS !== undefined && `${formatRate(perS)}/s, `}
          {shown.length} shown
          {omitted > 0 && ` · ${formatCount(omitted)} events not shown`}
        </p>
      </header>
      {shown.length === 0 ? (
        <p class="empty">{isTrouble ? "Nothing was lost and nothing failed." : "Nothing happened yet."}</p>
      ) : (
        <div class="event-scroller" tabIndex={0} role="region" aria-label="List of events">
          <EventList events={shown} />
        </div>
      )}
    </section>
  );
}

/** The events, at most once a second: nobody reads a list that changes faster, and drawing it is work. */
function useRecentEvents(): readonly MonitorEvent[] {
  const events = useStore((state) => state.events);
  const latest = useRef(events);
  latest.current = events;
  const [shown, setShown] = useState(events);
  const isFirst = shown.length === 0 && events.length > 0;
  useEffect(() => {
    const timer = setInterval(() => setShown(latest.current), 1_000);
    return () => clearInterval(timer);
  }, []);
  return isFirst ? events : shown;
}

/** Events, newest first. */
export function EventList({
  events,
  hasNames = true,
}: {
  readonly events: readonly MonitorEvent[];
  readonly hasNames?: boolean;
}): JSX.Element {
  const ahead = useClockAhead();
  return (
    <ul class="event-list">
      {events.map((event) => (
        <EventRow key={event.id} event={event} hasNames={hasNames} ahead={ahead} />
      ))}
    </ul>
  );
}

/** An event never changes, so its row is drawn once. */
function EventRow({
  event,
  hasNames,
  ahead,
}: {
  readonly event: MonitorEvent;
  readonly hasNames: boolean;
  readonly ahead: number;
}): JSX.Element {
  return useMemo(
    () => (
      <li class={hasNames ? "event" : "event event-nameless"}>
        <Clock at={event.at - ahead} />
        {event.level === "info" ? (
          <span class="event-word">{EVENT_WORDS[event.type] ?? event.type}</span>
        ) : (
          <MarkedWord state={event.level} word={EVENT_WORDS[event.type] ?? event.type} />
        )}
        {hasNames && (
          <span class="event-name">
            {event.name !== undefined && <LockLink name={event.name} maxLength={32} />}
          </span>
        )}
        <span class="event-text">
          {event.owner !== undefined && (
            <>
              <Name name={event.owner} maxLength={32} />{" "}
            </>
          )}
          <span class="quiet">
            <Sentence text={event.text} maxLength={160} />
          </span>
        </span>
      </li>
    ),
    [event, hasNames, ahead],
  );
}
