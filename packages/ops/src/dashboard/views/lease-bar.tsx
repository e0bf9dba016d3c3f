import type { JSX } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import { THIN_SPACE } from "../../format/spaces.ts";
import { FrozenContext, useMedia, useTick } from "../page/hooks.ts";
import { setText } from "./live-text.tsx";
import type { MarkState } from "./mark.tsx";

interface Lease {
  readonly remainingMs: number | undefined;
  readonly ttlMs: number | undefined;
  readonly receivedAt: number;
  readonly state: MarkState;
  /** The key has no expiry. */
  readonly isEndless: boolean;
  /** Moves in each frame. In the list the bars move 4 times a second, by a pixel or two: many smooth ones are much work. */
  readonly isSmooth?: boolean;
}

/** Another end than expected by more than that is a new lease, and the bar begins again. */
const SAME_END_MS = 150;

/** The time that is left, as a bar that shrinks and in figures. Below a third of the ttl the bar has stripes. */
export function LeaseBar(lease: Lease): JSX.Element {
  const { remainingMs, ttlMs, receivedAt, state, isEndless, isSmooth = false } = lease;
  const isReduced = useMedia("(prefers-reduced-motion: reduce)");
  const fill = useRef<HTMLSpanElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const text = useRef<HTMLSpanElement>(null);
  const ttl = Math.max(ttlMs ?? remainingMs ?? 0, 1);
  useTick(250, (now) => {
    if (remainingMs === undefined) {
      setText(text.current, isEndless ? "never ends" : "ended");
      return;
    }
    const left = Math.max(0, remainingMs - Math.max(0, now - receivedAt));
    const isShort = left < ttl / 3;
    const name = `bar ${isShort && state === "good" ? "attention" : state}${isShort ? " striped" : ""}`;
    if (bar.current !== null && bar.current.className !== name) bar.current.className = name;
    setText(text.current, left === 0 ? "ended" : formatLeft(left, ttl));
    if (isSmooth && !isReduced) return;
    // In whole seconds, if the operator wants less motion.
    const step = isReduced ? 1_000 : 1;
    fill.current?.style.setProperty("transform", placeOf((Math.ceil(left / step) * step) / ttl));
  });
  return (
    <span class="lease">
      <span class="bar" aria-hidden="true" ref={bar}>
        {remainingMs !== undefined && isSmooth && !isReduced && (
          <MovingFill endAt={receivedAt + remainingMs} ttl={ttl} />
        )}
        {remainingMs !== undefined && (!isSmooth || isReduced) && <span class="fill" ref={fill} />}
      </span>
      <span class="lease-text" ref={text} />
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
function MovingFill({ endAt, ttl }: { readonly endAt: number; readonly ttl: number }): JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  const drawn = useRef<{ endAt: number; ttl: number; still: number | undefined } | undefined>(undefined);
  const still = useContext(FrozenContext);
  useEffect(() => {
    const fill = element.current;
    const last = drawn.current;
    const isSame =
      last !== undefined &&
      Math.abs(last.endAt - endAt) < SAME_END_MS &&
      last.ttl === ttl &&
      last.still === still;
    if (fill === null || isSame) return;
    drawn.current = { endAt, ttl, still };
    for (const animation of fill.getAnimations()) animation.cancel();
    const left = Math.max(0, endAt - (still ?? Date.now()));
    const place = placeOf(left / ttl);
    fill.style.transform = place;
    if (still === undefined && left > 0) {
      fill.animate([{ transform: place }, { transform: placeOf(0) }], { duration: left, fill: "forwards" });
    }
  });
  return <span class="fill" ref={element} />;
}

/** The bar moves out of its track. If it were scaled, its stripes would become thin. */
function placeOf(share: number): string {
  return `translateX(${-100 * (1 - Math.min(1, share))}%)`;
}
