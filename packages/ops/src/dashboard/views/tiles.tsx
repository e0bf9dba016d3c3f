import type { ComponentChildren, JSX } from "preact";
import { formatCount, formatPercent } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { useStore } from "../page/hooks.ts";
import { Mark, MarkedWord, type MarkState } from "./mark.tsx";
import { Clock, useClockAhead } from "./text.tsx";

/** A success ratio below that is worth a look, below the second one the alert fires. */
const GOOD_SUCCESS = 0.95;
const BAD_SUCCESS = 0.5;
const LONG_WAIT_MS = 10_000;

/** The four figures that say how callers fare. */
export function Tiles(): JSX.Element | null {
  const figures = useStore((state) => state.figures);
  const ahead = useClockAhead();
  if (figures === undefined) return null;
  const { held, short, waiting, oldestWaitMs, success, attempts, skipped, lostLastHour, lastLostAt } =
    figures;
  const hasReports = figures.processes.reporting > 0;
  const granted = success === undefined ? undefined : Math.round(success * attempts);
  return (
    <dl class="tiles">
      <Tile label="Held now" value={formatCount(held)} state={undefined}>
        {formatCount(held - short)} healthy,{" "}
        {short > 0 ? <MarkedWord state="attention" word={`${formatCount(short)} short`} /> : "0 short"}
      </Tile>
      <Tile
        label="Waiting now"
        value={formatCount(waiting)}
        state={(oldestWaitMs ?? 0) > LONG_WAIT_MS ? "attention" : undefined}
      >
        {oldestWaitMs === undefined ? "nobody waits" : `oldest ${formatDuration(oldestWaitMs)}`}
      </Tile>
      <Tile
        label="Success, 5 min"
        value={success === undefined ? "–" : formatPercent(success)}
        state={markOfSuccess(success)}
      >
        {!hasReports && "needs reports of your processes"}
        {hasReports && granted === undefined && `${formatCount(attempts)} attempts, 20 are needed`}
        {hasReports &&
          granted !== undefined &&
          `${formatCount(granted)} of ${formatCount(attempts)} · ${formatCount(skipped)} skipped`}
      </Tile>
      <Tile label="Lost, 1 h" value={formatCount(lostLastHour)} state={lostLastHour > 0 ? "bad" : undefined}>
        {lastLostAt === undefined ? (
          "last: never seen"
        ) : (
          <>
            last: <Clock at={lastLostAt - ahead} />
          </>
        )}
      </Tile>
    </dl>
  );
}

function Tile({
  label,
  value,
  state,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly state: MarkState | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`card tile ${state ?? ""}`}>
      <dt>{label}</dt>
      <dd class="tile-value">
        {state !== undefined && <Mark state={state} />}
        {value}
      </dd>
      <dd class="tile-note">{children}</dd>
    </div>
  );
}

function markOfSuccess(success: number | undefined): MarkState | undefined {
  if (success === undefined || success >= GOOD_SUCCESS) return undefined;
  return success < BAD_SUCCESS ? "bad" : "attention";
}
