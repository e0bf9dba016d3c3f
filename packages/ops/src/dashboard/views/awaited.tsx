import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatWholeSeconds } from "../../format/duration.ts";
import { useDashboard, useNow, useStore } from "../page/hooks.ts";
import { Mark } from "./mark.tsx";

/** A shorter wait needs no text: it would only flash. */
const QUIET_MS = 1_000;

/** The page before its first values. */
export function Awaited(): JSX.Element | null {
  const dashboard = useDashboard();
  const [since] = useState(() => Date.now());
  const now = useNow(1_000);
  const connection = useStore((state) => state.connection);
  if (connection.state === "unauthorized") {
    return (
      <div class="card empty large">
        <Mark state="bad" large />
        <p class="empty-title">This monitor needs a token.</p>
        <button
          type="button"
          class="button primary"
          onClick={() => dashboard.showDialog({ dialog: "sign-in" })}
        >
          Enter token
        </button>
      </div>
    );
  }
  if (connection.state === "incompatible") {
    return (
      <div class="card empty large">
        <Mark state="bad" large />
        <p class="empty-title">The monitor has another version than this page.</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    );
  }
  const waited = now - since;
  if (waited < QUIET_MS) return <Skeleton />;
  if (connection.state === "waiting") {
    return (
      <div class="card empty large">
        <Mark state="bad" large />
        <p class="empty-title">The monitor does not answer: {connection.reason}.</p>
        <p>
          Next try in {formatWholeSeconds(Math.max(1_000, connection.retryAt - now))}. Is{" "}
          <code>quorumlock monitor</code> running?
        </p>
        <button type="button" class="button primary" onClick={() => dashboard.connectNow()}>
          Try now
        </button>
      </div>
    );
  }
  return (
    <>
      <p class="card loading">
        <Mark state="unknown" /> Waiting for the monitor for {formatWholeSeconds(waited)}.
      </p>
      <Skeleton />
    </>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="skeleton" aria-hidden="true">
      <span class="card" />
      <div class="tiles">
        <span class="card" />
        <span class="card" />
        <span class="card" />
        <span class="card" />
      </div>
      <span class="card skeleton-large" />
    </div>
  );
}
