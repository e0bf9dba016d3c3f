import type { JSX } from "preact";
import type { ServerView } from "../../monitor/api.ts";
import { formatWholeSeconds } from "../../format/duration.ts";
import { useClock, useDashboard, useStore } from "../page/hooks.ts";
import { formatAbstention, serverFigures } from "./server-figures.ts";
import { MarkedWord } from "./mark.tsx";
import { describeServer } from "./states.ts";
import { Name, Sentence, useClockAhead } from "./text.tsx";

/** One card for each server, in the order of the configuration. */
export function Servers(): JSX.Element {
  const servers = useStore((state) => state.servers);
  return (
    <section id="servers" class="servers" tabIndex={-1} aria-label="Servers">
      <ul class="cards">
        {servers.map((server) => (
          <ServerCard key={server.label} server={server} />
        ))}
      </ul>
    </section>
  );
}

function ServerCard({ server }: { readonly server: ServerView }): JSX.Element {
  const dashboard = useDashboard();
  const lastHeardAt = useStore((state) => state.lastHeardAt) ?? 0;
  const ahead = useClockAhead();
  const now = useClock(1_000);
  const elapsed = Math.max(0, now - lastHeardAt);
  const abstainsMs = server.abstainsMs === undefined ? undefined : Math.max(0, server.abstainsMs - elapsed);
  const { state, word } = describeServer(server, abstainsMs);
  const isUp = server.state === "up" || server.state === "slow";
  return (
    <li class={`card server ${state}`}>
      <a
        class="server-link"
        href={dashboard.href({ page: "server", label: server.label })}
        onClick={(event: MouseEvent) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          dashboard.open({ page: "server", label: server.label });
        }}
      >
        <Name name={server.label} maxLength={40} />
      </a>
      <MarkedWord state={state} word={word} />
      <p class="server-line">
        {isUp ? (
          serverFigures(server).map((figure) => <span key={figure}>{figure}</span>)
        ) : (
          <>
            <span>{formatWholeSeconds(Math.max(1_000, now + ahead - server.sinceAt))}</span>
            {server.message !== undefined && (
              <span>
                <Sentence text={server.message} />
              </span>
            )}
            {server.state !== "quarantined" && abstainsMs !== undefined && (
              <span>{formatAbstention(abstainsMs)}</span>
            )}
          </>
        )}
      </p>
      {server.unreachableFrom !== undefined && server.unreachableFrom.processes > 0 && (
        <p class="server-line">
          unreachable from {server.unreachableFrom.processes} of {server.unreachableFrom.of} processes
        </p>
      )}
    </li>
  );
}
