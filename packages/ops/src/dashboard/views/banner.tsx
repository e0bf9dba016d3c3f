import type { JSX } from "preact";
import { formatWholeSeconds } from "../../format/duration.ts";
import { useDashboard, useNow, useStore } from "../page/hooks.ts";
import type { Freshness } from "../state/freshness.ts";
import { Mark } from "./mark.tsx";
import { markOfQuorum, withoutMark } from "./states.ts";
import { Clock, Sentence, useClockAhead } from "./text.tsx";

/** Whether anybody can lock. While the monitor cannot be reached, that comes first. */
export function Banner({ freshness }: { readonly freshness: Freshness }): JSX.Element | null {
  const quorum = useStore((state) => state.quorum);
  if (freshness === "disconnected") return <Disconnected />;
  if (quorum === undefined) return null;
  const state = markOfQuorum(quorum);
  return (
    <section class={`banner ${state}`} aria-label="Quorum">
      <Mark state={state} large />
      <p class="banner-text">
        <Sentence text={withoutMark(quorum.text)} />
      </p>
      <Since at={quorum.sinceAt} />
    </section>
  );
}

function Since({ at }: { readonly at: number }): JSX.Element {
  const ahead = useClockAhead();
  const now = useNow(1_000);
  return (
    <p class="banner-since">
      since <Clock at={at - ahead} /> ({formatWholeSeconds(Math.max(1_000, now + ahead - at))})
    </p>
  );
}

function Disconnected(): JSX.Element {
  const dashboard = useDashboard();
  const now = useNow(1_000);
  const connection = useStore((state) => state.connection);
  const lastHeardAt = useStore((state) => state.lastHeardAt) ?? now;
  const nextTry =
    connection.state === "waiting"
      ? `Next try in ${formatWholeSeconds(Math.max(1_000, connection.retryAt - now))}.`
      : "Trying now.";
  return (
    <section class="banner unknown" aria-label="Connection">
      <Mark state="unknown" large />
      <p class="banner-text">
        No connection to the monitor since <Clock at={lastHeardAt} /> ({formatWholeSeconds(now - lastHeardAt)}
        ). What you see is old. <span class="next-try">{nextTry}</span>
      </p>
      <button type="button" class="button" onClick={() => dashboard.connectNow()}>
        Try now
      </button>
    </section>
  );
}
