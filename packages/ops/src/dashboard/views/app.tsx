import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FrozenContext, useDashboardChanges, useNow, useStore } from "../page/hooks.ts";
import { Announcer } from "../state/announcer.ts";
import { type Freshness, freshnessOf } from "../state/freshness.ts";
import { Awaited } from "./awaited.tsx";
import { Banner } from "./banner.tsx";
import { Header } from "./header.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { LockPage } from "./lock-page.tsx";
import { Overview } from "./overview.tsx";
import { ReleaseDialog } from "./release-dialog.tsx";
import { ServerPage } from "./server-page.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { displayName, displayText } from "../../format/name.ts";

export function App(): JSX.Element {
  const dashboard = useDashboardChanges();
  const now = useNow(1_000);
  const connection = useStore((state) => state.connection);
  const lastHeardAt = useStore((state) => state.lastHeardAt);
  const pausedAt = useStore((state) => state.pausedAt);
  const isLoaded = useStore((state) => state.about !== undefined);
  const age = freshnessOf(connection, lastHeardAt, now);
  // The stream is open before the first snapshot has come.
  const freshness = isLoaded || (age !== "live" && age !== "stale") ? age : "loading";
  const { route, dialog } = dashboard;
  useTitle();
  const isBlocked = freshness === "unauthorized" || freshness === "incompatible";
  const frozenAt = freshness === "disconnected" ? lastHeardAt : pausedAt;
  return (
    <FrozenContext.Provider value={frozenAt}>
      <Header freshness={freshness} />
      <main class="content" data-freshness={isLoaded ? freshness : "loading"}>
        {route.page === "overview" && <h1 class="hidden">Overview</h1>}
        {isLoaded && !isBlocked && <Banner freshness={freshness} />}
        <div class="values">{isBlocked || !isLoaded ? <Awaited /> : <Page freshness={freshness} />}</div>
      </main>
      <LiveRegion freshness={freshness} />
      {dialog?.dialog === "help" && <HelpDialog />}
      {dialog?.dialog === "sign-in" && <SignInDialog />}
      {dialog?.dialog === "release" && <ReleaseDialog name={dialog.name} holderId={dialog.holderId} />}
    </FrozenContext.Provider>
  );
}

function Page({ freshness }: { readonly freshness: Freshness }): JSX.Element {
  const { route } = useDashboardChanges();
  switch (route.page) {
    case "overview":
      return <Overview />;
    case "lock":
      return <LockPage key={route.name} name={route.name} freshness={freshness} />;
    case "server":
      return <ServerPage key={route.label} label={route.label} />;
  }
}

/** The tab says how the quorum is, too. */
function useTitle(): void {
  const { route } = useDashboardChanges();
  const quorum = useStore((state) => state.quorum);
  const title = useStore((state) => state.about?.title);
  useEffect(() => {
    const shapes = { good: "●", attention: "▲", bad: "✕" };
    const votes =
      quorum === undefined ? [] : [`${shapes[quorum.level]} ${quorum.voting}/${quorum.configured}`];
    const subject =
      route.page === "lock"
        ? [displayName(route.name, 40)]
        : route.page === "server"
          ? [displayName(route.label, 40)]
          : [];
    document.title = [
      ...votes,
      ...subject,
      ...(title === undefined ? [] : [displayName(title, 30)]),
      "quorumlock",
    ].join(" · ");
  });
}

/** Speaks changes of the banner, of the connection and of alerts. */
function LiveRegion({ freshness }: { readonly freshness: Freshness }): JSX.Element {
  const [text, setText] = useState("");
  const [announcer] = useState(() => new Announcer(setText));
  const quorum = useStore((state) => state.quorum);
  const alerts = useStore((state) => state.alerts);
  useEffect(() => {
    if (quorum !== undefined) announcer.say("quorum", displayText(quorum.text));
  }, [announcer, quorum]);
  useEffect(() => {
    if (quorum === undefined) return;
    const firing = alerts.filter(({ state }) => state === "firing").map((alert) => displayText(alert.text));
    announcer.say("alerts", firing.length === 0 ? "No alerts." : firing.join(" "));
  }, [announcer, alerts, quorum]);
  useEffect(() => {
    if (freshness === "loading") return;
    const isLost = freshness === "disconnected";
    announcer.say("connection", isLost ? "No connection to the monitor." : "The values are live.");
  }, [announcer, freshness]);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}
