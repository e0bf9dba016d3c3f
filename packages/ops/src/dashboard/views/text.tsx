import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatClock, formatUtc } from "../../format/clock-time.ts";
import { displayName, displayText, fullName } from "../../format/name.ts";
import { useDashboard, useStore } from "../page/hooks.ts";

/** The name of a lock, a process or a server. Names come from strangers, so they are escaped, cut, and keep to themselves. */
export function Name({
  name,
  maxLength,
}: {
  readonly name: string;
  readonly maxLength?: number;
}): JSX.Element {
  const [shown, whole] = useMemo(() => [displayName(name, maxLength), fullName(name)], [name, maxLength]);
  return (
    <bdi class="name" title={whole === shown ? undefined : whole}>
      {shown}
    </bdi>
  );
}

/** A sentence of the monitor. */
export function Sentence({
  text,
  maxLength,
}: {
  readonly text: string;
  readonly maxLength?: number;
}): JSX.Element {
  const shown = useMemo(() => displayText(text, maxLength), [text, maxLength]);
  return <bdi>{shown}</bdi>;
}

/** A clock time in the zone of the viewer, with UTC in the tooltip. */
export function Clock({ at }: { readonly at: number }): JSX.Element {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
      {formatClock(at, Date.now())}
    </time>
  );
}

export function LockLink({
  name,
  maxLength,
}: {
  readonly name: string;
  readonly maxLength?: number;
}): JSX.Element {
  const dashboard = useDashboard();
  const href = useMemo(() => dashboard.href({ page: "lock", name }), [dashboard, name]);
  return (
    <a
      class="lock-link"
      href={href}
      onClick={(event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        event.stopPropagation();
        dashboard.open({ page: "lock", name });
      }}
    >
      <Name name={name} {...(maxLength !== undefined && { maxLength })} />
    </a>
  );
}

/** How far the clock of the monitor is ahead of this machine. */
export function useClockAhead(): number {
  return useStore((state) => state.clockAheadMs);
}
