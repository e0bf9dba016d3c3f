import type { JSX } from "preact";
import { NARROW, useMedia, useStore } from "../page/hooks.ts";
import { Alerts } from "./alerts.tsx";
import { Charts } from "./charts.tsx";
import { Classes } from "./classes.tsx";
import { Events } from "./events.tsx";
import { Locks } from "./locks.tsx";
import { Servers } from "./servers.tsx";
import { Tiles } from "./tiles.tsx";
import { Awaited } from "./awaited.tsx";

/** Everything at a glance, most urgent first. */
export function Overview(): JSX.Element {
  const isLoaded = useStore((state) => state.about !== undefined);
  // On a phone the charts would push the locks several screens down.
  const isNarrow = useMedia(NARROW);
  if (!isLoaded) return <Awaited />;
  return (
    <>
      <Servers />
      <Tiles />
      <Alerts />
      {!isNarrow && <Charts />}
      <Locks />
      {isNarrow && <Charts />}
      <div class="columns">
        <Events />
        <Classes />
      </div>
    </>
  );
}
