import type { JSX } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import { formatDuration, formatSeconds } from "../format/duration.ts";
import { THIN_SPACE } from "../format/spaces.ts";
import { FrozenContext, useClock, useMedia } from "../page/hooks.ts";
import type { MarkState } from "./mark.tsx";

interface Lease {
  readonly remainingMs: number | undefined;
  readonly ttlMs: number | undefined;
  readonly receivedAt: number;
  readonly state: MarkState;
  /** The key has no expiry. */
  readonly isEndless: boolean;
}

/** Another end than expected by more than that is a new lease, and the bar begins again. */
const SAME_END_MS = 150;

/** The time that is left, as a bar that shrinks and in figures. Below a third of the ttl the bar has stripes. */
export function LeaseBar({ remainingMs, ttlMs, receivedAt, state, isEndless }: Lease): JSX.Element {
  const now = useClock(250);
  if (remainingMs === undefined) {
    return (
      <span class="lease">
        <span class="bar" aria-hidden="true" />
        <span class="lease-text quiet">{isEndless ? "never ends" : "ended"}</span>
      </span>
    );
  }
  const left = Math.max(0, remainingMs - Math.max(0, now - receivedAt));
  const ttl = Math.max(ttlMs ?? remainingMs, 1);
  const isShort = left < ttl / 3;
  return (
    <span class="lease">
      <span class={`bar ${isShort && state === "good" ? "attention" : state}${isShort ? " striped" : ""}`} aria-hidden="true">
        <Fill endAt={receivedAt + remainingMs} ttl={ttl} />
      </span>
      <span class="lease-text">
        {left === 0 ? "ended" : formatLeft(left, ttl)}
      </span>
    </span>
  );
}

/** `2.9 of 10 s`: the unit once, if both have the same. */
function formatLeft(left: number, ttl: number): string {
  if (ttl < 59_950) {
    const whole = ttl % 1_000 === 0 ? String(ttl / 1_000) : (ttl / 1_000).toFixed(1);
    return `${(left / 1_000).toFixed(1)} of ${whole}${THIN_SPACE}s`;
  }
  return `${formatSeconds(left)} of ${formatDuration(ttl)}`;
}

/** The browser moves the bar by itself, without any work of the page between two replies. */
function Fill({ endAt, ttl }: { readonly endAt: number; readonly ttl: number }): JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  const drawn = useRef<{ endAt: number; ttl: number; still: number | undefined } | undefined>(undefined);
  const frozenAt = useContext(FrozenContext);
  const isReduced = useMedia("(prefers-reduced-motion: reduce)");
  const second = useClock(1_000);
  const still = frozenAt ?? (isReduced ? second : undefined);
  useEffect(() => {
    const bar = element.current;
    const last = drawn.current;
    const isSame =
      last !== undefined && Math.abs(last.endAt - endAt) < SAME_END_MS && last.ttl === ttl && last.still === still;
    if (bar === null || isSame) return;
    drawn.current = { endAt, ttl, still };
    for (const animation of bar.getAnimations()) animation.cancel();
    const left = Math.max(0, endAt - (still ?? Date.now()));
    // The bar moves out of its track. If it were scaled, its stripes would become thin.
    const place = `translateX(${-100 * (1 - Math.min(1, left / ttl))}%)`;
    bar.style.transform = place;
    if (still === undefined && left > 0) {
      bar.animate([{ transform: place }, { transform: "translateX(-100%)" }], { duration: left, fill: "forwards" });
    }
  });
  return <span class="fill" ref={element} />;
}
