import type { JSX } from "preact";
import type { ServerView } from "../../monitor/api.ts";
import { formatMemory } from "../../format/count.ts";
import { formatDuration, formatWholeSeconds } from "../../format/duration.ts";
import { useClock, useStore } from "../page/hooks.ts";
import { BackLink } from "./back-link.tsx";
import { EventList } from "./events.tsx";
import { Mark } from "./mark.tsx";
import { formatLatency, formatOffset } from "./server-figures.ts";
import { describeServer } from "./states.ts";
import { Clock, Name, Sentence, useClockAhead } from "./text.tsx";

/** One server: all that the monitor knows about it. */
export function ServerPage({ label }: { readonly label: string }): JSX.Element {
  const server = useStore((state) => state.servers.find((each) => each.label === label));
  const isLoaded = useStore((state) => state.about !== undefined);
  return (
    <>
      <div class="title-row">
        <BackLink label="Overview" />
        <h1>
          <Name name={label} />
        </h1>
      </div>
      {server === undefined ? (
        <p class="card empty">{isLoaded ? "No server has this label." : "Waiting for the monitor …"}</p>
      ) : (
        <ServerDetails server={server} />
      )}
    </>
  );
}

function ServerDetails({ server }: { readonly server: ServerView }): JSX.Element {
  const now = useClock(1_000);
  const ahead = useClockAhead();
  const lastHeardAt = useStore((state) => state.lastHeardAt) ?? now;
  const events = useStore((state) => state.events);
  const elapsed = Math.max(0, now - lastHeardAt);
  const abstainsMs = server.abstainsMs === undefined ? undefined : Math.max(0, server.abstainsMs - elapsed);
  const { state, word } = describeServer(server, abstainsMs);
  const own = events.filter(({ type, text }) => type === "server" && text.includes(server.label));
  return (
    <>
      <section class={`card lock-state ${state}`} aria-label="State">
        <div class="lock-state-title">
          <Mark state={state} large />
          <p class="lock-word">
            {word}, {server.votes ? "votes" : "does not vote"}
          </p>
          <p class="banner-since">
            since <Clock at={server.sinceAt - ahead} /> (
            {formatWholeSeconds(Math.max(1_000, now + ahead - server.sinceAt))})
          </p>
        </div>
        {server.message !== undefined && (
          <p class="next">
            <Sentence text={server.message} />
          </p>
        )}
      </section>
      <section class="card" aria-label="Figures">
        <dl class="facts">
          {serverFacts(server, abstainsMs).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="card" aria-label="Events of this server">
        <header class="section-header">
          <h2>Events</h2>
        </header>
        {own.length === 0 ? (
          <p class="empty">Nothing was seen yet.</p>
        ) : (
          <EventList events={own} hasNames={false} />
        )}
      </section>
    </>
  );
}

function serverFacts(
  server: ServerView,
  abstainsMs: number | undefined,
): readonly (readonly [string, string])[] {
  const { latencyMs, latencyP99Ms, clockOffsetMs, usedBytes, limitBytes, unreachableFrom } = server;
  return [
    ["Latency, 60 s", latencyMs === undefined ? "–" : formatLatency(latencyMs, latencyP99Ms)],
    ["Clock, against the median", clockOffsetMs === undefined ? "–" : formatOffset(clockOffsetMs)],
    ["Memory", usedBytes === undefined ? "–" : formatMemory(usedBytes, limitBytes)],
    ["Version", server.version ?? "–"],
    ["Role", server.role ?? "–"],
    ["Eviction policy", server.evictionPolicy ?? "–"],
    ["Restarts seen", String(server.restarts)],
    ["Abstains for", abstainsMs === undefined ? "–" : formatDuration(abstainsMs)],
    [
      "Unreachable from",
      unreachableFrom === undefined ? "–" : `${unreachableFrom.processes} of ${unreachableFrom.of} processes`,
    ],
    ["Run id", server.runId === undefined ? "–" : server.runId.slice(0, 12)],
  ];
}
